use super::support::{draft_credit_note, draft_invoice, issued_invoice, line, pay, state};
use crate::support::{World, json};

#[tokio::test]
async fn an_issued_credit_note_reduces_the_amount_due() {
    let world = World::new().await;
    let invoice = issued_invoice(&world.operator, &world.martin_id, "100").await;
    let credit = draft_credit_note(&world.operator, &invoice, json!([line("25")])).await;
    assert_eq!(state(&world.martin, &invoice).await, ["ISSUED", "120.00", "0.00", "0.00"]);
    let selection = "creditNote { status total { amount } title invoice { id amountDue { amount } } }";
    let issued = world.operator.does("issueCreditNote", json!({ "id": credit }), selection).await["creditNote"].clone();
    let expected = json!({
        "status": "ISSUED", "total": { "amount": "30.00" }, "title": "Site web",
        "invoice": { "id": invoice, "amountDue": { "amount": "90.00" } },
    });
    assert_eq!(issued, expected);
    assert_eq!(state(&world.martin, &invoice).await, ["ISSUED", "90.00", "0.00", "30.00"]);
    assert_eq!(world.operator.refused("issueCreditNote", json!({ "id": credit })).await, "CONFLICT");
    pay(&world.operator, &invoice, "90").await;
    assert_eq!(state(&world.martin, &invoice).await, ["PAID", "0.00", "90.00", "30.00"]);
}

#[tokio::test]
async fn without_lines_it_credits_the_whole_invoice() {
    let world = World::new().await;
    let invoice = issued_invoice(&world.operator, &world.martin_id, "100").await;
    let first = draft_credit_note(&world.operator, &invoice, json!(null)).await;
    let second = draft_credit_note(&world.operator, &invoice, json!(null)).await;
    let tries = futures::join!(
        world.operator.mutate("issueCreditNote", json!({ "id": first }), "creditNote { number }"),
        world.owner.mutate("issueCreditNote", json!({ "id": second }), "creditNote { number }"),
    );
    let done: Vec<_> = [tries.0, tries.1].into_iter().filter(|payload| payload["userErrors"] == json!([])).collect();
    assert_eq!(done.len(), 1);
    assert!(done[0]["creditNote"]["number"].as_str().unwrap().ends_with("-0001"));
    assert_eq!(state(&world.martin, &invoice).await, ["PAID", "0.00", "0.00", "120.00"]);
    let query =
        "query($id: ID!) { invoice(id: $id) { creditNotes { totalCount nodes { number lines { description } } } } }";
    let seen = world.martin.query(query, json!({ "id": invoice })).await["invoice"]["creditNotes"].clone();
    let expected = json!([{ "number": done[0]["creditNote"]["number"], "lines": [{ "description": "Conseil" }] }]);
    assert_eq!((&seen["totalCount"], &seen["nodes"]), (&json!(1), &expected));
    assert_eq!(world.operator.query(query, json!({ "id": invoice })).await["invoice"]["creditNotes"]["totalCount"], 2);
}

#[tokio::test]
async fn payments_must_be_reversed_first() {
    let world = World::new().await;
    let invoice = issued_invoice(&world.operator, &world.martin_id, "100").await;
    let payment = pay(&world.operator, &invoice, "100").await;
    let refused = world.operator.mutate("createCreditNote", json!({ "invoiceId": invoice }), "").await;
    assert_eq!(refused["userErrors"][0]["code"], "CONFLICT");
    let message = refused["userErrors"][0]["message"].as_str().unwrap();
    assert!(message.contains("20.00 EUR") && message.contains("reverse its payment first"), "{message}");
    world.operator.does("reversePayment", json!({ "id": payment, "reason": "Remboursement" }), "").await;
    let credit = draft_credit_note(&world.operator, &invoice, json!(null)).await;
    // A payment between the draft and the issue counts.
    pay(&world.operator, &invoice, "1").await;
    assert_eq!(world.operator.refused("issueCreditNote", json!({ "id": credit })).await, "CONFLICT");
    assert_eq!(state(&world.operator, &invoice).await, ["PARTIALLY_PAID", "119.00", "1.00", "0.00"]);
}

#[tokio::test]
async fn it_needs_an_issued_invoice_and_an_amount() {
    let world = World::new().await;
    let draft = draft_invoice(&world.operator, &world.martin_id, "100").await;
    assert_eq!(world.operator.refused("createCreditNote", json!({ "invoiceId": draft })).await, "CONFLICT");
    let invoice = issued_invoice(&world.operator, &world.martin_id, "100").await;
    for lines in [json!([]), json!([line("0")]), json!([line("-1")])] {
        let input = json!({ "invoiceId": invoice, "lines": lines });
        assert_eq!(world.operator.refused("createCreditNote", input).await, "INVALID lines");
    }
    let input = json!({ "invoiceId": invoice, "lines": [line("100.01")] });
    assert_eq!(world.operator.refused("createCreditNote", input).await, "CONFLICT");
    for actor in [&world.martin, &world.staff, &world.durand, &world.stranger] {
        let code = actor.refused("createCreditNote", json!({ "invoiceId": invoice })).await;
        assert_eq!(code, if actor.name == world.martin.name { "FORBIDDEN" } else { "NOT_FOUND invoiceId" });
    }
}

#[tokio::test]
async fn a_draft_changes_within_the_amount_due() {
    let world = World::new().await;
    let invoice = issued_invoice(&world.operator, &world.martin_id, "100").await;
    let id = draft_credit_note(&world.operator, &invoice, json!([line("10")])).await;
    let update = |lines| json!({ "id": id, "lines": lines });
    let fields = "creditNote { title note revision total { amount } }";
    let change = json!({ "id": id, "title": "Geste", "note": "Retard", "lines": [line("20"), line("5")], "expectedRevision": 1 });
    let changed = world.manager.does("updateCreditNote", change.clone(), fields).await["creditNote"].clone();
    let expected = json!({ "title": "Geste", "note": "Retard", "revision": 2, "total": { "amount": "30.00" } });
    assert_eq!(changed, expected);
    assert_eq!(world.operator.refused("updateCreditNote", change).await, "CONFLICT", "an old revision");
    assert_eq!(world.operator.refused("updateCreditNote", update(json!([line("101")]))).await, "CONFLICT");
    assert_eq!(world.operator.refused("updateCreditNote", update(json!([]))).await, "INVALID lines");
    assert_eq!(world.martin.refused("updateCreditNote", update(json!([line("1")]))).await, "NOT_FOUND id");
    let same = world.operator.does("updateCreditNote", json!({ "id": id, "title": "Geste" }), fields).await;
    assert_eq!(same["creditNote"]["revision"], 2, "nothing changed");
    world.operator.does("issueCreditNote", json!({ "id": id }), "").await;
    assert_eq!(world.operator.refused("updateCreditNote", update(json!([line("1")]))).await, "CONFLICT");
}
