//! A job verifies the uploads that are too large for the request that completes them.

use crate::support::{
    Actor, App, Value, World,
    actors::{mutation, sha256},
    fixtures::uuid,
    json, objects,
};
use dossier_core::viewer::{SystemPurpose, Viewer};
use dossier_domain::reclaim;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// A size that a request does not verify itself.
const SIZE: usize = 9 << 20;

const EVENTS: &str = "subscription { dossierEvents { type subject { ... on Document { status } } } }";

/// Announces a file with an idempotency key, because its upload may have to be opened again.
struct File<'a> {
    world: &'a World,
    name: &'a str,
    bytes: Vec<u8>,
}

impl<'a> File<'a> {
    fn new(world: &'a World, name: &'a str) -> Self {
        Self { world, name, bytes: vec![b'x'; SIZE] }
    }

    async fn request(&self, actor: &Actor) -> Value {
        let input = json!({
            "clientId": self.world.martin_id, "zone": "ASSETS", "name": self.name,
            "contentType": "text/plain", "size": self.bytes.len(), "sha256": sha256(&self.bytes),
        });
        let query = mutation("requestUpload", "version { id } parts { url headers { name value } offset size }");
        let (_, answer) = actor.send_with(&query, json!({ "input": input }), &[("idempotency-key", self.name)]).await;
        assert_eq!(answer["data"]["requestUpload"]["userErrors"], json!([]), "{answer:#}");
        answer["data"]["requestUpload"].clone()
    }

    /// Requests an upload, sends these bytes, and completes it; returns the version's id.
    async fn upload(&self, actor: &Actor, bytes: &[u8]) -> Value {
        let upload = self.request(actor).await;
        actor.send_parts(&upload, bytes).await;
        let version = upload["version"]["id"].clone();
        assert_eq!(complete(actor, &version).await, "VERIFYING");
        version
    }
}

pub async fn complete(actor: &Actor, version: &Value) -> String {
    let done = actor.does("completeUpload", json!({ "versionId": version }), "document { status }").await;
    done["document"]["status"].as_str().unwrap().to_owned()
}

/// Waits until a version is verified. Returns its status and the reason of a failure.
pub async fn verified(actor: &Actor, version: &Value) -> (String, Value) {
    let query = "query($id: ID!) { node(id: $id) { ... on DocumentVersion {
        status failureReason document { status } download { url }
    } } }";
    let begun = Instant::now();
    loop {
        let seen = actor.query(query, json!({ "id": version })).await["node"].clone();
        let status = seen["status"].as_str().unwrap();
        assert_eq!(seen["document"]["status"], status);
        assert_eq!(seen["download"].is_null(), status != "READY");
        if status != "VERIFYING" {
            return (status.to_owned(), seen["failureReason"].clone());
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "it is still being verified");
        sleep(Duration::from_millis(50)).await;
    }
}

/// Creates a world in which no job runs.
async fn without_workers() -> World {
    let mut arguments = objects::named().map(|store| objects::arguments(&store)).unwrap_or_default();
    arguments.push("--job-workers=0".to_owned());
    World::on(App::configured(&arguments).await).await
}

#[tokio::test]
async fn a_large_upload_is_verified_by_a_job() {
    let world = World::new().await;
    let mut portal = world.martin.subscribe(EVENTS, json!({})).await;
    let mut hub = world.operator.subscribe(EVENTS, json!({})).await;
    let file = File::new(&world, "film.txt");
    let upload = file.request(&world.martin).await;
    let version = upload["version"]["id"].clone();
    let refused = world.martin.refused("completeUpload", json!({ "versionId": version })).await;
    assert_eq!(refused, "CONFLICT", "the bytes have not arrived");
    world.martin.send_parts(&upload, &file.bytes).await;
    assert_eq!(complete(&world.martin, &version).await, "VERIFYING");
    assert_eq!(verified(&world.martin, &version).await, ("READY".to_owned(), Value::Null));
    assert_eq!(complete(&world.martin, &version).await, "READY", "completing again changes nothing");
    for stream in [&mut portal, &mut hub] {
        for expected in ["DOCUMENT_UPLOAD_REQUESTED", "DOCUMENT_UPLOAD_REQUESTED", "DOCUMENT_UPLOADED"] {
            assert_eq!(stream.next().await["dossierEvents"]["type"], expected);
        }
    }
}

#[tokio::test]
async fn a_large_upload_with_other_bytes_fails_and_can_be_repeated() {
    let world = World::new().await;
    let mut portal = world.martin.subscribe(EVENTS, json!({})).await;
    let file = File::new(&world, "film.txt");
    let version = file.upload(&world.martin, &vec![b'y'; SIZE]).await;
    assert_eq!(verified(&world.martin, &version).await, ("FAILED".to_owned(), json!("SHA256_MISMATCH")));
    assert_eq!(verified(&world.operator, &version).await.0, "FAILED");
    for expected in ["DOCUMENT_UPLOAD_REQUESTED", "DOCUMENT_UPLOAD_REQUESTED", "DOCUMENT_UPLOAD_FAILED"] {
        assert_eq!(portal.next().await["dossierEvents"]["type"], expected);
    }
    let refused = world.martin.refused("completeUpload", json!({ "versionId": version })).await;
    assert_eq!(refused, "CONFLICT", "the upload has ended");
    assert_eq!(file.upload(&world.martin, &file.bytes).await, version);
    assert_eq!(verified(&world.martin, &version).await, ("READY".to_owned(), Value::Null));
    for expected in ["DOCUMENT_UPLOAD_REQUESTED", "DOCUMENT_UPLOAD_REQUESTED", "DOCUMENT_UPLOADED"] {
        assert_eq!(portal.next().await["dossierEvents"]["type"], expected);
    }
}

/// The document stays what it was, and the client learns nothing of the agency's version.
#[tokio::test]
async fn a_further_version_that_fails_leaves_the_document_as_it_was() {
    let world = World::new().await;
    let id = world.martin.uploads(&world.martin_id, "DOCUMENTS", "brief.txt", "v1").await;
    let mut portal = world.martin.subscribe(EVENTS, json!({})).await;
    let mut hub = world.operator.subscribe(EVENTS, json!({})).await;
    let bytes = [b"\x89PNG\r\n\x1A\n".as_slice(), &vec![0; SIZE - 8]].concat();
    let input = json!({ "documentId": id, "contentType": "application/pdf", "size": SIZE, "sha256": sha256(&bytes) });
    let parts = "version { id } parts { url headers { name value } offset size }";
    let upload = world.operator.does("requestUpload", input, parts).await;
    world.operator.send_parts(&upload, &bytes).await;
    assert_eq!(complete(&world.operator, &upload["version"]["id"]).await, "READY", "the version before is");
    for expected in ["DOCUMENT_UPLOAD_REQUESTED", "DOCUMENT_UPLOAD_REQUESTED", "DOCUMENT_UPLOAD_FAILED"] {
        let event = hub.next().await["dossierEvents"].clone();
        assert_eq!(event, json!({ "type": expected, "subject": { "status": "READY" } }));
    }
    let query = "query($id: ID!) { node(id: $id) { ... on DocumentVersion { status failureReason } } }";
    let version = json!({ "id": upload["version"]["id"] });
    let seen = world.operator.query(query, version.clone()).await["node"].clone();
    assert_eq!(seen, json!({ "status": "FAILED", "failureReason": "TYPE_MISMATCH" }));
    assert!(portal.silent().await);
    assert_eq!(world.martin.query(query, version).await["node"], Value::Null);
}

#[tokio::test]
async fn an_upload_of_somebody_who_was_suspended_meanwhile_fails() {
    let world = without_workers().await;
    let version = File::new(&world, "film.txt").upload(&world.staff, &vec![b'x'; SIZE]).await;
    let database = &world.app.parts.database;
    let tx = database.read(&world.app.credentials(&world.staff).unwrap()).await.unwrap();
    let user = tx.member().unwrap().user;
    drop(tx);
    let tx = database.write_as(Viewer::system(world.organization, SystemPurpose::Command)).await.unwrap();
    dossier_domain::member::suspend_person(&tx, user).await.unwrap();
    tx.commit().await.unwrap();
    let runner = world.app.run_jobs();
    assert_eq!(verified(&world.operator, &version).await, ("FAILED".to_owned(), json!("NOT_PERMITTED")));
    runner.shutdown(Duration::from_secs(1)).await;
    let stored = world.app.parts.objects.digest(&key(&world, &version).await).await.unwrap();
    assert_eq!(stored, None, "the bytes are gone");
}

async fn key(world: &World, version: &Value) -> String {
    let query = "query($id: ID!) { node(id: $id) { ... on DocumentVersion { storageKey } } }";
    let seen = world.owner.query(query, json!({ "id": version })).await;
    seen["node"]["storageKey"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_upload_can_be_cancelled_while_it_is_verified() {
    let world = without_workers().await;
    let version = File::new(&world, "film.txt").upload(&world.martin, &vec![b'x'; SIZE]).await;
    world.martin.does("cancelUpload", json!({ "versionId": version }), "cancelledId").await;
    let runner = world.app.run_jobs();
    let done = async || {
        let tx =
            world.app.parts.database.read_as(Viewer::system(world.organization, SystemPurpose::Command)).await.unwrap();
        let jobs = tx.find::<entities::job::Entity>().all().await.unwrap();
        jobs.iter().any(|job| job.kind == "upload.verify" && job.state == entities::job::State::Done)
    };
    let begun = Instant::now();
    while !done().await {
        assert!(begun.elapsed() < Duration::from_mins(1), "the job does not end");
        sleep(Duration::from_millis(50)).await;
    }
    runner.shutdown(Duration::from_secs(1)).await;
    let seen = world.operator.query("{ documents(first: 5) { totalCount } }", json!({})).await;
    assert_eq!(seen["documents"]["totalCount"], 0);
}

/// Jobs can be discarded by an operator, and their last attempt can be killed.
#[tokio::test]
async fn an_upload_that_no_job_verifies_fails_in_the_end() {
    let world = without_workers().await;
    let version = File::new(&world, "film.txt").upload(&world.martin, &vec![b'x'; SIZE]).await;
    let sweep = async || {
        let app = &world.app.parts;
        reclaim::sweep(&app.database, &app.objects, world.organization).await.unwrap();
    };
    let query = "query($id: ID!) { node(id: $id) { ... on DocumentVersion { status failureReason } } }";
    let seen = async || world.martin.query(query, json!({ "id": version })).await["node"].clone();
    sweep().await;
    assert_eq!(seen().await, json!({ "status": "VERIFYING", "failureReason": null }));
    let due = "UPDATE document_version SET sweep_at = created_at WHERE sweep_at IS NOT NULL";
    world.app.by_hand(due).await;
    sweep().await;
    assert_eq!(seen().await, json!({ "status": "FAILED", "failureReason": "STORE_UNAVAILABLE" }));
    // It stays for a day, and is then deleted.
    sweep().await;
    assert_eq!(seen().await["status"], "FAILED");
    let id = uuid(version.as_str().unwrap());
    let long_ago =
        "UPDATE document_version SET created_at = '2020-01-01T00:00:00+00:00', sweep_at = '2020-01-02T00:00:00+00:00'";
    assert!(world.app.by_hand(long_ago).await > 0, "{id}");
    sweep().await;
    assert_eq!(seen().await, Value::Null);
}
