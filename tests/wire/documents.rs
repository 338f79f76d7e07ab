//! Documents that say the same in other words.

use crate::support::{World, json};

async fn hears(world: &World, document: &str, field: &str) {
    let mut stream = world.operator.subscribe(document, json!({})).await;
    world.operator.does("updateClient", json!({ "id": world.martin_id, "name": document.len().to_string() }), "").await;
    let told = stream.next().await;
    let told = &told[field];
    assert_eq!(told["type"], "CLIENT_UPDATED", "{document}");
    assert!(told["cursor"].is_string(), "{document}");
}

#[tokio::test]
async fn a_subscriptions_root_field_may_stand_in_fragments() {
    let world = World::new().await;
    for document in [
        "subscription { ...X } fragment X on Subscription { dossierEvents { type cursor } }",
        "subscription { ... on Subscription { dossierEvents { type cursor } } }",
        "subscription { ... { dossierEvents { type } } dossierEvents { cursor } }",
        "subscription A($after: String) { ...X ...Y } fragment X on Subscription { dossierEvents(after: $after) { type } }
            fragment Y on Subscription { ... { dossierEvents(after: $after) { cursor } } }",
    ] {
        hears(&world, document, "dossierEvents").await;
    }
    hears(&world, "subscription { x: dossierEvents { type } x: dossierEvents { cursor id } }", "x").await;
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
    hears(&world, inner, "dossierEvents").await;
}
