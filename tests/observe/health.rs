use crate::support::{App, Value, json};
use axum::{
    Router,
    http::{Method, StatusCode},
    routing,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU16, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

async fn ready(url: &str) -> (u16, Value) {
    let response = reqwest::get(format!("{url}/health/ready")).await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

fn report(status: &str, database: &str, objects: &str) -> Value {
    json!({ "status": status, "dependencies": { "database": database, "events": "ok", "objects": objects } })
}

/// Waits until the last result has expired.
async fn a_moment() {
    tokio::time::sleep(Duration::from_millis(1_100)).await;
}

/// Starts a server that has reached its services once, and whose results have expired.
async fn started() -> App {
    let (app, begun) = (App::start().await, Instant::now());
    while ready(&app.url).await.1["dependencies"]["events"] != "ok" {
        assert!(begun.elapsed() < Duration::from_secs(10), "it never heard of its events");
        a_moment().await;
    }
    a_moment().await;
    app
}

#[tokio::test]
async fn a_working_server_is_ready() {
    let app = started().await;
    assert_eq!(ready(&app.url).await, (200, report("ready", "ok", "ok")));
    let live = reqwest::get(format!("{}/health/live", app.url)).await.unwrap();
    assert_eq!((live.status().as_u16(), live.text().await.unwrap()), (200, r#"{"status":"live"}"#.to_owned()));
}

#[tokio::test]
async fn a_stopping_server_is_not_ready() {
    let app = started().await;
    app.parts.health.drain();
    assert_eq!(ready(&app.url).await, (503, report("draining", "ok", "ok")));
    assert_eq!(reqwest::get(format!("{}/health/live", app.url)).await.unwrap().status(), 200);
}

/// A database without a free connection counts as one that does not answer.
#[tokio::test]
async fn a_database_that_does_not_answer_is_named() {
    let app = started().await;
    let taken = app.every_connection().await;
    let before = Instant::now();
    assert_eq!(ready(&app.url).await, (503, report("unready", "down", "ok")));
    assert!(before.elapsed() < Duration::from_secs(4), "a probe has a time limit of its own");
    drop(taken);
    a_moment().await;
    assert_eq!(ready(&app.url).await, (200, report("ready", "ok", "ok")));
}

/// Starts a store that counts the checks of its bucket, is slow, and answers with the given status.
async fn store(asked: Arc<AtomicUsize>, status: Arc<AtomicU16>) -> String {
    let head = async move |method: Method| {
        // After a refused HEAD, one more request asks for the reason, for the log.
        asked.fetch_add(usize::from(method == Method::HEAD), Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(300)).await;
        StatusCode::from_u16(status.load(Ordering::SeqCst)).unwrap()
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(routing::any(head));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

#[tokio::test]
async fn probes_are_combined_and_an_unavailable_store_is_named() {
    let (asked, status) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicU16::new(200)));
    let url = store(asked.clone(), status.clone()).await;
    let store =
        ["--s3-endpoint", url.as_str(), "--access-key-id", "id", "--secret-access-key", "secret"].map(str::to_owned);
    let app = App::configured(&store).await;
    asked.store(0, Ordering::SeqCst);
    let probes = (0..100).map(|_| ready(&app.url));
    for answer in futures::future::join_all(probes).await {
        assert_eq!(answer, (200, report("ready", "ok", "ok")));
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    status.store(403, Ordering::SeqCst);
    a_moment().await;
    let before = Instant::now();
    // Callers who disconnect before the answer do not allow further probes.
    for _ in 0..5 {
        let _ = tokio::time::timeout(Duration::from_millis(20), ready(&app.url)).await;
    }
    assert_eq!(ready(&app.url).await, (503, report("unready", "ok", "down")));
    // A result is valid for a second. If this takes longer, there is one more probe per second.
    let probes = asked.load(Ordering::SeqCst) - 1;
    assert!((1..=1 + before.elapsed().as_secs()).contains(&(probes as u64)), "{probes} probes");
}
