//! A store that fails in each way at each step. The caller gets an error, nothing is lost or doubled, and work
//! continues when the store is back.

use super::{
    proxy::{Fault, FaultyProxy},
    store::Store,
};
use crate::support::{
    Actor, App, Value, World,
    actors::{mutation, sha256},
    json,
    objects::{self, at},
};
use dossier_core::viewer::{SystemPurpose, Viewer};
use dossier_storage::Settings;
use entities::event;
use std::{
    collections::HashSet,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

/// The time limit for the error. Joining the parts may take six times the configured two seconds.
const ERROR_WITHIN: Duration = Duration::from_secs(16);
const TEXT: &str = "Contenu d’un fichier\n";

/// A server whose store is behind an unreliable connection.
pub(super) struct Broken {
    pub(super) store: Store,
    pub(super) proxy: FaultyProxy,
    pub(super) world: World,
}

impl Broken {
    pub(super) async fn new() -> Self {
        Self::waiting(Duration::from_secs(2)).await
    }

    /// Creates one with this time limit for the store.
    async fn waiting(patience: Duration) -> Self {
        let store = Store::embedded().await;
        let proxy = FaultyProxy::to(&store.url).await;
        let endpoint = at(proxy.url.parse().unwrap());
        let settings = Settings { endpoint, patience, ..store.settings.clone() };
        let app = App::configured(&objects::arguments(&settings)).await;
        Self { store, proxy, world: World::on(app).await }
    }

    /// Announces a file with an idempotency key, so that it can be repeated.
    async fn announce(&self, key: &str) -> Value {
        let (query, input) = self.announcement(key);
        let (_, answer) = self.world.martin.send_with(&query, input, &[("idempotency-key", key)]).await;
        answer
    }

    fn announcement(&self, name: &str) -> (String, Value) {
        let input = json!({
            "clientId": self.world.martin_id, "zone": "ASSETS", "name": format!("{name}.txt"),
            "contentType": "text/plain", "size": TEXT.len(), "sha256": sha256(TEXT.as_bytes()),
        });
        let parts = "version { id } parts { url headers { name value } offset size }";
        (mutation("requestUpload", parts), json!({ "input": input }))
    }

    async fn complete(&self, version: &Value) -> Value {
        let query = mutation("completeUpload", "document { id status }");
        self.world.martin.send(&query, json!({ "input": { "versionId": version } })).await
    }

    pub(super) async fn uploads_in_store(&self) -> usize {
        let tool = self.store.good_tool();
        tool.list_multipart_uploads().bucket(self.store.bucket()).send().await.unwrap().uploads().len()
    }

    /// Returns the kinds of all events about documents, in order.
    async fn events(&self) -> Vec<event::Kind> {
        let viewer = Viewer::system(self.world.organization, SystemPurpose::Command);
        let tx = self.world.app.parts.database.read_as(viewer).await.unwrap();
        let events = tx.find::<event::Entity>().all().await.unwrap();
        let of_documents = [event::Kind::DocumentUploadRequested, event::Kind::DocumentUploaded];
        events.into_iter().map(|event| event.kind).filter(|kind| of_documents.contains(kind)).collect()
    }
}

fn assert_error(answer: &Value, asked: Instant) {
    assert_eq!(answer["errors"][0]["extensions"]["code"], "SERVICE_UNAVAILABLE", "{answer:#}");
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1, "{answer:#}");
    let message = answer["errors"][0]["message"].as_str().unwrap();
    assert_eq!(message, "The object store is not available right now; try again later");
    assert!(asked.elapsed() < ERROR_WITHIN, "told after {:?}", asked.elapsed());
}

const DOCUMENTS: &str = "{ documents(first: 9) { nodes { status versions { totalCount } } totalCount } }";

async fn documents(actor: &Actor) -> Value {
    actor.query(DOCUMENTS, json!({})).await["documents"].clone()
}

async fn survives(fault: Fault) {
    let broken = Broken::new().await;
    let world = &broken.world;
    let one = |status| json!({ "nodes": [{ "status": status, "versions": { "totalCount": 1 } }], "totalCount": 1 });

    broken.proxy.fail(fault, "POST");
    for _ in 0..2 {
        let asked = Instant::now();
        assert_error(&broken.announce("one").await, asked);
        assert_eq!(documents(&world.martin).await, one("PENDING"));
    }
    broken.proxy.repair();
    let upload = broken.announce("one").await["data"]["requestUpload"].clone();
    assert_eq!(upload["parts"].as_array().map(Vec::len), Some(1), "{upload:#}");
    assert_eq!(broken.announce("one").await["data"]["requestUpload"]["version"], upload["version"]);

    // The upload continues after a failure of each step: listing the parts, joining them, and reading the object.
    world.martin.send_parts(&upload, TEXT.as_bytes()).await;
    for step in ["x-id=ListParts", "POST", "x-id=GetObject"] {
        broken.proxy.fail(fault, step);
        let asked = Instant::now();
        assert_error(&broken.complete(&upload["version"]["id"]).await, asked);
        assert_eq!(documents(&world.martin).await, one("PENDING"), "{step}");
    }
    broken.proxy.repair();
    for _ in 0..2 {
        let done = broken.complete(&upload["version"]["id"]).await;
        assert_eq!(done["data"]["completeUpload"]["document"]["status"], "READY", "{done:#}");
    }

    assert_eq!(documents(&world.operator).await, one("READY"));
    assert_eq!(broken.events().await, [event::Kind::DocumentUploadRequested, event::Kind::DocumentUploaded]);
    let query = "{ documents(first: 1) { nodes { latestVersion { download { url } } } } }";
    let url =
        world.martin.query(query, json!({})).await["documents"]["nodes"][0]["latestVersion"]["download"]["url"].clone();
    assert_eq!(world.anonymous.fetch(url.as_str().unwrap()).await.text().await.unwrap(), TEXT);
    let listed = broken.store.good_tool().list_objects_v2().bucket(broken.store.bucket()).send().await.unwrap();
    assert_eq!(listed.key_count(), Some(1));
    // If the store did it and the answer was lost, its lifecycle rule cleans up.
    if !matches!(fault, Fault::CutShort | Fault::AnswerLost) {
        assert_eq!(broken.uploads_in_store().await, 0);
    }
}

#[tokio::test]
async fn a_store_that_closes_the_connection() {
    survives(Fault::Closed).await;
}

#[tokio::test]
async fn a_store_that_hangs() {
    survives(Fault::Hangs).await;
}

#[tokio::test]
async fn a_store_that_answers_503() {
    survives(Fault::Unavailable).await;
}

#[tokio::test]
async fn a_store_whose_answers_are_cut_short() {
    survives(Fault::CutShort).await;
}

#[tokio::test]
async fn a_store_whose_answers_are_lost() {
    survives(Fault::AnswerLost).await;
}

/// More calls wait for the store than there are connections to the database. None of them holds one.
#[tokio::test]
async fn everything_else_works_while_the_store_hangs() {
    let broken = Broken::waiting(Duration::from_secs(8)).await;
    let world = &broken.world;
    broken.proxy.fail(Fault::Hangs, "POST");
    let answered = AtomicUsize::new(0);
    let names: Vec<_> = (0..24).map(|n| format!("waiting-{n}")).collect();
    let uploads = futures::future::join_all(names.iter().map(async |name| {
        let asked = Instant::now();
        assert_error(&broken.announce(name).await, asked);
        answered.fetch_add(1, Ordering::Relaxed);
    }));
    let others = async {
        let waiting = || broken.proxy.heads().into_iter().filter_map(|head| head.lines().next().map(str::to_owned));
        while waiting().filter(|line| line.starts_with("POST")).collect::<HashSet<_>>().len() < names.len() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        world.operator.does("createClient", json!({ "name": "Nouveau", "track": "LAB" }), "client { id }").await;
        assert_eq!(documents(&world.operator).await["totalCount"], 24);
        assert_eq!(answered.load(Ordering::Relaxed), 0, "they no longer waited");
    };
    tokio::join!(uploads, others);
}

#[tokio::test]
async fn an_upload_that_the_store_ended_is_opened_again() {
    let broken = Broken::new().await;
    let world = &broken.world;
    let upload = broken.announce("one").await["data"]["requestUpload"].clone();
    world.martin.send_parts(&upload, TEXT.as_bytes()).await;
    let (tool, bucket) = (broken.store.good_tool(), broken.store.bucket());
    let uploads = tool.list_multipart_uploads().bucket(bucket).send().await.unwrap();
    let (key, id) = (uploads.uploads()[0].key().unwrap(), uploads.uploads()[0].upload_id().unwrap());
    tool.abort_multipart_upload().bucket(bucket).key(key).upload_id(id).send().await.unwrap();

    let input = json!({ "versionId": upload["version"]["id"] });
    let refused = world.martin.mutate("completeUpload", input.clone(), "").await;
    assert_eq!(refused["userErrors"][0]["code"], "CONFLICT");
    assert!(refused["userErrors"][0]["message"].as_str().unwrap().contains("Request a new upload"), "{refused}");

    let again = broken.announce("one").await["data"]["requestUpload"].clone();
    assert_eq!(again["version"], upload["version"]);
    world.martin.send_parts(&again, TEXT.as_bytes()).await;
    world.martin.does("completeUpload", input, "document { id }").await;
    assert_eq!(documents(&world.martin).await["totalCount"], 1);
}

#[tokio::test]
async fn two_concurrent_requests_get_the_same_upload() {
    let broken = Broken::new().await;
    broken.proxy.fail(Fault::Unavailable, "POST");
    broken.announce("one").await;
    broken.proxy.repair();
    let (one, other) = tokio::join!(broken.announce("one"), broken.announce("one"));
    let id = |answer: &Value| {
        let url = answer["data"]["requestUpload"]["parts"][0]["url"].as_str().unwrap().to_owned();
        url.split('&').find(|pair| pair.contains("uploadId=")).unwrap().to_owned()
    };
    assert_eq!(id(&one), id(&other));
    assert_eq!(broken.uploads_in_store().await, 1);
}

/// Each attempt to verify a large upload continues where the previous one stopped.
#[tokio::test]
async fn a_large_upload_is_verified_although_every_answer_is_cut_short() {
    let broken = Broken::new().await;
    let world = &broken.world;
    let bytes = vec![b'x'; 50 << 20];
    let upload = world.martin.request_upload(&world.martin_id, "ASSETS", "film.txt", &bytes).await;
    world.martin.send_parts(&upload, &bytes).await;
    broken.proxy.fail(Fault::ClosedMidway, "x-id=GetObject");
    let input = json!({ "versionId": upload["version"]["id"] });
    let begun = world.martin.does("completeUpload", input, "document { status }").await;
    assert_eq!(begun["document"]["status"], "VERIFYING");
    let asked = Instant::now();
    while documents(&world.martin).await["nodes"][0]["status"] != "READY" {
        assert!(asked.elapsed() < Duration::from_mins(2), "{:?}", broken.proxy.heads());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let ranges: Vec<_> = broken
        .proxy
        .heads()
        .iter()
        .filter(|head| head.contains("x-id=GetObject"))
        .map(|head| {
            let range = head.lines().find_map(|line| line.strip_prefix("range: bytes="));
            range.map_or(0, |range| range.trim_end_matches('-').parse::<u64>().unwrap())
        })
        .collect();
    assert!(ranges.len() >= 3, "{ranges:?}");
    assert!(ranges.is_sorted_by(|one, next| one < next), "{ranges:?}");
}
