//! Equivalent documents in different forms.

use super::http::post;
use crate::support::{Value, World, json};

async fn assert_delivers(world: &World, document: &str, field: &str) {
    let mut stream = world.operator.subscribe(document, json!({})).await;
    world.operator.does("updateClient", json!({ "id": world.martin_id, "name": document.len().to_string() }), "").await;
    let event = stream.next().await;
    let event = &event[field];
    assert_eq!(event["type"], "CLIENT_UPDATED", "{document}");
    assert!(event["cursor"].is_string(), "{document}");
}

#[tokio::test]
async fn a_subscriptions_root_field_may_be_in_fragments() {
    let world = World::new().await;
    for document in [
        "subscription { ...X } fragment X on Subscription { dossierEvents { type cursor } }",
        "subscription { ... on Subscription { dossierEvents { type cursor } } }",
        "subscription { ... { dossierEvents { type } } dossierEvents { cursor } }",
        "subscription A($after: String) { ...X ...Y } fragment X on Subscription { dossierEvents(after: $after) { type } }
            fragment Y on Subscription { ... { dossierEvents(after: $after) { cursor } } }",
    ] {
        assert_delivers(&world, document, "dossierEvents").await;
    }
    assert_delivers(&world, "subscription { x: dossierEvents { type } x: dossierEvents { cursor id } }", "x").await;
}

#[tokio::test]
async fn a_subscription_has_one_root_field() {
    let world = World::new().await;
    for document in [
        "subscription { a: dossierEvents { type } b: dossierEvents { type } }",
        "subscription { dossierEvents { type } validationHub { type } }",
        "subscription { ...X presence { at } } fragment X on Subscription { dossierEvents { type } }",
        "subscription { dossierEvents @include(if: true) { type } }",
        "subscription { ...X @skip(if: false) } fragment X on Subscription { dossierEvents { type } }",
        "subscription { ...X } fragment X on Subscription { ...X }",
        "subscription { ...X dossierEvents { type } }",
    ] {
        let mut stream = world.operator.subscribe(document, json!({})).await;
        let message = stream.message().await;
        assert_eq!(message["type"], "error", "{document}\n{message:#}");
        assert_eq!(message["payload"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{document}");
    }
}

#[tokio::test]
async fn variables_have_their_defaults_wherever_they_are_used() {
    let world = World::new().await;
    let yes = "query($i: Boolean = true) { viewer { role displayName @skip(if: $i) ... @include(if: $i) { email } } }";
    let answer = world.operator.query(yes, json!({})).await;
    assert_eq!(answer["viewer"], json!({ "role": "OPERATOR", "email": "operator@atelier.example" }));
    let answer = world.operator.query(yes, json!({ "i": false })).await;
    assert_eq!(answer["viewer"], json!({ "role": "OPERATOR", "displayName": "operator" }));
    let needed = "query($i: Boolean!) { viewer { role displayName @include(if: $i) } }";
    assert_eq!(world.operator.code(needed, json!({})).await, "BAD_USER_INPUT");
    let inner = "subscription($i: Boolean = true) { dossierEvents { type cursor @include(if: $i) } }";
    assert_delivers(&world, inner, "dossierEvents").await;
}

/// As the specification requires (§6.2.2, “Serialized Response Map Ordering”), whichever field waits for the database.
#[tokio::test]
async fn fields_come_in_the_order_in_which_they_were_selected() {
    let world = World::new().await;
    world.operator.uploads(&world.martin_id, "DOCUMENTS", "plan.txt", "plan").await;
    let document =
        "{ clients(last: 1) { edges { node { ...First documents(first: 1) { totalCount nodes { status name } }
        kind: __typename ... on Node { id } ... { email } track } cursor } pageInfo { endCursor hasNextPage } } }
        fragment First on Client { status conversations { nodes { subject } } name }";
    let fields = [
        "clients",
        "edges",
        "node",
        "status",
        "conversations",
        "nodes",
        "name",
        "documents",
        "totalCount",
        "nodes",
        "status",
        "name",
        "kind",
        "id",
        "email",
        "track",
        "cursor",
        "pageInfo",
        "endCursor",
        "hasNextPage",
    ];
    let answer = post(&world.operator, &json!({ "query": document })).send().await.unwrap().text().await.unwrap();
    let data = answer.split_once("\"extensions\"").map_or(answer.as_str(), |(data, _)| data);
    let keys = data.split('"').filter(|part| fields.contains(part));
    assert_eq!(keys.collect::<Vec<_>>(), fields, "{answer}");
}

#[tokio::test]
async fn a_field_may_be_selected_more_than_once() {
    let world = World::new().await;
    let document = "{ clients(first: 2) { nodes { documents { totalCount } name ...Rest } } }
        fragment Rest on Client { name documents { nodes { id } } }";
    let answer = world.operator.query(document, json!({})).await;
    let nodes = answer["clients"]["nodes"].as_array().unwrap();
    assert!(!nodes.is_empty());
    for node in nodes {
        assert_eq!(node["documents"], json!({ "totalCount": 0, "nodes": [] }), "{node}");
        assert!(node["name"].is_string(), "{node}");
    }
}

/// §6.4.4, “Handling Execution Errors”.
#[tokio::test]
async fn a_failed_field_nulls_its_nearest_nullable_parent() {
    let world = World::new().await;
    let answer = world.operator.send("{ viewer { role } client(id: \"nonsense\") { id } }", json!({})).await;
    assert_eq!(answer["data"], json!({ "viewer": { "role": "OPERATOR" }, "client": null }));

    let page = "documents(after: \"nonsense\") { totalCount }";
    let listed = format!("{{ viewer {{ role }} clients {{ nodes {{ name {page} }} }} }}");
    let answer = world.operator.send(&listed, json!({})).await;
    assert_eq!(answer["data"], Value::Null, "no field around it can be null\n{answer:#}");
    let paths: Vec<_> = answer["errors"].as_array().unwrap().iter().map(|error| &error["path"]).collect();
    assert_eq!(paths, [&json!(["clients", "nodes", 0, "documents"]), &json!(["clients", "nodes", 1, "documents"])]);

    let one = format!(
        "query($id: ID!) {{ a: node(id: $id) {{ ...C }} b: node(id: $id) {{ id }} }} fragment C on Client {{ {page} }}"
    );
    let answer = world.operator.send(&one, json!({ "id": world.martin_id })).await;
    assert_eq!(answer["data"], json!({ "a": null, "b": { "id": world.martin_id } }));
}
