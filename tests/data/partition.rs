//! `dossier database partition` divides the growing tables, while a server runs.

use super::fitness::stderr;
use crate::support::{
    App, Value, World, json,
    postgres::{self, Fresh},
    process::run,
    services::Services,
};
use dossier_events::retention;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use std::{path::Path, process::Command};
use url::Url;

const EVENTS: &str = "subscription($after: String) { dossierEvents(after: $after) { type subject { __typename } } }";

const THREADS: &str = "{ conversations(first: 10) { nodes { subject messages(last: 2) { nodes { body } } } } }";

const DIVIDE: [&str; 4] = ["database", "partition", "--partitions", "8"];

async fn post(world: &World, conversation: &Value, body: &str) {
    world.operator.does("postMessage", json!({ "conversationId": conversation, "body": body }), "").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_keeps_running_while_its_tables_are_partitioned() {
    let data = tempfile::tempdir().unwrap();
    let services = Services::production(data.path()).await;
    services.write(data.path());
    let (folder, owner_url) = (data.path().to_owned(), services.get("MIGRATE_DATABASE_URL").to_owned());
    let world = World::on(App::on(data, services).await).await;
    let owner = Database::connect(&owner_url).await.unwrap();
    let input = json!({ "clientId": world.martin_id, "subject": "Élio" });
    let started = world.operator.does("startConversation", input, "conversation { id }").await;
    let conversation = &started["conversation"]["id"];
    post(&world, conversation, "Avant").await;
    let before = world.martin.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].clone();
    let mut streams = vec![
        world.operator.subscribe(EVENTS, json!({})).await,
        world.martin.subscribe(EVENTS, json!({ "after": before })).await,
    ];
    let (threads, rows) = (world.martin.query(THREADS, json!({})).await, rows(&owner).await);

    assert_eq!(run(&folder, &DIVIDE), "divided events and messages into 8 partitions");
    assert_eq!(self::rows(&owner).await, rows);
    assert_eq!(world.martin.query(THREADS, json!({})).await, threads);
    post(&world, conversation, "Après").await;
    // Old subscribers continue, and so do subscribers with an old cursor.
    streams.push(world.martin.subscribe(EVENTS, json!({ "after": before })).await);
    for stream in &mut streams {
        let expected = json!({ "type": "MESSAGE_POSTED", "subject": { "__typename": "Message" } });
        assert_eq!(stream.next().await["dossierEvents"], expected);
    }

    assert_eq!(run(&folder, &DIVIDE), "nothing to do: they are already divided into 8 partitions");
    assert!(stderr(&folder, &["database", "partition"]).contains("divided into 8 partitions already"));
    run(&folder, &["migrate"]);
    assert_eq!(stderr(&folder, &["doctor"]), "");

    owner.execute_unprepared("UPDATE event SET occurred_at = now() - interval '8 days'").await.unwrap();
    retention::clear(&world.app.parts.database, world.organization).await.unwrap();
    let left = format!("SELECT count(*) FROM event WHERE organization_id = '{}'", world.organization);
    assert_eq!(count(&owner, &left).await, 0);
    post(&world, conversation, "Enfin").await;
    for stream in &mut streams {
        assert_eq!(stream.next().await["dossierEvents"]["type"], "MESSAGE_POSTED");
    }
    restores(&folder, &owner, &owner_url).await;
}

#[tokio::test]
async fn the_embedded_database_cannot_be_partitioned() {
    let data = tempfile::tempdir().unwrap();
    assert!(stderr(data.path(), &DIVIDE).contains("only PostgreSQL has partitions"));
}

/// A dump contains the partitions with their rows.
async fn restores(folder: &Path, owner: &DatabaseConnection, owner_url: &str) {
    let name = postgres::name();
    postgres::execute(&postgres::server(), &format!("CREATE DATABASE {name}")).await;
    let dump = folder.join("dump");
    let to_file = |command: &mut Command| assert!(command.arg(&dump).status().unwrap().success(), "{command:?}");
    to_file(Command::new("pg_dump").args(["--dbname", owner_url, "--schema", "public", "--file"]));
    let mut admin: Url = postgres::server().parse().unwrap();
    admin.set_path(&name);
    let restored = Fresh { server: admin.clone(), owner: admin };
    postgres::execute(restored.owner.as_str(), "DROP SCHEMA public").await;
    let quiet = ["--quiet", "--set", "ON_ERROR_STOP=1", "--output", "/dev/null", "--dbname"];
    to_file(Command::new("psql").args(quiet).arg(restored.owner.as_str()).arg("--file"));
    let db = Database::connect(restored.owner.as_str()).await.unwrap();
    assert_eq!(rows(&db).await, rows(owner).await);
    let partitions = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'event'::regclass";
    assert_eq!(count(&db, partitions).await, 8);
}

async fn rows(db: &DatabaseConnection) -> [i64; 2] {
    [count(db, "SELECT count(*) FROM event").await, count(db, "SELECT count(*) FROM message").await]
}

async fn count(db: &DatabaseConnection, sql: &str) -> i64 {
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap();
    row.unwrap().try_get_by_index(0).unwrap()
}
