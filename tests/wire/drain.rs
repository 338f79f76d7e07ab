//! A server that stops does not interrupt running work.

use crate::support::{
    json,
    process::{Process, free_port, run},
    socket::Socket,
};
use std::{
    path::Path,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

fn set_up(data: &Path) -> String {
    run(data, &["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(data, &["member", "add", "olga@atelier.example", "--organization", "atelier", "--role", "operator"]);
    run(data, &["token", "olga@atelier.example"])
}

/// Sends a request without its last byte.
async fn begun(port: u16) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let head = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    stream
        .write_all(format!("{head}Content-Length: 26\r\n\r\n{{\"query\":\"{{ __typename }}\"").as_bytes())
        .await
        .unwrap();
    stream
}

#[tokio::test]
async fn running_work_is_finished_and_sockets_are_told_to_reconnect() {
    let data = tempfile::tempdir().unwrap();
    let token = set_up(data.path());
    let port = free_port();
    let mut server = Process::serve(data.path(), port).await;
    let mut request = begun(port).await;
    let mut socket = Socket::open(&server.url, Some(&token)).await;
    let payload = json!({ "query": "subscription { dossierEvents { type } }" });
    socket.send(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
    let mut unknown = Socket::connect(&server.url).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    server.terminate();
    assert_eq!(socket.closed().await, (1012, "service-restart".into()));
    assert_eq!(unknown.closed().await, (1012, "service-restart".into()));
    let began = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
        assert!(began.elapsed() < Duration::from_secs(2), "the server still takes connections");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    request.write_all(b"}").await.unwrap();
    let mut answer = String::new();
    request.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with(r#"{"data":{"__typename":"Query"},"extensions":{"cost":1}}"#), "{answer}");
    assert_eq!(server.stopped(Duration::from_secs(6)).await, 0);
}

#[tokio::test]
async fn nobody_keeps_a_server_from_stopping() {
    let data = tempfile::tempdir().unwrap();
    let port = free_port();
    let mut server = Process::serve_with(data.path(), port, &[("SHUTDOWN_TIMEOUT", "2")]).await;
    let _request = begun(port).await;
    // Reads nothing, not even the close message.
    let _socket = Socket::open(&server.url, None).await;
    let began = Instant::now();
    server.terminate();
    assert_eq!(server.stopped(Duration::from_secs(6)).await, 0);
    assert!(began.elapsed() > Duration::from_secs(1), "the request was broken off at once");
}
