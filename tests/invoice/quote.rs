use super::support::{age, draft_quote, issued_quote};
use crate::support::{World, json};

const QUOTE: &str = "quote { status decidedAt refusalReason expired invoice { id } revision }";

#[tokio::test]
async fn the_client_answers_once() {
    let world = World::new().await;
    let quote = issued_quote(&world.operator, &world.martin_id).await;
    let accepted = world.martin.does("acceptQuote", json!({ "id": quote }), QUOTE).await["quote"].clone();
    assert_eq!(accepted["status"], "ACCEPTED");
    assert!(accepted["decidedAt"].is_string());
    assert_eq!(world.martin.refused("acceptQuote", json!({ "id": quote })).await, "CONFLICT");
    assert_eq!(world.operator.refused("refuseQuote", json!({ "id": quote })).await, "CONFLICT");
    let other = issued_quote(&world.operator, &world.martin_id).await;
    let input = json!({ "id": other, "reason": "Trop cher", "expectedRevision": 2 });
    let refused = world.martin.does("refuseQuote", input, QUOTE).await["quote"].clone();
    assert_eq!((&refused["status"], &refused["refusalReason"]), (&json!("REFUSED"), &json!("Trop cher")));
    assert_eq!(world.operator.refused("convertQuoteToInvoice", json!({ "id": other })).await, "CONFLICT");
}

#[tokio::test]
async fn of_two_concurrent_answers_one_wins() {
    let world = World::new().await;
    let quote = issued_quote(&world.operator, &world.martin_id).await;
    let (yes, no) = futures::join!(
        world.martin.mutate("acceptQuote", json!({ "id": quote }), QUOTE),
        world.operator.mutate("refuseQuote", json!({ "id": quote }), QUOTE),
    );
    let codes = [&yes["userErrors"], &no["userErrors"]].map(|errors| errors[0]["code"].as_str().map(str::to_owned));
    assert!(codes.contains(&None) && codes.contains(&Some("CONFLICT".to_owned())), "{codes:?}");
}

#[tokio::test]
async fn the_agency_may_answer_for_the_client_but_not_a_draft() {
    let world = World::new().await;
    let quote = draft_quote(&world.operator, &world.martin_id).await;
    assert_eq!(world.operator.refused("acceptQuote", json!({ "id": quote })).await, "CONFLICT");
    assert_eq!(world.operator.refused("convertQuoteToInvoice", json!({ "id": quote })).await, "CONFLICT");
    world.operator.does("issueQuote", json!({ "id": quote }), "").await;
    assert_eq!(world.manager.does("acceptQuote", json!({ "id": quote }), QUOTE).await["quote"]["status"], "ACCEPTED");
}

#[tokio::test]
async fn an_answer_after_the_last_day_is_refused() {
    let world = World::new().await;
    let quote = issued_quote(&world.operator, &world.martin_id).await;
    let today = dossier_domain::calendar::day(world.app.parts.database.clock.now(), chrono_tz::Europe::Paris);
    let node = "query($id: ID!) { quote(id: $id) { expired status } }";
    age(&world, &quote, today).await;
    let seen = world.martin.query(node, json!({ "id": quote })).await;
    assert_eq!(seen["quote"], json!({ "expired": false, "status": "ISSUED" }));
    age(&world, &quote, today.pred_opt().unwrap()).await;
    let seen = world.martin.query(node, json!({ "id": quote })).await;
    assert_eq!(seen["quote"], json!({ "expired": true, "status": "ISSUED" }));
    assert_eq!(world.martin.refused("acceptQuote", json!({ "id": quote })).await, "CONFLICT");
    world.martin.does("refuseQuote", json!({ "id": quote }), "").await;
}

#[tokio::test]
async fn an_accepted_quote_becomes_an_invoice_once() {
    let world = World::new().await;
    let quote = issued_quote(&world.operator, &world.martin_id).await;
    world.martin.does("acceptQuote", json!({ "id": quote }), "").await;
    let convert = || {
        world.operator.mutate(
            "convertQuoteToInvoice",
            json!({ "id": quote }),
            "invoice { id status title note lines { description netAmount { amount } } total { amount } quote { id } dueOn }",
        )
    };
    let tries = futures::future::join_all((0..8).map(|_| convert())).await;
    let done: Vec<_> = tries.iter().filter(|payload| payload["userErrors"] == json!([])).collect();
    assert_eq!(done.len(), 1);
    assert!(
        tries
            .iter()
            .all(|payload| payload["userErrors"] == json!([]) || payload["userErrors"][0]["code"] == "CONFLICT")
    );
    let invoice = &done[0]["invoice"];
    let expected = json!({
        "id": invoice["id"], "status": "DRAFT", "title": "Site web", "note": "Acompte de 30 %",
        "lines": [{ "description": "Conseil", "netAmount": { "amount": "1000.00" } }],
        "total": { "amount": "1200.00" }, "quote": { "id": quote }, "dueOn": null,
    });
    assert_eq!(invoice, &expected);
    // The client learns nothing about the draft, neither as a row nor from the quote.
    let query = "query($id: ID!) { quote(id: $id) { invoice { id } revision } invoices { totalCount } }";
    let seen = world.martin.query(query, json!({ "id": quote })).await;
    assert_eq!(seen, json!({ "quote": { "invoice": null, "revision": 3 }, "invoices": { "totalCount": 0 } }));
    world.operator.does("issueInvoice", json!({ "id": invoice["id"] }), "").await;
    let seen = world.martin.query(query, json!({ "id": quote })).await;
    assert_eq!(seen["quote"]["invoice"]["id"], invoice["id"]);
}
