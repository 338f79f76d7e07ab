//! An upload goes on after the client has lost everything but the document's id.

use crate::support::{Actor, Value, World, actors::sha256, json};
use dossier_domain::reclaim;

const UPLOAD: &str = "query($id: ID!, $numbers: [Int!]) { node(id: $id) { ... on Document { upload {
    partSize partCount receivedParts receivedSize expiresAt
    parts { number url headers { name value } offset size expiresAt }
    chosen: parts(numbers: $numbers) { number }
} } } }";

/// A file for Martin's dossier.
pub struct File<'a> {
    pub world: &'a World,
    pub name: &'a str,
    pub content_type: &'a str,
    pub bytes: &'a [u8],
    pub sha256: Option<String>,
}

impl<'a> File<'a> {
    pub fn new(world: &'a World, name: &'a str, bytes: &'a [u8]) -> Self {
        Self { world, name, content_type: "text/plain", bytes, sha256: None }
    }

    pub fn input(&self) -> Value {
        let file = json!({ "clientId": self.world.martin_id, "zone": "ASSETS", "name": self.name });
        let (size, sha256) = (self.bytes.len(), &self.sha256);
        json!({ "target": { "newDocument": file }, "contentType": self.content_type, "size": size, "sha256": sha256 })
    }

    pub async fn request(&self, actor: &Actor) -> Value {
        let selection = "version { id sha256 } document { id } parts { number url headers { name value } offset size }
            upload { partCount receivedParts }";
        actor.does("requestUpload", self.input(), selection).await
    }
}

async fn seen(actor: &Actor, document: &Value) -> Value {
    let seen = actor.query(UPLOAD, json!({ "id": document, "numbers": [2] })).await;
    seen["node"]["upload"].clone()
}

#[tokio::test]
async fn an_upload_is_resumed_with_the_parts_that_are_missing() {
    let world = World::new().await;
    let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(40 << 20).collect();
    let file = File::new(&world, "film.bin", &bytes);
    let mut upload = file.request(&world.martin).await;
    assert_eq!(upload["upload"], json!({ "partCount": 3, "receivedParts": [] }));
    let document = upload["document"]["id"].clone();
    upload["parts"].as_array_mut().unwrap().remove(1);
    world.martin.send_parts(&upload, &bytes).await;
    // The client crashed, and knows the document from its list.
    let resumed = seen(&world.martin, &document).await;
    assert_eq!((&resumed["partSize"], &resumed["partCount"]), (&json!(16 << 20), &json!(3)));
    assert_eq!((&resumed["receivedParts"], &resumed["receivedSize"]), (&json!([1, 3]), &json!(24 << 20)));
    assert_eq!(resumed["chosen"], json!([{ "number": 2 }]));
    let parts = resumed["parts"].as_array().unwrap();
    assert_eq!((parts.len(), &parts[0]["number"]), (1, &json!(2)));
    let until = |text: &Value| chrono::DateTime::parse_from_rfc3339(text.as_str().unwrap()).unwrap().to_utc();
    let now = chrono::Utc::now();
    assert!(until(&parts[0]["expiresAt"]) <= now + chrono::TimeDelta::minutes(15));
    let left = until(&resumed["expiresAt"]) - now;
    assert!(left <= chrono::TimeDelta::days(7) && left > chrono::TimeDelta::hours(167), "{left}");
    for other in [&world.operator, &world.owner, &world.staff] {
        assert_eq!(seen(other, &document).await, Value::Null, "{}", other.name);
    }
    world.martin.send_parts(&resumed, &bytes).await;
    assert_eq!(seen(&world.martin, &document).await["parts"], json!([]));
    let version = upload["version"]["id"].clone();
    world.martin.does("completeUpload", json!({ "versionId": version }), "").await;
    assert_eq!(super::verification::verified(&world.martin, &version).await.0, "READY");
    assert_eq!(seen(&world.martin, &document).await, Value::Null);
    let query = "query($id: ID!) { node(id: $id) { ... on DocumentVersion { sha256 } } }";
    let stated = world.operator.query(query, json!({ "id": version })).await;
    assert_eq!(stated["node"]["sha256"], sha256(&bytes), "the server computed it");
}

#[tokio::test]
async fn the_server_states_the_sha256_of_a_small_file() {
    let world = World::new().await;
    let upload = File::new(&world, "a.txt", b"abc").request(&world.martin).await;
    assert_eq!(upload["version"]["sha256"], "");
    world.martin.send_parts(&upload, b"abc").await;
    let input = json!({ "versionId": upload["version"]["id"] });
    let done = world.martin.does("completeUpload", input, "document { latestVersion { sha256 } }").await;
    assert_eq!(done["document"]["latestVersion"]["sha256"], sha256(b"abc"));
    let zeros = File { sha256: Some("0".repeat(64)), ..File::new(&world, "b.txt", b"abc") };
    assert_eq!(world.martin.refused("requestUpload", zeros.input()).await, "INVALID sha256");
}

#[tokio::test]
async fn files_of_50_gib_are_taken_in_few_parts() {
    let world = World::new().await;
    let platform = dossier_core::viewer::Viewer::platform(dossier_core::viewer::SystemPurpose::Command);
    let tx = world.app.parts.database.write_as(platform).await.unwrap();
    dossier_domain::organization::limit_storage(&tx, "atelier", 1 << 40).await.unwrap();
    tx.commit().await.unwrap();
    let mut input = File::new(&world, "huge.bin", b"").input();
    input["size"] = json!(50_i64 << 30);
    let upload = world.operator.does("requestUpload", input.clone(), "parts { number size } document { id }").await;
    let parts = upload["parts"].as_array().unwrap();
    assert!(parts.len() <= 1_000);
    assert_eq!(parts.iter().map(|part| part["size"].as_i64().unwrap()).sum::<i64>(), 50 << 30);
    input["size"] = json!((50_i64 << 30) + 1);
    assert_eq!(world.operator.refused("requestUpload", input).await, "INVALID size");
}

/// Parts keep an upload open, and their absence ends it.
#[tokio::test]
async fn an_upload_ends_seven_days_after_its_newest_part() {
    let world = World::new().await;
    let long_ago =
        "UPDATE document_version SET created_at = '2020-01-01T00:00:00+00:00', sweep_at = '2020-01-02T00:00:00+00:00'";
    let sweep = async || {
        let app = &world.app.parts;
        reclaim::sweep(&app.database, &app.objects, world.organization).await.unwrap();
    };
    let bytes = vec![b'x'; (16 << 20) + 1];
    let active = File::new(&world, "active.bin", &bytes).request(&world.martin).await;
    let idle = File::new(&world, "idle.bin", &bytes).request(&world.martin).await;
    let first = json!({ "parts": [active["parts"][1]] });
    world.martin.send_parts(&first, &bytes).await;
    world.app.by_hand(long_ago).await;
    sweep().await;
    let left = seen(&world.martin, &active["document"]["id"]).await;
    assert_eq!(left["receivedParts"], json!([2]));
    assert_eq!(seen(&world.martin, &idle["document"]["id"]).await, Value::Null);
    let used = world.owner.query("{ viewer { organization { storageUsed storageReserved } } }", json!({})).await;
    let used = &used["viewer"]["organization"];
    assert_eq!((&used["storageUsed"], &used["storageReserved"]), (&json!(bytes.len()), &json!(bytes.len())));
}
