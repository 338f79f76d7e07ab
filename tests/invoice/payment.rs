use super::support::{draft_invoice, issued_invoice, pay, state};
use crate::support::{World, actors::mutation, json};

#[tokio::test]
async fn payments_settle_an_invoice_and_reversals_reopen_it() {
    let world = World::new().await;
    let invoice = issued_invoice(&world.operator, &world.martin_id, "100").await;
    assert_eq!(state(&world.martin, &invoice).await, ["ISSUED", "120.00", "0.00", "0.00"]);
    let first = pay(&world.operator, &invoice, "20.5").await;
    assert_eq!(state(&world.martin, &invoice).await, ["PARTIALLY_PAID", "99.50", "20.50", "0.00"]);
    pay(&world.manager, &invoice, "99.50").await;
    assert_eq!(state(&world.martin, &invoice).await, ["PAID", "0.00", "120.00", "0.00"]);
    let input = json!({ "id": first, "reason": "Chèque sans provision" });
    let selection =
        "payment { amount { amount currency } reason method reverses { id reversedBy { id } } invoice { id } }";
    let reversal = world.operator.does("reversePayment", input, selection).await["payment"].clone();
    assert_eq!(reversal["amount"], json!({ "amount": "-20.50", "currency": "EUR" }));
    assert_eq!((&reversal["reverses"]["id"], &reversal["invoice"]["id"]), (&json!(first), &json!(invoice)));
    assert_eq!(state(&world.martin, &invoice).await, ["PARTIALLY_PAID", "20.50", "99.50", "0.00"]);
    let query = "query($id: ID!) { invoice(id: $id) { payments(first: 10) {
        totalCount nodes { amount { amount } recordedBy reversedBy { amount { amount } } }
    } } }";
    let payments = world.martin.query(query, json!({ "id": invoice })).await["invoice"]["payments"].clone();
    let expected = json!({ "totalCount": 3, "nodes": [
        { "amount": { "amount": "20.50" }, "recordedBy": "operator", "reversedBy": { "amount": { "amount": "-20.50" } } },
        { "amount": { "amount": "99.50" }, "recordedBy": "manager", "reversedBy": null },
        { "amount": { "amount": "-20.50" }, "recordedBy": "operator", "reversedBy": null },
    ] });
    assert_eq!(payments, expected);
}

#[tokio::test]
async fn a_payment_is_reversed_once_and_with_a_reason() {
    let world = World::new().await;
    let invoice = issued_invoice(&world.operator, &world.martin_id, "100").await;
    let payment = pay(&world.operator, &invoice, "120").await;
    let input = |reason: &str| json!({ "id": payment, "reason": reason });
    assert_eq!(world.operator.refused("reversePayment", input(" ")).await, "INVALID reason");
    assert_eq!(world.martin.refused("reversePayment", input("x")).await, "FORBIDDEN");
    assert_eq!(world.durand.refused("reversePayment", input("x")).await, "NOT_FOUND id");
    assert_eq!(world.staff.refused("reversePayment", input("x")).await, "NOT_FOUND id");
    let tries = futures::future::join_all(
        (0..5).map(|_| world.operator.mutate("reversePayment", input("Erreur"), "payment { id }")),
    )
    .await;
    let done: Vec<_> = tries.iter().filter(|payload| payload["userErrors"] == json!([])).collect();
    assert_eq!(done.len(), 1);
    let again = json!({ "id": done[0]["payment"]["id"], "reason": "x" });
    assert_eq!(world.operator.refused("reversePayment", again).await, "CONFLICT");
    assert_eq!(state(&world.operator, &invoice).await, ["ISSUED", "120.00", "0.00", "0.00"]);
}

#[tokio::test]
async fn wrong_payments_are_refused() {
    let world = World::new().await;
    let invoice = issued_invoice(&world.operator, &world.martin_id, "100").await;
    let refused = async |field: &str, value| {
        let mut input = json!({ "invoiceId": invoice, "amount": "10", "method": "CARD" });
        input[field] = value;
        world.operator.refused("recordPayment", input).await
    };
    assert_eq!(refused("amount", json!("0")).await, "INVALID amount");
    assert_eq!(refused("amount", json!("-1")).await, "INVALID amount");
    assert_eq!(refused("amount", json!("0.001")).await, "INVALID amount");
    assert_eq!(refused("amount", json!("120.01")).await, "INVALID amount");
    assert_eq!(refused("receivedOn", json!("2199-01-01")).await, "INVALID receivedOn");
    assert_eq!(refused("reference", json!("a\nb")).await, "INVALID reference");
    let draft = draft_invoice(&world.operator, &world.martin_id, "100").await;
    assert_eq!(refused("invoiceId", json!(draft)).await, "CONFLICT");
    let quote = super::support::issued_quote(&world.operator, &world.martin_id).await;
    let disguised = quote.replace("quote_", "invoice_");
    assert_eq!(refused("invoiceId", json!(disguised)).await, "NOT_FOUND invoiceId");
    pay(&world.operator, &invoice, "120").await;
    assert_eq!(refused("amount", json!("0.01")).await, "CONFLICT");
}

#[tokio::test]
async fn concurrent_payments_never_overpay() {
    let world = World::new().await;
    let invoice = issued_invoice(&world.operator, &world.martin_id, "100").await;
    let input = json!({ "invoiceId": invoice, "amount": "50", "method": "CASH" });
    let tries =
        futures::future::join_all((0..6).map(|_| world.operator.mutate("recordPayment", input.clone(), ""))).await;
    assert_eq!(tries.iter().filter(|payload| payload["userErrors"] == json!([])).count(), 2);
    assert_eq!(state(&world.operator, &invoice).await, ["PARTIALLY_PAID", "20.00", "100.00", "0.00"]);
}

/// Each locks the dossier before it numbers its event, so that there is no deadlock.
#[tokio::test]
async fn the_invoices_of_a_dossier_are_paid_at_the_same_time() {
    let world = World::new().await;
    let pay_off = async || {
        let invoice = issued_invoice(&world.operator, &world.martin_id, "100").await;
        for _ in 0..6 {
            pay(&world.operator, &invoice, "20").await;
        }
        state(&world.operator, &invoice).await
    };
    let all = futures::future::join_all((0..8).map(|_| pay_off())).await;
    assert!(all.iter().all(|state| state[0] == "PAID"), "{all:?}");
}

#[tokio::test]
async fn a_repeated_payment_is_recorded_once() {
    let world = World::new().await;
    let invoice = issued_invoice(&world.operator, &world.martin_id, "100").await;
    let query = mutation("recordPayment", "payment { id }");
    let variables = json!({ "input": { "invoiceId": invoice, "amount": "50", "method": "TRANSFER" } });
    let key = [("Idempotency-Key", "virement-42")];
    let send = || world.operator.send_with(&query, variables.clone(), &key);
    let (first, second) = futures::join!(send(), send());
    let third = send().await;
    assert_eq!(first.1["data"]["recordPayment"]["userErrors"], json!([]));
    assert_eq!((&first, &first), (&second, &third));
    assert_eq!(state(&world.operator, &invoice).await, ["PARTIALLY_PAID", "70.00", "50.00", "0.00"]);
}
