//! Problems with the configured store are reported at the start, with the variable to check and without the key.

use super::store::Store;
use crate::support::{
    json,
    objects::variables,
    process::{Process, command, free_port, run},
};
use dossier_storage::{Error, Objects, Settings};
use std::{path::Path, time::Duration};

const SECRET: &str = "a secret of another key";

async fn error_of(settings: Settings) -> String {
    let refused = Objects::open(settings).await.unwrap().check().await.unwrap_err();
    assert!(matches!(refused, Error::Refused { .. }), "{refused:?}");
    refused.to_string()
}

#[tokio::test]
async fn an_error_of_the_store_names_the_wrong_setting() {
    let store = Store::remote().await;
    store.objects.check().await.unwrap();
    store.objects.try_out().await.unwrap();
    let settings = store.settings;

    let message = error_of(Settings { bucket: "nobodys-bucket".into(), ..settings.clone() }).await;
    // Some stores hide from others which buckets exist.
    assert!(message.contains("S3_BUCKET") && message.contains("`nobodys-bucket`"), "{message}");
    let message = error_of(Settings { access_key_id: "GK00000000000000000000ffff".into(), ..settings.clone() }).await;
    assert!(message.contains("AWS_ACCESS_KEY_ID"), "{message}");
    let message = error_of(Settings { secret_access_key: SECRET.into(), ..settings.clone() }).await;
    assert!(message.contains("AWS_SECRET_ACCESS_KEY") || message.contains("AWS_ACCESS_KEY_ID"), "{message}");
    assert!(!message.contains(SECRET), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_does_not_start_on_a_store_that_refuses() {
    let store = Store::remote().await;
    let data = tempfile::tempdir().unwrap();
    let settings = Settings { secret_access_key: SECRET.into(), bucket: "nobodys-bucket".into(), ..store.settings };
    let output = command(data.path()).envs(variables(&settings)).env("LISTEN", "127.0.0.1:0").output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("the object store cannot be used: ") && !message.contains(SECRET), "{message}");
}

/// The store may be starting, too, and everything but files works without it.
#[tokio::test]
async fn the_server_starts_while_its_store_does_not_answer() {
    let data = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}?mode=rwc", data.path().join("own.db").display());
    assert!(command(data.path()).env("DATABASE_URL", &database).arg("migrate").status().unwrap().success());
    let port = free_port().to_string();
    let nobody = format!("http://127.0.0.1:{port}/");
    let configuration = [
        ("DATABASE_URL", database.as_str()),
        ("JWT_SECRET", "a secret of at least thirty-two characters"),
        ("S3_ENDPOINT", &nobody),
        ("S3_TIMEOUT", "1"),
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
    ];
    let server = Process::serve_with(data.path(), free_port(), &configuration).await;
    let answer = server.actor("anonymous", "").send("{ __typename }", json!({})).await;
    assert!(answer.is_object());
    let log = std::fs::read_to_string(data.path().join("log")).unwrap();
    assert!(log.contains(&format!("S3_ENDPOINT={nobody}")) && log.contains("does not answer"), "{log}");
    assert!(!log.contains(SECRET), "{log}");
}

#[tokio::test]
async fn an_unreachable_store_is_reported_in_time() {
    let settings = Store::embedded().await.settings;
    let endpoint = crate::support::objects::at(format!("http://127.0.0.1:{}", free_port()).parse().unwrap());
    let objects = Objects::open(Settings { endpoint, ..settings }).await.unwrap();
    let result = tokio::time::timeout(Duration::from_secs(10), objects.check()).await.unwrap();
    assert!(matches!(result, Err(Error::Store { .. })), "{result:?}");
}

#[test]
fn the_embedded_store_needs_no_setup() {
    let data = tempfile::tempdir().unwrap();
    let said = |path: &Path, what| run(path, &["objects", what]);
    assert!(said(data.path(), "check").contains("There is nothing to set up"));
    assert!(said(data.path(), "setup").contains("There is nothing to set up"));
}
