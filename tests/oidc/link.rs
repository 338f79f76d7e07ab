//! Accounts at a provider that people link and remove themselves.

use super::{OPERATOR, Provider, actor, begin, refusal, sign_in, world};
use crate::{factor::age_proof, support::json};
use chrono::TimeDelta;

#[tokio::test]
async fn people_link_accounts_with_any_address() {
    let provider = Provider::start();
    let world = world(&provider).await;
    provider.account("olga", "olga@elsewhere.example", false).await;
    assert_eq!(refusal(&sign_in(&world, &provider, "olga").await), "FORBIDDEN");
    let input = provider.visit(&begin(&world, json!({})).await, "olga").await;
    assert_eq!(world.anonymous.code(&link(), json!({ "input": input })).await, "UNAUTHENTICATED");
    let before = world.operator.clone();
    age_proof(&world, &before, TimeDelta::minutes(11)).await;
    assert_eq!(before.refused("linkExternalIdentity", input.clone()).await, "RECENT_PROOF_REQUIRED");
    let operator = world.app.again(&world.operator, TimeDelta::hours(1)).await;
    // The refusal did not use the code.
    let linked = operator.does("linkExternalIdentity", input, "externalIdentity { id subject }").await;
    assert_eq!(linked["externalIdentity"]["subject"], "olga");
    assert_eq!(sign_in(&world, &provider, "olga").await["viewer"]["email"], OPERATOR);

    let again = provider.visit(&begin(&world, json!({})).await, "olga").await;
    assert_eq!(operator.refused("linkExternalIdentity", again).await, "CONFLICT", "it is linked already");
    let others = provider.visit(&begin(&world, json!({})).await, "olga").await;
    assert_eq!(world.manager.refused("linkExternalIdentity", others).await, "CONFLICT", "it is another person's");
}

fn link() -> String {
    crate::support::actors::mutation("linkExternalIdentity", "")
}

#[tokio::test]
async fn a_removed_account_opens_nothing_until_it_is_linked_again() {
    let provider = Provider::start();
    let world = world(&provider).await;
    provider.account("olga", OPERATOR, true).await;
    let signed_in = actor(&world, &sign_in(&world, &provider, "olga").await);
    let mut stream = signed_in.subscribe("subscription { dossierEvents { type } }", json!({})).await;
    let links = world.operator.query(super::LINKS, json!({})).await["externalIdentities"]["nodes"].clone();
    let id = links[0]["id"].clone();
    for other in [&world.owner, &world.manager, &world.stranger] {
        assert_eq!(other.refused("removeExternalIdentity", json!({ "id": id })).await, "NOT_FOUND id");
    }
    let node = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(world.operator.query(node, json!({ "id": id })).await["node"]["id"], id);
    let removed = world.operator.does("removeExternalIdentity", json!({ "id": id }), "removedId").await;
    assert_eq!(removed["removedId"], id);
    assert_eq!(world.operator.query(node, json!({ "id": id })).await["node"], json!(null));
    assert_eq!(world.operator.refused("removeExternalIdentity", json!({ "id": id })).await, "NOT_FOUND id");
    assert_eq!(signed_in.code("{ viewer { role } }", json!({})).await, "UNAUTHENTICATED", "its sessions end");
    while stream.next_or_closed().await.is_ok() {}
    world.app.mail(OPERATOR, "retiré").await;
    assert_eq!(refusal(&sign_in(&world, &provider, "olga").await), "FORBIDDEN", "the address does not link it again");

    let input = provider.visit(&begin(&world, json!({})).await, "olga").await;
    world.operator.does("linkExternalIdentity", input, "").await;
    assert_eq!(sign_in(&world, &provider, "olga").await["viewer"]["email"], OPERATOR);
}

#[tokio::test]
async fn removing_an_account_keeps_the_present_session_and_those_of_passwords() {
    let provider = Provider::start();
    let world = world(&provider).await;
    provider.account("olga", OPERATOR, true).await;
    let begun = begin(&world, json!({ "reauthenticate": true })).await;
    let present = actor(&world, &super::complete(&world, provider.visit(&begun, "olga").await).await);
    let other = actor(&world, &sign_in(&world, &provider, "olga").await);
    let links = present.query(super::LINKS, json!({})).await["externalIdentities"]["nodes"].clone();
    present.does("removeExternalIdentity", json!({ "id": links[0]["id"] }), "").await;
    assert_eq!(present.query("{ viewer { role } }", json!({})).await["viewer"]["role"], "OPERATOR");
    assert_eq!(world.operator.query("{ viewer { role } }", json!({})).await["viewer"]["role"], "OPERATOR");
    assert_eq!(other.code("{ viewer { role } }", json!({})).await, "UNAUTHENTICATED");
}
