//! Repeated `kill -9` while files are uploaded, deleted and purged. After the sweeps, the objects in the store are exactly
//! those that the database names.

use crate::support::{
    Actor, App, Value,
    actors::{http_client, mutation, sha256},
    json,
    process::{Process, free_port, run},
    services::Services,
};
use dossier_core::viewer::{SystemPurpose, Viewer};
use dossier_domain::{inventory, reclaim};
use entities::{document::Status, document_version as version, organization};
use reqwest::Client;
use sea_orm::ColumnTrait;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use uuid::Uuid;

const PARTS: &str = "version { id } document { id } parts { url headers { name value } }";

/// Sends a mutation that may fail or be cut off. Returns its payload.
async fn try_mutation(http: &Client, actor: &Actor, name: &str, input: Value, selection: &str) -> Option<Value> {
    let body = json!({ "query": mutation(name, selection), "variables": { "input": input } });
    let request = http.post(format!("{}/graphql", actor.url));
    let answer = request.bearer_auth(actor.token.as_deref()?).json(&body).send().await.ok()?;
    let answer: Value = answer.json().await.ok()?;
    Some(answer["data"][name].clone()).filter(|payload| payload["userErrors"] == json!([]))
}

/// Uploads a file, and goes as far with it as the number says: it stays, is deleted, or is purged.
async fn handle_file(http: &Client, actor: &Actor, client: &str, number: usize) -> Option<()> {
    let bytes = format!("file {number}");
    let input = json!({
        "target": { "newDocument": { "clientId": client, "zone": "ASSETS", "name": format!("{number}.txt") } },
        "contentType": "text/plain", "size": bytes.len(), "sha256": sha256(bytes.as_bytes()),
    });
    let upload = try_mutation(http, actor, "requestUpload", input, PARTS).await?;
    let part = &upload["parts"][0];
    let mut put = http.put(part["url"].as_str()?).body(bytes);
    for header in part["headers"].as_array()? {
        if !header["name"].as_str()?.eq_ignore_ascii_case("content-length") {
            put = put.header(header["name"].as_str()?, header["value"].as_str()?);
        }
    }
    put.send().await.ok()?;
    let version = json!({ "versionId": upload["version"]["id"] });
    if number.is_multiple_of(5) {
        try_mutation(http, actor, "cancelUpload", version, "").await?;
        return Some(());
    }
    try_mutation(http, actor, "completeUpload", version.clone(), "").await?;
    let document = json!({ "id": upload["document"]["id"] });
    if number % 5 > 1 {
        try_mutation(http, actor, "deleteDocument", document.clone(), "").await?;
    }
    if number % 5 > 2 {
        try_mutation(http, actor, "purgeDocument", document, "").await?;
    }
    Some(())
}

/// Handles files until it is stopped.
async fn work(actor: Actor, client: String, next: Arc<AtomicUsize>, stop: Arc<AtomicBool>) {
    let http = http_client();
    while !stop.load(Ordering::Relaxed) {
        if handle_file(&http, &actor, &client, next.fetch_add(1, Ordering::Relaxed)).await.is_none() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Ends the uploads that were cut off, and removes everything that is discarded.
async fn sweep(app: &App, organization: Uuid) {
    let (system, database) = (Viewer::system(organization, SystemPurpose::Command), &app.parts.database);
    let tx = database.write_as(system.clone()).await.unwrap();
    let open = tx.find::<version::Entity>().filter(version::Column::Status.ne(Status::Ready)).all().await.unwrap();
    for upload in open {
        dossier_domain::upload::cancel(&tx, upload.id).await.unwrap();
    }
    tx.commit().await.unwrap();
    app.by_hand("UPDATE document_version SET sweep_at = created_at WHERE sweep_at IS NOT NULL").await;
    reclaim::sweep(database, &app.parts.objects, organization).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_object_is_orphaned_or_lost() {
    let data = tempfile::tempdir().unwrap();
    let services = Services::of_set(data.path()).await;
    if let Some(services) = &services {
        services.write(data.path());
    }
    run(data.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(data.path(), &["member", "add", "olga@atelier.example", "--organization", "atelier", "--role", "owner"]);
    let token = run(data.path(), &["token", "olga@atelier.example"]);
    let port = free_port();
    let mut server = Process::serve(data.path(), port).await;
    let olga = server.actor("olga", &token);
    let client = olga.does("createClient", json!({ "name": "Martin", "track": "LAB" }), "client { id }").await;
    let client = client["client"]["id"].as_str().unwrap().to_owned();
    let (next, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let people: Vec<_> =
        (0..4).map(|_| tokio::spawn(work(olga.clone(), client.clone(), next.clone(), stop.clone()))).collect();
    for files in [9, 14, 7, 12, 5] {
        let goal = next.load(Ordering::Relaxed) + files;
        while next.load(Ordering::Relaxed) < goal {
            tokio::time::sleep(Duration::from_millis(7)).await;
        }
        server.kill();
        server = Process::serve(data.path(), port).await;
        // Whatever was cut off, each object is named, and each complete version has its object.
        run(data.path(), &["objects", "verify"]);
    }
    stop.store(true, Ordering::Relaxed);
    for person in people {
        person.await.unwrap();
    }
    server.kill();
    let app = match services {
        Some(services) => App::on(data, services).await,
        None => App::over(data).await,
    };
    let tx = app.parts.database.read_as(Viewer::platform(SystemPurpose::Command)).await.unwrap();
    let organization = tx.find::<organization::Entity>().one().await.unwrap().unwrap().id;
    drop(tx);
    sweep(&app, organization).await;
    let found = inventory::compare(&app.parts.database, &app.parts.objects, organization).await.unwrap();
    assert_eq!(found.differences, []);
    let tx = app.parts.database.read_as(Viewer::system(organization, SystemPurpose::Command)).await.unwrap();
    let complete = tx.find_whole::<version::Entity>().unwrap().filter(version::Column::DiscardedAt.is_null());
    let complete = complete.filter(version::Column::Status.eq(Status::Ready)).count().await.unwrap();
    assert_eq!(found.objects as u64, complete);
    assert!(complete > 0);
}
