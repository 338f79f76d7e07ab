//! Previews of images and PDF files, which a job makes.

use crate::support::{Actor, App, Value, World, actors::sha256, fixtures, json};
use entities::document_version;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use sea_orm::EntityTrait;
use std::{io::Cursor, time::Duration};

const VERSION: &str = "query($id: ID!, $width: Int) { node(id: $id) { ... on DocumentVersion {
    storageKey preview(width: $width) { url expiresAt } } } }";

/// Returns a green image.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let image = DynamicImage::from(RgbImage::from_pixel(width, height, Rgb([0, 160, 0])));
    image.write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

/// Uploads a file of this type. Returns the ids of its document and of its version.
async fn upload(actor: &Actor, client: &str, zone: &str, content_type: &str, bytes: &[u8]) -> [String; 2] {
    let input = json!({
        "clientId": client, "zone": zone, "name": "maquette", "contentType": content_type, "size": bytes.len(),
        "sha256": sha256(bytes),
    });
    let selection = "version { id } document { id } parts { url headers { name value } offset size }";
    let requested = actor.does("requestUpload", input, selection).await;
    actor.send_parts(&requested, bytes).await;
    let version = json!({ "versionId": requested["version"]["id"] });
    let done = actor.does("completeUpload", version, "document { status }").await;
    assert_eq!(done["document"]["status"], "READY");
    ["document", "version"].map(|subject| requested[subject]["id"].as_str().unwrap().to_owned())
}

async fn preview(actor: &Actor, version: &str, width: u32) -> Option<String> {
    let node = actor.query(VERSION, json!({ "id": version, "width": width })).await["node"].clone();
    node["preview"]["url"].as_str().map(str::to_owned)
}

/// Waits until a job has looked at a version. Returns its preview.
async fn settled(world: &World, version: &str, width: u32) -> Option<String> {
    let (database, id) = (world.app.owner().await, fixtures::uuid(version));
    for _ in 0..600 {
        let row = document_version::Entity::find_by_id(id).one(&database).await.unwrap().unwrap();
        if row.preview.is_some() {
            return preview(&world.operator, version, width).await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no job has looked at the version");
}

async fn keys(world: &World, version: &str) -> [String; 2] {
    let node = world.operator.query(VERSION, json!({ "id": version })).await["node"].clone();
    let key = node["storageKey"].as_str().unwrap();
    [format!("{key}.320"), format!("{key}.1280")]
}

#[tokio::test]
async fn a_job_makes_small_pictures_of_an_image() {
    let world = World::new().await;
    let [document, version] = upload(&world.operator, &world.martin_id, "ASSETS", "image/png", &png(1_600, 800)).await;
    assert_eq!(preview(&world.operator, &version, 320).await, None, "no job has run yet");
    let _jobs = world.app.run_jobs();
    for (width, expected) in [(1, (320, 160)), (320, (320, 160)), (321, (1_280, 640)), (9_000, (1_280, 640))] {
        let url = settled(&world, &version, width).await.unwrap();
        let response = world.operator.fetch(&url).await;
        assert_eq!(response.headers()["content-type"], "image/jpeg");
        let disposition = response.headers()["content-disposition"].to_str().unwrap().to_owned();
        assert!(disposition.starts_with("inline; filename=\"maquette.jpeg\""), "{disposition}");
        let picture = image::load_from_memory(&response.bytes().await.unwrap()).unwrap();
        assert_eq!((picture.width(), picture.height()), expected, "for {width}");
    }

    // The client sees it with the document.
    assert_eq!(preview(&world.martin, &version, 320).await, None, "the document is hidden");
    world.operator.does("publishDocument", json!({ "id": document }), "").await;
    assert!(preview(&world.martin, &version, 320).await.is_some());
    let query = "query($id: ID!) { node(id: $id) { ... on Document { preview { url } } } }";
    let seen = world.martin.query(query, json!({ "id": document })).await;
    assert!(seen["node"]["preview"]["url"].is_string());
}

#[tokio::test]
async fn a_restored_version_shares_its_previews_and_a_purge_removes_them() {
    let world = World::new().await;
    let [document, first] = upload(&world.owner, &world.martin_id, "ASSETS", "image/png", &png(20, 20)).await;
    world.owner.uploads_version(&document, "une note").await;
    let restored = world.owner.does("restoreDocumentVersion", json!({ "versionId": first }), "version { id }").await;
    let restored = restored["version"]["id"].as_str().unwrap().to_owned();
    let _jobs = world.app.run_jobs();
    assert!(settled(&world, &first, 320).await.is_some());
    assert!(settled(&world, &restored, 320).await.is_some(), "it has the same bytes");

    let (objects, keys) = (&world.app.parts.objects, keys(&world, &first).await);
    for key in &keys {
        assert!(objects.size(key).await.unwrap().is_some());
    }
    let found = dossier_domain::inventory::compare(&world.app.parts.database, objects, world.organization).await;
    let found = found.unwrap();
    assert_eq!((found.objects, found.differences), (4, Vec::new()), "the previews are known");
    objects.delete(&keys[0]).await.unwrap();
    let found = dossier_domain::inventory::compare(&world.app.parts.database, objects, world.organization).await;
    assert_eq!(found.unwrap().differences.len(), 1, "a missing preview is found");

    world.owner.does("deleteDocument", json!({ "id": document }), "").await;
    assert!(objects.size(&keys[1]).await.unwrap().is_some(), "the document can be restored");
    world.owner.does("purgeDocument", json!({ "id": document }), "").await;
    for key in &keys {
        assert_eq!(objects.size(key).await.unwrap(), None);
    }
}

#[tokio::test]
async fn wide_previews_of_private_documents_are_recorded_like_downloads() {
    let world = World::new().await;
    let [_, version] = upload(&world.operator, &world.martin_id, "PRIVATE", "image/png", &png(20, 20)).await;
    let _jobs = world.app.run_jobs();
    assert!(settled(&world, &version, 320).await.is_some());
    let recorded = async || {
        let query = "{ auditLog(first: 50, filter: { actions: [PRIVATE_DOCUMENT_DOWNLOADED] }) { nodes { id } } }";
        world.owner.query(query, json!({})).await["auditLog"]["nodes"].as_array().unwrap().len()
    };
    assert_eq!(recorded().await, 0);
    assert!(preview(&world.operator, &version, 321).await.is_some());
    assert_eq!(recorded().await, 1);
}

#[tokio::test]
async fn unreadable_files_have_no_previews() {
    let world = World::new().await;
    let broken = b"\x89PNG\r\n\x1a\nbroken";
    let [_, broken] = upload(&world.operator, &world.martin_id, "ASSETS", "image/png", broken).await;
    let [_, pdf] = upload(&world.operator, &world.martin_id, "ASSETS", "application/pdf", b"%PDF-1.7\nbroken").await;
    let _jobs = world.app.run_jobs();
    assert_eq!(settled(&world, &broken, 320).await, None);
    assert_eq!(settled(&world, &pdf, 320).await, None);
}

#[tokio::test]
async fn a_renderer_that_crashes_costs_only_the_preview() {
    for program in ["/bin/false", "/bin/true"] {
        let arguments = crate::support::objects::named().map(|store| crate::support::objects::arguments(&store));
        let mut arguments = arguments.unwrap_or_default();
        arguments.push(format!("--preview-program={program}"));
        let world = World::on(App::configured(&arguments).await).await;
        let [_, version] = upload(&world.operator, &world.martin_id, "ASSETS", "image/png", &png(20, 20)).await;
        let _jobs = world.app.run_jobs();
        assert_eq!(settled(&world, &version, 320).await, None, "{program}");
    }
}

#[tokio::test]
async fn browsers_show_harmless_files_on_request() {
    let world = World::new().await;
    let query = "query($id: ID!) { node(id: $id) { ... on DocumentVersion {
        shown: download(inline: true) { url } stored: download { url } } } }";
    for (content_type, bytes, is_shown) in [
        ("image/png", png(2, 2), true),
        ("application/pdf", b"%PDF-1.7\n".to_vec(), true),
        ("text/plain; charset=utf-8", b"bonjour".to_vec(), true),
        ("text/html", b"<script>alert(1)</script>".to_vec(), false),
        ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), false),
    ] {
        let [_, version] = upload(&world.operator, &world.martin_id, "ASSETS", content_type, &bytes).await;
        let node = world.operator.query(query, json!({ "id": version })).await["node"].clone();
        let disposition = async |link: &Value| {
            let response = world.operator.fetch(link["url"].as_str().unwrap()).await;
            assert_eq!(response.headers()["content-type"], content_type);
            response.headers()["content-disposition"].to_str().unwrap().split(';').next().unwrap().to_owned()
        };
        assert_eq!(disposition(&node["shown"]).await, if is_shown { "inline" } else { "attachment" }, "{content_type}");
        assert_eq!(disposition(&node["stored"]).await, "attachment", "{content_type}");
    }
}
