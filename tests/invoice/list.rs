use super::support::{draft_credit_note, draft_invoice, draft_quote, issued_invoice, issued_quote, line, pay};
use crate::support::{World, json};

const FIGURES: &str = "query($id: ID!) { client(id: $id) { figures {
    currency quoted { amount } invoiced { amount } paid { amount } credited { amount } due { amount }
} } }";

#[tokio::test]
async fn lists_are_filtered() {
    let world = World::new().await;
    let draft = draft_quote(&world.operator, &world.martin_id).await;
    let issued = issued_quote(&world.operator, &world.durand_id).await;
    let query = "query($filter: QuoteFilter, $order: BillingOrder) { quotes(filter: $filter, orderBy: $order) { nodes { id } totalCount } }";
    let ids = async |variables| {
        let quotes = world.operator.query(query, variables).await["quotes"].clone();
        let nodes = quotes["nodes"].as_array().unwrap();
        assert_eq!(quotes["totalCount"], nodes.len());
        nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(json!({})).await, [issued.clone(), draft.clone()]);
    assert_eq!(ids(json!({ "order": "CREATED_AT_ASC" })).await, [draft.clone(), issued.clone()]);
    world.operator.does("updateQuote", json!({ "id": draft, "title": "Autre" }), "").await;
    assert_eq!(ids(json!({ "order": "UPDATED_AT_DESC" })).await, [draft.clone(), issued.clone()]);
    assert_eq!(ids(json!({ "filter": { "clientId": world.martin_id } })).await, std::slice::from_ref(&draft));
    assert_eq!(ids(json!({ "filter": { "status": ["ISSUED", "REFUSED"] } })).await, [issued]);
    assert_eq!(ids(json!({ "filter": { "status": [] } })).await, Vec::<String>::new());
    let query = "query($id: ID!) { client(id: $id) {
        quotes { nodes { id } } invoices { totalCount } creditNotes { totalCount }
    } }";
    let client = world.operator.query(query, json!({ "id": world.martin_id })).await["client"].clone();
    let expected = json!({ "quotes": { "nodes": [{ "id": draft }] }, "invoices": { "totalCount": 0 }, "creditNotes": { "totalCount": 0 } });
    assert_eq!(client, expected);
}

#[tokio::test]
async fn figures_sum_a_dossier_without_its_drafts() {
    let world = World::new().await;
    let empty = world.operator.query(FIGURES, json!({ "id": world.martin_id })).await;
    assert_eq!(empty["client"]["figures"], json!([]));
    let refused = issued_quote(&world.operator, &world.martin_id).await;
    world.martin.does("refuseQuote", json!({ "id": refused }), "").await;
    issued_quote(&world.operator, &world.martin_id).await;
    draft_quote(&world.operator, &world.martin_id).await;
    draft_invoice(&world.operator, &world.martin_id, "7").await;
    issued_invoice(&world.operator, &world.durand_id, "5").await;
    let first = issued_invoice(&world.operator, &world.martin_id, "100").await;
    let second = issued_invoice(&world.operator, &world.martin_id, "10").await;
    pay(&world.operator, &first, "50").await;
    let credit = draft_credit_note(&world.operator, &second, json!([line("1")])).await;
    draft_credit_note(&world.operator, &second, json!([line("2")])).await;
    world.operator.does("issueCreditNote", json!({ "id": credit }), "").await;
    let amount = |amount: &str| json!({ "amount": amount });
    let expected = json!([{
        "currency": "EUR", "quoted": amount("1200.00"), "invoiced": amount("132.00"), "paid": amount("50.00"),
        "credited": amount("1.20"), "due": amount("80.80"),
    }]);
    for actor in [&world.owner, &world.operator, &world.manager] {
        let seen = actor.query(FIGURES, json!({ "id": world.martin_id })).await;
        assert_eq!(seen["client"]["figures"], expected, "{}", actor.name);
    }
    for actor in [&world.staff, &world.martin] {
        let answer = actor.send(FIGURES, json!({ "id": world.martin_id })).await;
        assert_eq!(answer["data"]["client"]["figures"], json!(null), "{}", actor.name);
        assert_eq!(answer["extensions"]["guarded"], json!([["client", "figures"]]));
    }
    let all = world.operator.query("{ clients { nodes { figures { due { amount } } } } }", json!({})).await;
    let due = |amount: &str| json!({ "figures": [{ "due": { "amount": amount } }] });
    assert_eq!(all["clients"]["nodes"], json!([due("6.00"), due("80.80")]));
}
