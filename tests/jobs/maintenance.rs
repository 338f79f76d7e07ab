//! The recurring jobs of a server.

use crate::support::{
    Value,
    process::{Process, free_port, run},
    services::Services,
};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use std::{collections::BTreeSet, path::Path, time::Duration};
use tokio::time::{Instant, sleep};

/// The kinds that run for each organization.
const KINDS: [&str; 6] =
    ["document.previews", "events.clear", "expired.delete", "jobs.delete_finished", "storage.reclaim", "trash.purge"];

async fn owner(data: &Path, services: Option<&Services>) -> DatabaseConnection {
    let url = match services {
        Some(services) => services.get("MIGRATE_DATABASE_URL").to_owned(),
        None => format!("sqlite://{}", data.join("dossier.db").display()),
    };
    Database::connect(url).await.unwrap()
}

async fn count(db: &DatabaseConnection, table: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

async fn until(what: &str, condition: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !condition().await {
        assert!(begun.elapsed() < Duration::from_secs(30), "never: {what}");
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_makes_up_missed_recurring_jobs() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let services = Services::of_set(data).await;
    if let Some(services) = &services {
        services.write(data);
    }
    run(data, &["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(data, &["member", "add", "olga@atelier.example", "--organization", "atelier", "--role", "owner"]);
    run(data, &["token", "olga@atelier.example", "--days", "1"]);
    let db = owner(data, services.as_ref()).await;

    let server = Process::serve(data, free_port()).await;
    until("the schedules are known", async || count(&db, "schedule").await == 6).await;
    server.end();
    assert_eq!(count(&db, "job").await, 0, "nothing is due yet");
    db.execute_unprepared("UPDATE schedule SET last_occurrence_at = '2020-01-01T00:00:00+00:00'").await.unwrap();
    db.execute_unprepared("UPDATE session SET expires_at = '2020-01-01T00:00:00+00:00'").await.unwrap();

    let metrics = format!("127.0.0.1:{}", free_port());
    let server = Process::serve_with(data, free_port(), &[("METRICS_LISTEN", &metrics)]).await;
    let done = || {
        let jobs = run(data, &["jobs", "list", "--state", "done"]);
        let kind = |line: &str| serde_json::from_str::<Value>(line).unwrap()["kind"].as_str().unwrap().to_owned();
        jobs.lines().map(kind).collect::<BTreeSet<_>>()
    };
    until("all is made up", async || done() == KINDS.map(str::to_owned).into()).await;
    assert_eq!(count(&db, "job").await, 6, "each once");
    assert_eq!(count(&db, "session").await, 0);
    let text = reqwest::get(format!("http://{metrics}/metrics")).await.unwrap().text().await.unwrap();
    for kind in KINDS {
        let line = format!("dossier_job_attempts_total{{kind=\"{kind}\",outcome=\"done\"}} 1");
        assert!(text.lines().any(|other| other == line), "{line} is not in\n{text}");
    }
    server.end();

    db.execute_unprepared("UPDATE schedule SET last_occurrence_at = '2020-01-01T00:00:00+00:00'").await.unwrap();
    let server = Process::serve_with(data, free_port(), &[("JOB_WORKERS", "0")]).await;
    sleep(Duration::from_millis(1_500)).await;
    assert_eq!(count(&db, "job").await, 6, "a process without workers leaves it to others");
    server.end();
}
