//! The disk under the embedded services is full, fails, or loses the database. Callers get an error, readiness reports
//! it, and confirmed changes are stored. Everything works again after the disk is repaired.

use crate::support::{
    Actor, App, Value, World,
    actors::{mutation, sha256},
    disk::Disk,
    json,
    process::{BINARY, Process, command, configured, free_port, succeed},
};
use dossier::observe::health::{State, Status};
use std::{
    fs,
    process::Command,
    time::{Duration, Instant},
};

const SUBMIT: &str = "submitValidationRequest";

/// Creates an agency with these commands. Returns its operator's token.
fn set_up(command: impl Fn() -> Command) -> String {
    succeed(command(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
    succeed(command(), &["member", "add", "olga@atelier.example", "--organization", "atelier", "--role", "operator"]);
    succeed(command(), &["token", "olga@atelier.example"])
}

async fn open_dossier(olga: &Actor) -> String {
    let made = olga.does("createClient", json!({ "name": "Martin", "track": "LAB" }), "client { id }").await;
    made["client"]["id"].as_str().unwrap().to_owned()
}

/// Submits a long request. Returns its id, or `None` if the answer says that it could not be stored.
async fn submit(olga: &Actor, client: &str) -> Option<String> {
    let input = json!({ "clientId": client, "title": "Essai", "description": "é".repeat(10_000) });
    let query = mutation(SUBMIT, "validationRequest { id }");
    let answer = olga.send(&query, json!({ "input": input })).await;
    if answer.get("errors").is_some() {
        assert_unavailable(&answer);
        return None;
    }
    let payload = &answer["data"][SUBMIT];
    assert_eq!(payload["userErrors"], json!([]), "{answer:#}");
    Some(payload["validationRequest"]["id"].as_str().unwrap_or_else(|| panic!("nothing stored: {answer:#}")).to_owned())
}

fn assert_unavailable(answer: &Value) {
    assert_eq!(answer["errors"][0]["extensions"]["code"], "SERVICE_UNAVAILABLE", "{answer:#}");
    assert!(!answer.to_string().contains("disk"), "the database's own words: {answer:#}");
}

/// Submits until nothing is stored any more for some time, because the log of the database may shrink sometimes.
/// Returns the stored requests.
async fn fill(olga: &Actor, client: &str) -> Vec<String> {
    let (mut stored, mut refused) = (Vec::new(), 0);
    while refused < 20 {
        match submit(olga, client).await {
            Some(id) => {
                stored.push(id);
                refused = 0;
            }
            None => refused += 1,
        }
        assert!(stored.len() < 5_000, "the disk is never full");
    }
    stored
}

async fn readiness(server: &Process) -> (u16, Value) {
    let response = reqwest::get(format!("{}/health/ready", server.url)).await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn until_ready(server: &Process) {
    let begun = Instant::now();
    while readiness(server).await.0 != 200 {
        assert!(begun.elapsed() < Duration::from_secs(20), "it never recovers: {}", server.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn assert_unready(server: &Process) {
    let (status, report) = readiness(server).await;
    assert_eq!((status, &report["dependencies"]["database"]), (503, &json!("down")), "{report}");
    assert!(server.log().contains("this server is not ready"), "{}", server.log());
}

/// Checks that writes are stored again: each connection writes, and each write is read back.
async fn assert_stores(olga: &Actor, client: &str, stored: &mut Vec<String>) {
    let more = futures::future::join_all((0..40).map(|_| submit(olga, client))).await;
    stored.extend(more.into_iter().map(|id| id.expect("there is room")));
    let input = json!({ "id": client, "name": "Martin et fils" });
    let changed = olga.does("updateClient", input, "client { name }").await;
    assert_eq!(changed["client"]["name"], "Martin et fils");
}

async fn assert_stored(olga: &Actor, client: &str, stored: &[String]) {
    let query = "query($id: ID!) { client(id: $id) { name } validationRequests { totalCount } }";
    let found = olga.query(query, json!({ "id": client })).await;
    assert_eq!(found["client"]["name"], "Martin et fils");
    assert_eq!(found["validationRequests"]["totalCount"], stored.len());
    for id in stored {
        let found = olga.query("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
        assert_eq!(found["node"]["id"], json!(id));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_to_a_full_disk_is_an_error() {
    let disk = Disk::of("6m");
    let token = set_up(|| disk.command());
    let server = disk.serve().await;
    let olga = server.actor("olga", &token);
    let client = open_dossier(&olga).await;
    let mut stored = fill(&olga, &client).await;
    assert_unready(&server).await;

    disk.resize("64m");
    until_ready(&server).await;
    assert_stores(&olga, &client, &mut stored).await;
    assert_stored(&olga, &client, &stored).await;
    let other = disk.serve().await;
    assert_stored(&other.actor("olga", &token), &client, &stored).await;
}

/// A limit for the size of files makes the disk fail although it is not full.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_to_a_failing_disk_is_an_error() {
    let data = tempfile::tempdir().unwrap();
    let token = set_up(|| command(data.path()));
    let mut shell = Command::new("sh");
    shell.args(["-c", r#"trap "" XFSZ; exec "$@""#, "sh", BINARY]).current_dir(data.path());
    let shell = configured(shell, data.path());
    let server = Process::start(shell, &data.path().join("log"), free_port()).await;
    let olga = server.actor("olga", &token);
    let client = open_dossier(&olga).await;
    let limit = |size: &str| {
        let size = format!("--fsize={size}:unlimited");
        let done = Command::new("prlimit").args(["--pid", &server.id().to_string(), &size]).status().unwrap();
        assert!(done.success());
    };
    limit("900000");
    let mut stored = fill(&olga, &client).await;
    assert_unready(&server).await;

    limit("unlimited");
    until_ready(&server).await;
    assert_stores(&olga, &client, &mut stored).await;
    assert_stored(&olga, &client, &stored).await;
    let other = Process::serve(data.path(), free_port()).await;
    assert_stored(&other.actor("olga", &token), &client, &stored).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_to_a_full_disk_can_be_repeated() {
    let disk = Disk::of("6m");
    let token = set_up(|| disk.command());
    let server = disk.serve().await;
    let olga = server.actor("olga", &token);
    let client = open_dossier(&olga).await;
    let bytes = b"Un long fichier\n".repeat(500_000);
    let upload = olga.request_upload(&client, "DOCUMENTS", "essai.txt", &bytes).await;
    let part = &upload["parts"][0];
    let mut request = reqwest::Client::new().put(part["url"].as_str().unwrap());
    for header in part["headers"].as_array().unwrap() {
        request = request.header(header["name"].as_str().unwrap(), header["value"].as_str().unwrap());
    }
    let size = usize::try_from(part["size"].as_u64().unwrap()).unwrap();
    let answer = request.body(bytes[..size].to_vec()).send().await.unwrap();
    assert!(answer.status().is_server_error(), "{}", answer.status());
    assert_eq!(disk.files("objects/.drafts"), [""; 0], "half an object");

    disk.resize("64m");
    olga.send_parts(&upload, &bytes).await;
    let input = json!({ "versionId": upload["version"]["id"] });
    let done = olga.does("completeUpload", input, "document { status latestVersion { sha256 } }").await;
    assert_eq!(done["document"]["status"], "READY");
    assert_eq!(done["document"]["latestVersion"]["sha256"], sha256(&bytes));
}

/// A migration that fails for lack of space is applied later as a whole.
#[tokio::test]
async fn a_migration_is_never_partly_applied() {
    let disk = Disk::of("64k");
    let create = ["organization", "create", "essai", "--name", "Essai"];
    let mut refused = 0;
    while !disk.command().args(create).output().unwrap().status.success() {
        refused += 1;
        assert!(refused < 30, "it never recovers");
        disk.resize(&format!("{}k", 64 * (refused + 1)));
    }
    assert!(refused > 2, "there was room from the start");
    disk.resize("16m");
    set_up(|| disk.command());
}

/// A server whose database was moved away would write into a file that no later process finds.
#[tokio::test]
async fn nothing_is_written_to_a_database_that_was_moved_away() {
    let world = World::on(App::configured(&[]).await).await;
    let app = &world.app;
    let [database, away] = ["dossier.db", "away.db"].map(|name| app.folder().join(name));
    let change = mutation("updateClient", "client { name }");
    let named = |name: &str| json!({ "input": { "id": world.martin_id, "name": name } });
    let refuses = async || {
        assert_unavailable(&world.operator.send(&change, named("Perdu")).await);
        assert_eq!(wait_until(app, Status::Unready).await, State::Down);
    };

    fs::rename(&database, &away).unwrap();
    refuses().await;
    fs::copy(&away, &database).unwrap();
    refuses().await;
    fs::rename(&away, &database).unwrap();
    assert_eq!(wait_until(app, Status::Ready).await, State::Ok);
    let found = world.operator.query("query($id: ID!) { client(id: $id) { name } }", json!({ "id": world.martin_id }));
    assert_eq!(found.await["client"]["name"], "Martin");
    let changed = world.operator.query(&change, named("Autre")).await;
    assert_eq!(changed["updateClient"]["client"]["name"], "Autre");
}

/// Waits until the server has this status. Returns the state of its database.
async fn wait_until(app: &App, status: Status) -> State {
    let begun = Instant::now();
    loop {
        let report = app.parts.health.report().await;
        if report.status == status {
            return report.dependencies.database;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{report:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// If a database accepts a row and does not store it, this is noticed before the caller gets a success.
#[tokio::test]
async fn a_payload_without_its_row_is_an_error() {
    let world = World::on(App::configured(&[]).await).await;
    let start = json!({ "clientId": world.martin_id, "subject": "Essai", "body": "Bonjour" });
    let started = world.operator.does("startConversation", start, "conversation { id }").await;
    let lose = "CREATE TRIGGER lose AFTER INSERT ON message BEGIN DELETE FROM message WHERE id = NEW.id; END";
    world.app.by_hand(lose).await;
    let post = mutation("postMessage", "message { id }");
    let input = json!({ "conversationId": started["conversation"]["id"], "body": "Perdu" });
    assert_eq!(world.operator.code(&post, json!({ "input": input })).await, "INTERNAL_SERVER_ERROR");
    world.app.by_hand("DROP TRIGGER lose").await;
    let input = json!({ "conversationId": started["conversation"]["id"], "body": "Gardé" });
    world.operator.does("postMessage", input, "message { id }").await;
}
