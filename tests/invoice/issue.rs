use super::support::{age, draft_credit_note, draft_invoice, draft_quote, issued_invoice, line};
use crate::support::{Value, World, fixtures::uuid, json};
use dossier_core::viewer::{SystemPurpose, Viewer};
use dossier_domain::invoice;
use entities::invoice::Kind;
use std::collections::BTreeSet;

const ISSUED: &str = "invoice { number status issuedOn dueOn revision }";

fn year(issued_on: &Value) -> String {
    issued_on.as_str().unwrap()[..4].to_owned()
}

#[tokio::test]
async fn issuing_numbers_dates_and_freezes() {
    let world = World::new().await;
    let id = draft_invoice(&world.operator, &world.martin_id, "100").await;
    let issued =
        world.operator.does("issueInvoice", json!({ "id": id, "expectedRevision": 1 }), ISSUED).await["invoice"]
            .clone();
    let day: chrono::NaiveDate = issued["issuedOn"].as_str().unwrap().parse().unwrap();
    let due = (day + chrono::Days::new(30)).to_string();
    let number = format!("F-{}-0001", year(&issued["issuedOn"]));
    let expected =
        json!({ "number": number, "status": "ISSUED", "issuedOn": day.to_string(), "dueOn": due, "revision": 2 });
    assert_eq!(issued, expected);
    assert_eq!(world.operator.refused("issueInvoice", json!({ "id": id })).await, "CONFLICT");
    assert_eq!(world.operator.refused("updateInvoice", json!({ "id": id, "title": "Autre" })).await, "CONFLICT");
    let quote = draft_quote(&world.operator, &world.martin_id).await;
    let made = world.operator.does("issueQuote", json!({ "id": quote }), "quote { number validUntil }").await;
    assert_eq!(made["quote"], json!({ "number": number.replace('F', "D"), "validUntil": due }));
    assert_eq!(world.operator.refused("updateQuote", json!({ "id": quote, "title": "Autre" })).await, "CONFLICT");
    let credit = draft_credit_note(&world.operator, &id, json!([line("1")])).await;
    let made = world.operator.does("issueCreditNote", json!({ "id": credit }), "creditNote { number status }").await;
    assert_eq!(made["creditNote"], json!({ "number": number.replace('F', "A"), "status": "ISSUED" }));
}

#[tokio::test]
async fn a_past_last_day_is_refused() {
    let world = World::new().await;
    for (create, issue, node, field) in
        [("createInvoice", "issueInvoice", "invoice", "dueOn"), ("createQuote", "issueQuote", "quote", "validUntil")]
    {
        let mut input = json!({ "clientId": world.martin_id, "title": "x", "lines": [line("1")] });
        input[field] = json!("2020-01-31");
        let made = world.operator.does(create, input, &format!("{node} {{ id }}")).await;
        assert_eq!(world.operator.refused(issue, json!({ "id": made[node]["id"] })).await, "CONFLICT");
    }
}

#[tokio::test]
async fn each_organization_has_its_own_numbers() {
    let world = World::new().await;
    let ours = issued_invoice(&world.operator, &world.martin_id, "1").await;
    let theirs = issued_invoice(&world.stranger, &world.foreign_id, "1").await;
    let query = "query($id: ID!) { invoice(id: $id) { number } }";
    let ours = world.operator.query(query, json!({ "id": ours })).await;
    let theirs = world.stranger.query(query, json!({ "id": theirs })).await;
    assert_eq!(ours, theirs);
}

#[tokio::test]
async fn numbers_have_no_gaps_after_failures() {
    let world = World::new().await;
    let mut drafts = Vec::new();
    for index in 0..20 {
        drafts.push(draft_invoice(&world.operator, &world.martin_id, &format!("{index}.10")).await);
    }
    let empty = json!({ "clientId": world.martin_id, "title": "sans lignes" });
    let empty = world.operator.does("createInvoice", empty, "invoice { id }").await["invoice"]["id"].clone();
    let issues = drafts.iter().enumerate().map(|(index, id)| {
        let (actor, world) = (if index % 2 == 0 { &world.operator } else { &world.owner }, &world);
        let empty = &empty;
        async move {
            if index % 5 == 0 {
                // Takes a number, and ends before its commit.
                let system = Viewer::system(world.organization, SystemPurpose::Command);
                let tx = world.app.parts.database.write_as(system).await.unwrap();
                invoice::issue(&tx, Kind::Invoice, uuid(id), None).await.unwrap();
                drop(tx);
            }
            assert_eq!(actor.refused("issueInvoice", json!({ "id": empty })).await, "CONFLICT");
            let twice = futures::join!(
                actor.mutate("issueInvoice", json!({ "id": id }), ISSUED),
                world.owner.mutate("issueInvoice", json!({ "id": id }), ISSUED),
            );
            let done = [twice.0, twice.1].into_iter().filter(|payload| payload["userErrors"] == json!([]));
            let numbers: Vec<_> =
                done.map(|payload| payload["invoice"]["number"].as_str().unwrap().to_owned()).collect();
            assert_eq!(numbers.len(), 1, "one of two wins");
            numbers
        }
    });
    let numbers: BTreeSet<String> = futures::future::join_all(issues).await.into_iter().flatten().collect();
    let counts: Vec<u32> = numbers.iter().map(|number| number[7..].parse().unwrap()).collect();
    assert_eq!(counts, (1..=20).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_invoice_without_amount_is_settled_at_once() {
    let world = World::new().await;
    let id = draft_invoice(&world.operator, &world.martin_id, "0").await;
    let issued = world.operator.does("issueInvoice", json!({ "id": id }), ISSUED).await;
    assert_eq!(issued["invoice"]["status"], "PAID");
}

#[tokio::test]
async fn overdue_depends_on_the_date() {
    let world = World::new().await;
    let id = issued_invoice(&world.operator, &world.martin_id, "100").await;
    let other = issued_invoice(&world.operator, &world.martin_id, "100").await;
    draft_invoice(&world.operator, &world.martin_id, "100").await;
    let query = "{ late: invoices(filter: { overdue: true }) { nodes { id overdue status } }
        fine: invoices(filter: { overdue: false, status: [ISSUED, PAID] }) { nodes { id overdue } }
        all: invoices(filter: { overdue: false }) { totalCount } }";
    let fine = world.operator.query(query, json!({})).await;
    assert_eq!((&fine["late"]["nodes"], &fine["all"]["totalCount"]), (&json!([]), &json!(3)));
    age(&world, &id, "2020-01-01".parse().unwrap()).await;
    let late = world.operator.query(query, json!({})).await;
    assert_eq!(late["late"]["nodes"], json!([{ "id": id, "overdue": true, "status": "ISSUED" }]));
    assert_eq!(late["fine"]["nodes"], json!([{ "id": other, "overdue": false }]));
    super::support::pay(&world.operator, &id, "120").await;
    let paid = world.operator.query(query, json!({})).await;
    assert_eq!((&paid["late"]["nodes"], &paid["all"]["totalCount"]), (&json!([]), &json!(3)));
}
