//! Idle connections do not use up the capacity for others.

use crate::support::{App, json, socket::Socket};
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

const WHOLE: &str = "GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nHost: localhost\r\n\r\n";

async fn connect(app: &App) -> TcpStream {
    TcpStream::connect(app.url.strip_prefix("http://").unwrap()).await.unwrap()
}

/// Sends letter by letter until the server closes the connection. Returns the duration.
async fn patience(mut stream: TcpStream, text: &str) -> Duration {
    let began = Instant::now();
    let mut letters = text.bytes().cycle();
    let mut buffer = [0; 1024];
    while began.elapsed() < Duration::from_mins(1) {
        match timeout(Duration::from_millis(250), stream.read(&mut buffer)).await {
            Ok(Ok(0) | Err(_)) => return began.elapsed(),
            Ok(Ok(_)) => {}
            Err(_) if text.is_empty() => {}
            Err(_) => {
                let letter = letters.next().unwrap();
                let _ = stream.write_all(&[letter]).await;
            }
        }
    }
    panic!("the server still waits");
}

#[tokio::test]
async fn a_connection_without_a_request_is_closed() {
    let app = App::start().await;
    let mut used = connect(&app).await;
    used.write_all(WHOLE.as_bytes()).await.unwrap();
    let mut buffer = [0; 4096];
    assert!(used.read(&mut buffer).await.unwrap() > 0);
    let head = format!("POST /graphql HTTP/1.1\r\nX-Long: {}", "x".repeat(500));
    let (silent, slow, second) =
        tokio::join!(patience(connect(&app).await, ""), patience(connect(&app).await, &head), patience(used, &head),);
    for (name, took) in [("silent", silent), ("slow", slow), ("second", second)] {
        assert!((9..20).contains(&took.as_secs()), "{name}: {took:?}");
    }
}

/// There is more time between requests, and on sockets.
#[tokio::test]
async fn a_connection_may_be_idle_after_a_request() {
    let app = App::start().await;
    let mut socket = Socket::open(&app.url, None).await;
    let mut stream = connect(&app).await;
    for pause in [0, 12] {
        sleep(Duration::from_secs(pause)).await;
        stream.write_all(WHOLE.as_bytes()).await.unwrap();
        let mut buffer = vec![0; 4096];
        let length = stream.read(&mut buffer).await.unwrap();
        assert!(buffer[..length].starts_with(b"HTTP/1.1 200 OK"), "{}", String::from_utf8_lossy(&buffer));
        socket.send(json!({ "type": "ping" })).await;
        assert_eq!(socket.receive().await["type"], "pong");
    }
}

#[tokio::test]
async fn a_body_has_a_time_limit() {
    let app = App::start().await;
    let mut stream = connect(&app).await;
    let head = "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();
    let began = Instant::now();
    let mut buffer = vec![0; 4096];
    let length = timeout(Duration::from_secs(45), stream.read(&mut buffer)).await.expect("it still waits").unwrap();
    let answer = String::from_utf8_lossy(&buffer[..length]);
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("REQUEST_TIMEOUT"), "{answer}");
    assert!((25..40).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
}

#[tokio::test]
async fn the_number_of_connections_is_limited() {
    let app = App::configured(&["--max-connections=3".to_owned()]).await;
    let socket = Socket::open(&app.url, None).await;
    let (first, second) = (connect(&app).await, connect(&app).await);
    sleep(Duration::from_millis(200)).await;
    let mut third = connect(&app).await;
    third.write_all(WHOLE.as_bytes()).await.unwrap();
    let mut answer = String::new();
    timeout(Duration::from_secs(5), third.read_to_string(&mut answer)).await.expect("nothing came").unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("\r\nRetry-After: 1\r\n"), "{answer}");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let body: crate::support::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "SERVICE_UNAVAILABLE");
    // A socket takes a place, too. Closing connections frees their places.
    drop((socket, first, second));
    for _ in 0..50 {
        if reqwest::get(format!("{}/health/live", app.url)).await.is_ok_and(|answer| answer.status() == 200) {
            return;
        }
        sleep(Duration::from_millis(100)).await;
    }
    panic!("there is no room any more");
}

/// Opens a socket for this address behind a proxy. Returns the socket, or the status and body of a refusal.
async fn upgraded(app: &App, whom: &str) -> (Option<TcpStream>, String) {
    let mut stream = connect(app).await;
    let request = format!(
        "GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Protocol: graphql-transport-ws\r\nX-Forwarded-For: {whom}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut buffer = vec![0; 4096];
    let length = timeout(Duration::from_secs(5), stream.read(&mut buffer)).await.expect("nothing came").unwrap();
    let answer = String::from_utf8_lossy(&buffer[..length]).into_owned();
    (answer.starts_with("HTTP/1.1 101 ").then_some(stream), answer)
}

#[tokio::test]
async fn the_sockets_of_an_address_are_limited() {
    let options = ["--max-sockets-per-address=2", "--trusted-proxies=127.0.0.1"];
    let app = App::configured(&options.map(str::to_owned)).await;
    let one = upgraded(&app, "192.0.2.1").await.0.expect("the first");
    let two = upgraded(&app, "192.0.2.1").await.0.expect("the second");
    let (none, answer) = upgraded(&app, "192.0.2.1").await;
    assert!(none.is_none() && answer.starts_with("HTTP/1.1 429 "), "{answer}");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let body: crate::support::Value = serde_json::from_str(body).unwrap();
    let error = &body["errors"][0];
    assert_eq!(error["extensions"]["code"], "TOO_MANY_SOCKETS", "{body:#}");
    assert!(error["message"].as_str().unwrap().contains("2 open sockets"), "{body:#}");
    // Other addresses have their own places. Closing a socket frees its place.
    let other = upgraded(&app, "192.0.2.2").await.0.expect("another's first");
    drop((one, two));
    for _ in 0..50 {
        if upgraded(&app, "192.0.2.1").await.0.is_some() {
            return drop(other);
        }
        sleep(Duration::from_millis(100)).await;
    }
    panic!("there is no room any more");
}

#[tokio::test]
async fn ipv6_is_served() {
    let app = App::configured(&["--listen=[::1]:0".to_owned()]).await;
    assert!(app.url.starts_with("http://[::1]:"), "{}", app.url);
    assert_eq!(app.anonymous().query("{ __typename }", json!({})).await["__typename"], "Query");
    Socket::open(&app.url, None).await;
}

/// With prior knowledge, as proxies use it.
#[tokio::test]
async fn http_2_is_spoken() {
    let app = App::start().await;
    let mut stream = connect(&app).await;
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
    let mut frame = [0; 9];
    timeout(Duration::from_secs(5), stream.read_exact(&mut frame)).await.expect("nothing came").unwrap();
    assert_eq!((frame[3], frame[5..9].to_vec()), (4, vec![0; 4]), "the server's settings");
}
