//! Rule 13: nobody can use up the storage of others by announcing uploads that never arrive.

use crate::support::{Actor, App, Value, World, actors::sha256, json, process};
use dossier_core::viewer::{SystemPurpose, Viewer};
use dossier_domain::reclaim;
use entities::{event, organization};
use futures::future::join_all;
use sea_orm::ColumnTrait;

const LARGEST: i64 = 5 << 30;

const ANNOUNCED_LONG_AGO: &str =
    "UPDATE document_version SET created_at = '2020-01-01 00:00:00+00:00', sweep_at = '2020-01-02 00:00:00+00:00'";

const LOOKED_AT_NEXT: &str = "UPDATE document_version SET sweep_at = '2020-01-02 00:00:00+00:00'";

/// Returns the input of an upload whose bytes are never sent.
fn announced(client: &str, size: i64) -> Value {
    json!({
        "clientId": client, "zone": "ASSETS", "name": "film.mp4", "contentType": "video/mp4", "size": size,
        "sha256": sha256(b""),
    })
}

/// Announces this many uploads in one request. Returns their payloads.
async fn announce(actor: &Actor, client: &str, size: i64, times: usize) -> Vec<Value> {
    let one = "requestUpload(input: $input) { version { id } document { id } userErrors { code message } }";
    let all = (0..times).map(|n| format!("u{n}: {one}")).collect::<Vec<_>>().join(" ");
    let query = format!("mutation($input: RequestUploadInput!) {{ {all} }}");
    let data = actor.query(&query, json!({ "input": announced(client, size) })).await;
    (0..times).map(|n| data[format!("u{n}")].clone()).collect()
}

/// Returns the accepted uploads, and the messages of those that were refused as conflicts.
fn divided(payloads: Vec<Value>) -> (Vec<Value>, Vec<String>) {
    let (accepted, refused): (Vec<_>, Vec<_>) = payloads.into_iter().partition(|one| one["userErrors"] == json!([]));
    let messages = refused.iter().map(|one| {
        assert_eq!(one["userErrors"][0]["code"], "CONFLICT", "{one:#}");
        one["userErrors"][0]["message"].as_str().unwrap().to_owned()
    });
    (accepted, messages.collect())
}

async fn limit_storage(world: &World, bytes: i64) {
    let tx = world.app.parts.database.write_as(Viewer::platform(SystemPurpose::Command)).await.unwrap();
    dossier_domain::organization::limit_storage(&tx, "atelier", bytes).await.unwrap();
    tx.commit().await.unwrap();
}

pub(super) async fn sweep(world: &World) {
    reclaim::sweep(&world.app.parts.database, &world.app.parts.objects, world.organization).await.unwrap();
}

/// Returns whether the organization's uploads may take exactly these bytes: a larger upload is refused, and one of this
/// size is not.
async fn is_left(world: &World, bytes: usize) -> bool {
    let upload = world.owner.request_upload(&world.martin_id, "ASSETS", "probe.txt", &vec![b'x'; bytes]).await;
    if upload["userErrors"] != json!([]) {
        return false;
    }
    world.owner.does("cancelUpload", json!({ "versionId": upload["version"]["id"] }), "cancelledId").await;
    true
}

#[tokio::test]
async fn announced_uploads_without_bytes_block_nobody() {
    let world = World::new().await;
    let martin = &world.martin_id;
    let (accepted, refused) = divided(announce(&world.martin, martin, LARGEST, 20).await);
    assert_eq!(accepted.len(), 5, "a quarter of 100 GiB");
    assert!(refused.iter().all(|message| message.contains("more than a quarter")), "{refused:?}");
    for (actor, client) in [(&world.owner, martin), (&world.durand, &world.durand_id)] {
        let (accepted, refused) = divided(announce(actor, client, LARGEST, 1).await);
        assert_eq!(accepted.len(), 1, "{}: {refused:?}", actor.name);
    }
    // Deleting announced documents frees their bytes at once.
    for upload in &accepted {
        world.martin.does("deleteDocument", json!({ "id": upload["document"]["id"] }), "deletedId").await;
    }
    assert_eq!(divided(announce(&world.martin, martin, LARGEST, 20).await).0.len(), 4, "of 90 GiB that are left");
}

#[tokio::test]
async fn the_open_uploads_to_a_dossier_leave_room_for_others() {
    let world = World::new().await;
    let martin = &world.martin_id;
    let mut accepted = 0;
    for actor in [&world.martin, &world.staff, &world.manager, &world.operator, &world.owner] {
        let (opened, refused) = divided(announce(actor, martin, LARGEST, 6).await);
        accepted += opened.len();
        assert!(refused.iter().all(|message| message.contains("more than")), "{refused:?}");
    }
    assert_eq!(accepted, 10, "half of 100 GiB");
    let (_, refused) = divided(announce(&world.owner, martin, LARGEST, 1).await);
    assert!(refused[0].contains("open uploads to this dossier"), "{refused:?}");
    assert_eq!(divided(announce(&world.owner, &world.durand_id, LARGEST, 2).await).0.len(), 2);
    assert_eq!(divided(announce(&world.durand, &world.durand_id, LARGEST, 2).await).0.len(), 2);
}

#[tokio::test]
async fn the_open_uploads_of_a_member_are_limited() {
    let world = World::new().await;
    let mut accepted = Vec::new();
    for _ in 0..5 {
        accepted.extend(divided(announce(&world.martin, &world.martin_id, 1, 20).await).0);
    }
    assert_eq!(accepted.len(), 100);
    let (_, refused) = divided(announce(&world.martin, &world.martin_id, 1, 1).await);
    assert!(refused[0].contains("100 open uploads"), "{refused:?}");
    assert_eq!(divided(announce(&world.staff, &world.martin_id, 1, 1).await).0.len(), 1);
    let first = json!({ "versionId": accepted[0]["version"]["id"] });
    world.martin.does("cancelUpload", first, "cancelledId").await;
    assert_eq!(divided(announce(&world.martin, &world.martin_id, 1, 2).await).0.len(), 1);
}

#[tokio::test]
async fn of_concurrent_uploads_one_gets_the_last_bytes() {
    let world = World::new().await;
    limit_storage(&world, 10).await;
    let actors = [&world.owner, &world.operator, &world.manager, &world.staff, &world.martin];
    let uploads = actors.iter().map(|actor| actor.request_upload(&world.martin_id, "ASSETS", "six.txt", b"123456"));
    let (accepted, _) = divided(join_all(uploads).await);
    assert_eq!(accepted.len(), 1);
    assert!(is_left(&world, 4).await && !is_left(&world, 5).await);
}

#[tokio::test]
async fn a_cancelled_upload_is_gone_and_its_bytes_are_free() {
    let world = World::new().await;
    limit_storage(&world, 10).await;
    let parts = "version { id } document { id } parts { url headers { name value } offset size }";
    let bytes = b"0123456789";
    let input = json!({
        "clientId": world.martin_id, "zone": "ASSETS", "name": "a.txt", "contentType": "text/plain",
        "size": bytes.len(), "sha256": sha256(bytes),
    });
    let query = crate::support::actors::mutation("requestUpload", parts);
    let input = json!({ "input": input });
    let key = [("idempotency-key", "one")];
    let upload = world.martin.send_with(&query, input.clone(), &key).await.1["data"]["requestUpload"].clone();
    world.martin.send_parts(&upload, bytes).await;
    let version = json!({ "versionId": upload["version"]["id"] });
    assert_eq!(world.durand.refused("cancelUpload", version.clone()).await, "NOT_FOUND versionId");
    assert!(!is_left(&world, 1).await);
    let gone = world.martin.does("cancelUpload", version.clone(), "cancelledId").await;
    assert_eq!(gone["cancelledId"], upload["version"]["id"]);
    let node = "query($id: ID!) { node(id: $id) { id } }";
    for id in [&upload["version"]["id"], &upload["document"]["id"]] {
        for actor in [&world.martin, &world.owner] {
            assert_eq!(actor.query(node, json!({ "id": id })).await["node"], json!(null));
        }
    }
    assert_eq!(world.martin.refused("completeUpload", version.clone()).await, "NOT_FOUND versionId");
    assert_eq!(world.martin.refused("cancelUpload", version).await, "NOT_FOUND versionId");
    // The same request again returns the same upload. It has ended, so there are no new URLs.
    let again = world.martin.send_with(&query, input, &key).await.1["data"]["requestUpload"].clone();
    assert_eq!((&again["parts"], &again["userErrors"][0]["code"]), (&json!([]), &json!("CONFLICT")), "{again:#}");
    let late = reqwest::Client::new().put(upload["parts"][0]["url"].as_str().unwrap()).body(bytes.to_vec());
    assert_eq!(late.send().await.unwrap().status(), 404, "its URLs stopped working");
    assert!(is_left(&world, 10).await);
}

#[tokio::test]
async fn cancelling_a_further_version_leaves_the_document() {
    let world = World::new().await;
    let id = world.martin.uploads(&world.martin_id, "ASSETS", "logo.txt", "v1").await;
    let input = json!({ "documentId": id, "contentType": "text/plain", "size": 2, "sha256": sha256(b"v2") });
    let upload = world.martin.does("requestUpload", input.clone(), "version { id number }").await;
    let version = json!({ "versionId": upload["version"]["id"] });
    assert_eq!(world.staff.refused("cancelUpload", version.clone()).await, "FORBIDDEN");
    world.operator.does("archiveClient", json!({ "id": world.martin_id }), "").await;
    world.martin.does("cancelUpload", version, "cancelledId").await;
    world.operator.does("restoreClient", json!({ "id": world.martin_id }), "").await;
    let query = "query($id: ID!) { node(id: $id) { ... on Document { status latestVersion { id number } \
                 versions { totalCount } } } }";
    let seen = world.operator.query(query, json!({ "id": id })).await["node"].clone();
    assert_eq!((&seen["status"], &seen["versions"]["totalCount"]), (&json!("READY"), &json!(1)), "{seen:#}");
    let complete = json!({ "versionId": seen["latestVersion"]["id"] });
    assert_eq!(world.martin.refused("cancelUpload", complete).await, "CONFLICT");
    // Its number is not used again.
    assert_eq!(world.martin.does("requestUpload", input, "version { number }").await["version"]["number"], 3);
}

#[tokio::test]
async fn of_concurrent_completing_and_cancelling_one_wins() {
    let world = World::new().await;
    for turn in 0..5 {
        let text = format!("turn {turn}");
        let upload = world.martin.request_upload(&world.martin_id, "ASSETS", "a.txt", text.as_bytes()).await;
        world.martin.send_parts(&upload, text.as_bytes()).await;
        let version = json!({ "versionId": upload["version"]["id"] });
        let (completed, cancelled) = tokio::join!(
            world.martin.mutate("completeUpload", version.clone(), "document { latestVersion { download { url } } }"),
            world.operator.mutate("cancelUpload", version, "cancelledId"),
        );
        let done = |payload: &Value| payload["userErrors"] == json!([]);
        assert!(done(&completed) != done(&cancelled), "{completed:#} {cancelled:#}");
        if done(&completed) {
            let url = completed["document"]["latestVersion"]["download"]["url"].as_str().unwrap();
            assert_eq!(world.anonymous.fetch(url).await.text().await.unwrap(), text);
        }
    }
}

#[tokio::test]
async fn an_upload_that_nobody_completes_ends_after_a_day() {
    let world = World::new().await;
    limit_storage(&world, 10).await;
    let old = world.martin.request_upload(&world.martin_id, "ASSETS", "old.txt", b"12345").await;
    world.app.by_hand(ANNOUNCED_LONG_AGO).await;
    let young = world.martin.request_upload(&world.martin_id, "ASSETS", "young.txt", b"12345").await;
    world.app.by_hand(LOOKED_AT_NEXT).await;
    assert!(!is_left(&world, 1).await);
    sweep(&world).await;
    let query = "{ documents(first: 9) { nodes { id } } }";
    let left = world.martin.query(query, json!({})).await["documents"]["nodes"].clone();
    assert_eq!(left, json!([{ "id": young["document"]["id"] }]), "{old:#}");
    assert!(is_left(&world, 5).await && !is_left(&world, 6).await);
    let viewer = Viewer::system(world.organization, SystemPurpose::Command);
    let read_tx = world.app.parts.database.read_as(viewer).await.unwrap();
    let deleted = read_tx.find::<event::Entity>().filter(event::Column::Kind.eq(event::Kind::DocumentDeleted));
    let actors: Vec<_> = deleted.all().await.unwrap().into_iter().map(|event| event.actor_kind).collect();
    assert!(actors.contains(&event::ActorKind::System), "{actors:?}");
}

#[tokio::test]
async fn documents_deleted_by_the_previous_version_are_in_the_trash() {
    let world = World::new().await;
    limit_storage(&world, 10).await;
    world.martin.uploads(&world.martin_id, "ASSETS", "ready.txt", "12345").await;
    // The version before only updates the document.
    let sql = "UPDATE document SET deleted_at = '2020-01-01 00:00:00+00:00', published_version_id = NULL";
    assert_eq!(world.app.by_hand(sql).await, 1);
    sweep(&world).await;
    assert!(!is_left(&world, 10).await);
    let trash =
        world.owner.query("{ deletedDocuments(first: 1) { nodes { id deletedBy { displayName } } } }", json!({})).await;
    let node = &trash["deletedDocuments"]["nodes"][0];
    assert!(node["deletedBy"].is_null());
    world.owner.does("purgeDocument", json!({ "id": node["id"] }), "").await;
    assert!(is_left(&world, 10).await);
}

#[tokio::test]
async fn a_suspended_organization_gets_its_bytes_back() {
    let world = World::new().await;
    limit_storage(&world, 10).await;
    world.martin.request_upload(&world.martin_id, "ASSETS", "old.txt", b"0123456789").await;
    world.app.by_hand(ANNOUNCED_LONG_AGO).await;
    let suspend = async |suspended| {
        let tx = world.app.parts.database.write_as(Viewer::platform(SystemPurpose::Command)).await.unwrap();
        dossier_domain::organization::suspend(&tx, "atelier", suspended).await.unwrap();
        tx.commit().await.unwrap();
    };
    suspend(true).await;
    sweep(&world).await;
    suspend(false).await;
    assert!(is_left(&world, 10).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_sets_the_storage_limit() {
    let data = tempfile::tempdir().unwrap();
    let set = |limit: &str| {
        let mut command = process::command(data.path());
        command.args(["organization", "set", "atelier", "--storage-limit", limit]).output().unwrap()
    };
    process::run(data.path(), &["migrate"]);
    process::run(data.path(), &["organization", "create", "atelier", "--name", "Atelier"]);
    assert!(set("50GiB").status.success());
    let wrong = set("fifty");
    assert!(!wrong.status.success());
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("such as 50GiB"));
    let app = App::over(data).await;
    let read_tx = app.parts.database.read_as(Viewer::platform(SystemPurpose::Command)).await.unwrap();
    let row = read_tx.find::<organization::Entity>().one().await.unwrap().unwrap();
    assert_eq!(row.storage_limit, 50 << 30);
}
