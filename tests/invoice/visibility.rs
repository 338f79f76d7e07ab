use super::support::{draft_credit_note, draft_invoice, draft_quote, issued_invoice, line, pay};
use crate::support::{Value, World, json};

const EVENTS: &str = "subscription { dossierEvents {
    type subjectId subject { __typename ... on Invoice { status } ... on Quote { status } ... on CreditNote { number } }
} }";

const COUNTS: &str = "{ quotes { totalCount nodes { id } } invoices { totalCount nodes { id } }
    creditNotes { totalCount nodes { id } } }";

const NODE: &str = "query($id: ID!) { node(id: $id) { __typename } }";

async fn event(stream: &mut crate::support::socket::Stream) -> Value {
    stream.next().await["dossierEvents"].clone()
}

#[tokio::test]
async fn only_people_who_bill_see_drafts() {
    let world = World::new().await;
    let quote = draft_quote(&world.operator, &world.martin_id).await;
    let issued = issued_invoice(&world.operator, &world.martin_id, "100").await;
    let invoice = draft_invoice(&world.operator, &world.martin_id, "100").await;
    let credit = draft_credit_note(&world.operator, &issued, json!([line("1")])).await;
    let payment = pay(&world.operator, &issued, "10").await;
    for (name, actor) in world.actors().into_iter().filter(|(name, _)| *name != "anonymous") {
        let counts = actor.query(COUNTS, json!({})).await;
        let count = |field: &str| {
            let list = &counts[field];
            assert_eq!(list["totalCount"], list["nodes"].as_array().unwrap().len(), "{name} {field}");
            list["totalCount"].as_u64().unwrap()
        };
        let (all, sent) = match name {
            "owner" | "operator" | "manager" => (1, true),
            "martin" => (0, true),
            _ => (0, false),
        };
        let expected = (all, all + u64::from(sent), all);
        assert_eq!((count("quotes"), count("invoices"), count("creditNotes")), expected, "{name}");
        for (id, seen) in
            [(&quote, all == 1), (&invoice, all == 1), (&credit, all == 1), (&issued, sent), (&payment, sent)]
        {
            let node = actor.query(NODE, json!({ "id": id })).await["node"].clone();
            assert_eq!(!node.is_null(), seen, "{name} {id}");
        }
        // One row has one type: its key with another prefix is not found.
        let disguised = issued.replace("invoice_", "quote_");
        assert!(actor.query(NODE, json!({ "id": disguised })).await["node"].is_null());
    }
    assert_eq!(world.anonymous.code("{ quotes { totalCount } }", json!({})).await, "UNAUTHENTICATED");
}

#[tokio::test]
async fn people_bill_only_where_their_role_allows() {
    let world = World::new().await;
    let draft = draft_invoice(&world.operator, &world.martin_id, "100").await;
    let lyon = draft_invoice(&world.operator, &world.durand_id, "100").await;
    let quote = super::support::issued_quote(&world.operator, &world.martin_id).await;
    let create = json!({ "clientId": world.martin_id, "title": "x" });
    let answers = async |actor: &crate::support::Actor| {
        [
            actor.refused("createInvoice", create.clone()).await,
            actor.refused("updateInvoice", json!({ "id": draft, "title": "x" })).await,
            actor.refused("issueInvoice", json!({ "id": draft })).await,
            actor.refused("updateQuote", json!({ "id": quote, "title": "x" })).await,
            actor.refused("convertQuoteToInvoice", json!({ "id": quote })).await,
        ]
    };
    let nothing = "NOT_FOUND id";
    assert_eq!(answers(&world.martin).await, ["FORBIDDEN", nothing, nothing, "FORBIDDEN", "FORBIDDEN"]);
    assert_eq!(answers(&world.staff).await, ["FORBIDDEN", nothing, nothing, nothing, nothing]);
    for actor in [&world.durand, &world.stranger] {
        assert_eq!(answers(actor).await, ["NOT_FOUND clientId", nothing, nothing, nothing, nothing]);
        assert_eq!(actor.refused("acceptQuote", json!({ "id": quote })).await, nothing);
    }
    assert_eq!(world.staff.refused("acceptQuote", json!({ "id": quote })).await, nothing);
    assert_eq!(world.manager.refused("issueInvoice", json!({ "id": lyon })).await, nothing);
    let query =
        "mutation { issueInvoice(input: { id: \"invoice_00000000000000000000000000\" }) { userErrors { code } } }";
    assert_eq!(world.anonymous.code(query, json!({})).await, "UNAUTHENTICATED");
}

#[tokio::test]
async fn events_are_delivered_by_role() {
    let world = World::new().await;
    let mut hub = world.operator.subscribe(EVENTS, json!({})).await;
    let mut portal = world.martin.subscribe(EVENTS, json!({})).await;
    let mut staff = world.staff.subscribe(EVENTS, json!({})).await;
    let mut neighbour = world.durand.subscribe(EVENTS, json!({})).await;
    let invoice = draft_invoice(&world.operator, &world.martin_id, "100").await;
    let quote = draft_quote(&world.operator, &world.martin_id).await;
    assert_eq!(event(&mut hub).await["type"], "INVOICE_CREATED");
    let drafted = event(&mut hub).await;
    let expected =
        json!({ "type": "QUOTE_CREATED", "subjectId": quote, "subject": { "__typename": "Quote", "status": "DRAFT" } });
    assert_eq!(drafted, expected);
    assert!(portal.silent().await);
    world.operator.does("issueInvoice", json!({ "id": invoice }), "").await;
    let payment = pay(&world.operator, &invoice, "60").await;
    world.operator.does("reversePayment", json!({ "id": payment, "reason": "Erreur" }), "").await;
    let mut events = Vec::new();
    for _ in 0..3 {
        events.push(event(&mut portal).await);
    }
    let credit = draft_credit_note(&world.operator, &invoice, json!([line("1")])).await;
    assert!(portal.silent().await);
    world.operator.does("issueCreditNote", json!({ "id": credit }), "").await;
    events.push(event(&mut portal).await);
    let types: Vec<_> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["INVOICE_ISSUED", "PAYMENT_RECORDED", "PAYMENT_REVERSED", "CREDIT_NOTE_ISSUED"]);
    assert!(events[..3].iter().all(|event| event["subjectId"] == json!(invoice)));
    assert_eq!(events[3]["subjectId"], json!(credit));
    assert_eq!(events[3]["subject"]["__typename"], "CreditNote");
    for kind in ["INVOICE_ISSUED", "PAYMENT_RECORDED", "PAYMENT_REVERSED", "CREDIT_NOTE_CREATED", "CREDIT_NOTE_ISSUED"]
    {
        assert_eq!(event(&mut hub).await["type"], kind);
    }
    assert!(portal.silent().await && staff.silent().await && neighbour.silent().await);
}

#[tokio::test]
async fn removals_name_the_type_of_their_subject() {
    let world = World::new().await;
    let quote = draft_quote(&world.operator, &world.martin_id).await;
    let mut paris = world.manager.subscribe("subscription { dossierEvents { type subjectId } }", json!({})).await;
    let lyon = dossier_core::id::encode("site", world.lyon);
    world.operator.does("updateQuote", json!({ "id": quote, "title": "Autre" }), "").await;
    assert_eq!(event(&mut paris).await, json!({ "type": "QUOTE_UPDATED", "subjectId": quote }));
    world.operator.does("updateClient", json!({ "id": world.martin_id, "siteId": lyon }), "").await;
    assert_eq!(event(&mut paris).await, json!({ "type": "REMOVED", "subjectId": world.martin_id }));
    world.operator.does("updateQuote", json!({ "id": quote, "title": "Encore" }), "").await;
    assert!(paris.silent().await);
}
