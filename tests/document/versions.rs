//! Older versions become the newest again without a copy of their bytes.

use super::quota::sweep;
use crate::support::{Actor, Value, World, fixtures, json};

const VERSIONS: &str = "query($id: ID!) { node(id: $id) { ... on Document {
    publishedVersion { number } latestVersion { number download { url } }
    versions(first: 9) { nodes { number restoredFrom sha256 uploader { displayName } } } } } }";

async fn document(actor: &Actor, id: &str) -> Value {
    actor.query(VERSIONS, json!({ "id": id })).await["node"].clone()
}

async fn stored(world: &World) -> Value {
    let query = "{ viewer { organization { storageUsed } } }";
    world.owner.query(query, json!({})).await["viewer"]["organization"]["storageUsed"].clone()
}

async fn objects(world: &World) -> usize {
    world.app.parts.objects.list(&format!("{}/", world.organization)).await.unwrap().len()
}

#[tokio::test]
async fn an_older_version_becomes_the_newest_without_a_copy() {
    let world = World::new().await;
    let id = world.operator.uploads(&world.martin_id, "DOCUMENTS", "livrable.txt", "v1").await;
    let first = fixtures::latest_version(&world.operator, &id).await;
    let second = world.operator.uploads_version(&id, "second").await;
    world.operator.does("publishDocument", json!({ "id": id, "versionId": second }), "").await;
    assert_eq!(world.operator.refused("restoreDocumentVersion", json!({ "versionId": second })).await, "CONFLICT");
    assert_eq!(
        world.martin.refused("restoreDocumentVersion", json!({ "versionId": first })).await,
        "NOT_FOUND versionId"
    );
    assert_eq!(world.martin.refused("restoreDocumentVersion", json!({ "versionId": second })).await, "FORBIDDEN");
    let events = "subscription { dossierEvents { type } }";
    let (mut hub, mut portal) =
        (world.manager.subscribe(events, json!({})).await, world.martin.subscribe(events, json!({})).await);
    let selection = "version { number restoredFrom document { id } }";
    let restored = world.staff.does("restoreDocumentVersion", json!({ "versionId": first }), selection).await;
    assert_eq!(restored["version"], json!({ "number": 3, "restoredFrom": 1, "document": { "id": id } }));
    assert_eq!(hub.next().await["dossierEvents"]["type"], "DOCUMENT_VERSION_RESTORED");
    assert!(portal.silent().await, "the client sees the published version alone");
    let seen = document(&world.operator, &id).await;
    let versions = &seen["versions"]["nodes"];
    assert_eq!(versions[2]["sha256"], versions[0]["sha256"]);
    assert_eq!(versions[2]["uploader"]["displayName"], "staff");
    assert_eq!(versions[0]["uploader"]["displayName"], "operator");
    assert_eq!((&seen["publishedVersion"]["number"], &seen["latestVersion"]["number"]), (&json!(2), &json!(3)));
    let url = seen["latestVersion"]["download"]["url"].as_str().unwrap();
    assert_eq!(world.anonymous.fetch(url).await.text().await.unwrap(), "v1");
    assert_eq!((stored(&world).await, objects(&world).await), (json!(8), 2), "shared bytes count once");
    assert_eq!(document(&world.martin, &id).await["latestVersion"]["number"], 2);
    world.operator.does("publishDocument", json!({ "id": id }), "").await;
    assert_eq!(document(&world.martin, &id).await["publishedVersion"]["number"], 3);
    // An older version can be published as well.
    world.operator.does("publishDocument", json!({ "id": id, "versionId": first }), "").await;
    let seen = document(&world.operator, &id).await;
    assert_eq!((&seen["publishedVersion"]["number"], &seen["latestVersion"]["number"]), (&json!(1), &json!(3)));
}

#[tokio::test]
async fn shared_bytes_are_deleted_with_the_last_version() {
    let world = World::new().await;
    let id = world.operator.uploads(&world.martin_id, "DOCUMENTS", "livrable.txt", "v1").await;
    let first = fixtures::latest_version(&world.operator, &id).await;
    world.operator.uploads_version(&id, "second").await;
    world.operator.does("restoreDocumentVersion", json!({ "versionId": first }), "").await;
    // While another version has the object, it stays.
    let discard = "UPDATE document_version SET discarded_at = created_at, sweep_at = created_at WHERE number = 1";
    world.app.by_hand(discard).await;
    sweep(&world).await;
    assert_eq!((stored(&world).await, objects(&world).await), (json!(8), 2));
    world.app.by_hand("UPDATE document_version SET discarded_at = NULL, sweep_at = NULL WHERE number = 1").await;
    world.operator.does("deleteDocument", json!({ "id": id }), "").await;
    world.operator.does("restoreDocument", json!({ "id": id }), "").await;
    assert_eq!(objects(&world).await, 2);
    world.operator.does("deleteDocument", json!({ "id": id }), "").await;
    world.owner.does("purgeDocument", json!({ "id": id }), "").await;
    assert_eq!((stored(&world).await, objects(&world).await), (json!(0), 0));
}
