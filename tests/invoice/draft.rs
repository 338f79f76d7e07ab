use super::support::{draft_invoice, issued_invoice, line};
use crate::support::{World, json};

const INVOICE: &str = "invoice {
    number status title note currency revision issuedOn dueOn
    lines { position description quantity unitPrice { amount currency } vatRate netAmount { amount } }
    netTotal { amount } vatTotal { amount } total { amount currency } amountDue { amount }
    vatBreakdown { rate net { amount } vat { amount } }
}";

#[tokio::test]
async fn the_server_calculates_totals() {
    let world = World::new().await;
    let lines = json!([
        { "description": "Conseil", "quantity": "2.5", "unitPrice": "99.99", "vatRate": "20" },
        { "description": "Livre", "unitPrice": "10", "vatRate": "5.5" },
        { "description": "Remise", "quantity": "1.000", "unitPrice": "-0.33", "vatRate": "20.00" },
    ]);
    let input = json!({ "clientId": world.martin_id, "title": " Site web ", "note": "", "lines": lines });
    let invoice = world.manager.does("createInvoice", input, INVOICE).await["invoice"].clone();
    let line = |position: i32, description: &str, quantity: &str, price: &str, rate: &str, net: &str| {
        json!({
            "position": position, "description": description, "quantity": quantity,
            "unitPrice": { "amount": price, "currency": "EUR" }, "vatRate": rate, "netAmount": { "amount": net },
        })
    };
    let expected = json!({
        "number": null, "status": "DRAFT", "title": "Site web", "note": null, "currency": "EUR", "revision": 1,
        "issuedOn": null, "dueOn": null,
        "lines": [
            line(1, "Conseil", "2.5", "99.99", "20", "249.98"),
            line(2, "Livre", "1", "10.00", "5.5", "10.00"),
            line(3, "Remise", "1", "-0.33", "20", "-0.33"),
        ],
        "netTotal": { "amount": "259.65" }, "vatTotal": { "amount": "50.48" },
        "total": { "amount": "310.13", "currency": "EUR" }, "amountDue": { "amount": "0.00" },
        "vatBreakdown": [
            { "rate": "5.5", "net": { "amount": "10.00" }, "vat": { "amount": "0.55" } },
            { "rate": "20", "net": { "amount": "249.65" }, "vat": { "amount": "49.93" } },
        ],
    });
    assert_eq!(invoice, expected);
}

#[tokio::test]
async fn a_draft_changes_as_a_whole_or_not_at_all() {
    let world = World::new().await;
    let id = draft_invoice(&world.operator, &world.martin_id, "100").await;
    let change =
        json!({ "id": id, "expectedRevision": 1, "lines": [line("50"), line("25.50")], "dueOn": "2030-01-31" });
    let changed = world.operator.does("updateInvoice", change.clone(), INVOICE).await["invoice"].clone();
    assert_eq!((&changed["revision"], &changed["dueOn"]), (&json!(2), &json!("2030-01-31")));
    assert_eq!(changed["total"]["amount"], "90.60");
    assert_eq!(changed["lines"][1]["netAmount"]["amount"], "25.50");
    assert_eq!(world.operator.refused("updateInvoice", change).await, "CONFLICT");
    let same = json!({ "id": id, "lines": [line("50.0"), line("25.5")], "title": "Site web" });
    assert_eq!(world.operator.does("updateInvoice", same, INVOICE).await["invoice"]["revision"], 2);
    let wrong = json!({ "id": id, "title": "Autre", "lines": [line("1"), { "description": "", "unitPrice": "1", "vatRate": "20" }] });
    assert_eq!(world.operator.refused("updateInvoice", wrong).await, "INVALID lines.1.description");
    let emptied = json!({ "id": id, "lines": [], "dueOn": null });
    let changed = world.operator.does("updateInvoice", emptied, INVOICE).await["invoice"].clone();
    assert_eq!((&changed["title"], &changed["dueOn"]), (&json!("Site web"), &json!(null)));
    assert_eq!((&changed["lines"], &changed["total"]["amount"]), (&json!([]), &json!("0.00")));
    assert_eq!(world.operator.refused("issueInvoice", json!({ "id": id })).await, "CONFLICT");
}

#[tokio::test]
async fn bad_lines_are_named() {
    let world = World::new().await;
    let refused = async |lines| {
        let input = json!({ "clientId": world.martin_id, "title": "Site web", "lines": lines });
        world.operator.refused("createInvoice", input).await
    };
    let with = |field: &str, value: &str| {
        let mut wrong = line("10");
        wrong[field] = json!(value);
        json!([line("1"), line("2"), wrong])
    };
    assert_eq!(refused(with("vatRate", "5.555")).await, "INVALID lines.2.vatRate");
    assert_eq!(refused(with("vatRate", "101")).await, "INVALID lines.2.vatRate");
    assert_eq!(refused(with("quantity", "0")).await, "INVALID lines.2.quantity");
    assert_eq!(refused(with("quantity", "-1")).await, "INVALID lines.2.quantity");
    assert_eq!(refused(with("quantity", "1.0001")).await, "INVALID lines.2.quantity");
    assert_eq!(refused(with("unitPrice", "0.001")).await, "INVALID lines.2.unitPrice");
    assert_eq!(refused(with("unitPrice", "9999999999999999")).await, "INVALID lines.2.unitPrice");
    assert_eq!(refused(with("description", &"x".repeat(1_001))).await, "INVALID lines.2.description");
    let huge = json!({ "description": "x", "quantity": "1000000", "unitPrice": "1000000000000", "vatRate": "0" });
    assert_eq!(refused(json!([huge])).await, "INVALID lines.0.unitPrice");
    assert_eq!(refused(json!([line("1000000000000")])).await, "INVALID lines");
    assert_eq!(refused(json!([line("10"), line("-10.01")])).await, "INVALID lines");
    assert_eq!(refused(json!(vec![line("1"); 101])).await, "INVALID lines");
    let input = json!({ "clientId": world.martin_id, "title": "" });
    assert_eq!(world.operator.refused("createQuote", input).await, "INVALID title");
    let input = json!({ "clientId": world.martin_id, "title": "x", "lines": vec![line("1"); 100] });
    let made = world.operator.does("createQuote", input, "quote { lines { position } total { amount } }").await;
    assert_eq!(
        (&made["quote"]["lines"][99]["position"], &made["quote"]["total"]["amount"]),
        (&json!(100), &json!("120.00"))
    );
}

#[tokio::test]
async fn decimals_are_strings_and_days_are_dates() {
    let world = World::new().await;
    let query = "mutation($input: CreateInvoiceInput!) { createInvoice(input: $input) { userErrors { code } } }";
    for price in
        [json!(10.5), json!(10), json!("1e3"), json!("1_000"), json!("+1"), json!(".5"), json!("1."), json!("")]
    {
        let wrong = json!({ "description": "x", "unitPrice": price, "vatRate": "20" });
        let input = json!({ "clientId": world.martin_id, "title": "x", "lines": [wrong] });
        assert_eq!(world.operator.code(query, json!({ "input": input })).await, "BAD_USER_INPUT", "{price}");
    }
    for day in ["2026-02-30", "2026-1-31", "31/01/2026", "2026-01-31T00:00:00Z", "+2026-1-31"] {
        let input = json!({ "clientId": world.martin_id, "title": "x", "dueOn": day });
        assert_eq!(world.operator.code(query, json!({ "input": input })).await, "BAD_USER_INPUT", "{day}");
    }
}

#[tokio::test]
async fn an_archived_dossier_takes_no_draft_but_payments() {
    let world = World::new().await;
    let draft = draft_invoice(&world.operator, &world.martin_id, "100").await;
    let issued = issued_invoice(&world.operator, &world.martin_id, "100").await;
    world.operator.does("archiveClient", json!({ "id": world.martin_id }), "").await;
    let input = json!({ "clientId": world.martin_id, "title": "x" });
    assert_eq!(world.operator.refused("createQuote", input.clone()).await, "CONFLICT");
    assert_eq!(world.operator.refused("createInvoice", input).await, "CONFLICT");
    assert_eq!(world.operator.refused("createCreditNote", json!({ "invoiceId": issued })).await, "CONFLICT");
    super::support::pay(&world.operator, &issued, "120").await;
    world.operator.does("issueInvoice", json!({ "id": draft }), "").await;
}
