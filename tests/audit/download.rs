//! Links to private documents.

use super::{intact, newest, newest_of};
use crate::{
    permissions::subjects,
    support::{World, json},
};

const DOWNLOAD: &str =
    "query($id: ID!) { node(id: $id) { ... on Document { name latestVersion { id download { url } } } } }";

#[tokio::test]
async fn a_private_download_is_recorded_and_no_other() {
    let world = World::new().await;
    let before = intact(&world).await;
    let shared = subjects::document(&world, "DOCUMENTS", true).await;
    for actor in [&world.operator, &world.martin] {
        actor.query(DOWNLOAD, json!({ "id": shared })).await;
    }
    let private = subjects::document(&world, "PRIVATE", false).await;
    let name = "query($id: ID!) { node(id: $id) { ... on Document { name latestVersion { sha256 } } } }";
    world.operator.query(name, json!({ "id": private })).await;
    assert_eq!(intact(&world).await, before, "nobody got a link to a private document");
    let twice = "query($id: ID!) { one: node(id: $id) { ...F } two: node(id: $id) { ...F } }
        fragment F on Document { latestVersion { id download { url } } }";
    let answer = world.manager.query(twice, json!({ "id": private })).await;
    let url = answer["two"]["latestVersion"]["download"]["url"].as_str().unwrap();
    assert_eq!(world.manager.fetch(url).await.text().await.unwrap(), "essai");
    assert_eq!(intact(&world).await, before + 1, "one entry for each version");
    let entry = &newest(&world.owner, 1).await[0];
    assert_eq!(
        (&entry["action"], &entry["actor"]["displayName"]),
        (&json!("PRIVATE_DOCUMENT_DOWNLOADED"), &json!("manager"))
    );
    assert_eq!(entry["subjectId"], answer["one"]["latestVersion"]["id"]);
    assert_eq!((&entry["subjectName"], &entry["client"]["id"]), (&json!("essai.txt"), &json!(world.martin_id)));
}

#[tokio::test]
async fn a_link_that_cannot_be_recorded_is_not_given_out() {
    let world = World::new().await;
    let private = subjects::document(&world, "PRIVATE", false).await;
    world.app.by_hand("ALTER TABLE audit_detail RENAME TO audit_detail_elsewhere").await;
    let answer = world.operator.send(DOWNLOAD, json!({ "id": private })).await;
    assert_eq!(answer["data"]["node"]["latestVersion"]["download"], json!(null), "{answer:#}");
    assert_eq!(answer["data"]["node"]["name"], "essai.txt");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL_SERVER_ERROR");
    assert_eq!(answer["errors"][0]["path"], json!(["node", "latestVersion", "download"]));
    world.app.by_hand("ALTER TABLE audit_detail_elsewhere RENAME TO audit_detail").await;
    world.operator.query(DOWNLOAD, json!({ "id": private })).await;
    assert_eq!(newest_of(&world.owner, "PRIVATE_DOCUMENT_DOWNLOADED").await["subjectName"], "essai.txt");
    intact(&world).await;
}

#[tokio::test]
async fn subscriptions_deliver_no_links_to_private_documents() {
    let world = World::new().await;
    let before = intact(&world).await;
    let subscription = "subscription { dossierEvents(types: [DOCUMENT_UPLOADED]) {
        subject { ... on Document { zone latestVersion { download { url } } } } } }";
    let mut stream = world.operator.subscribe(subscription, json!({})).await;
    for zone in ["PRIVATE", "DOCUMENTS"] {
        subjects::document(&world, zone, false).await;
        let answer = stream.message().await["payload"].clone();
        let subject = &answer["data"]["dossierEvents"]["subject"];
        assert_eq!(subject["zone"], zone, "{answer:#}");
        assert_eq!(subject["latestVersion"]["download"].is_object(), zone == "DOCUMENTS");
        let code = answer["errors"][0]["extensions"]["code"].as_str();
        assert_eq!(code, (zone == "PRIVATE").then_some("FORBIDDEN"));
    }
    assert_eq!(intact(&world).await, before);
}
