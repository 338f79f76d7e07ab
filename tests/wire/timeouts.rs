//! Time limits of connections, shorter than those of the server.

use crate::support::{App, Value, json};
use axum::{Router, routing};
use clap::Parser;
use dossier::{
    config::Config,
    http::{self, Timeouts},
};
use std::{net::SocketAddr, process::Command, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};

const ASK: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/// More than the system buffers for a client that does not read.
const LONG: usize = 256 << 20;

const SHORT: Timeouts =
    Timeouts { idle: Duration::from_secs(1), head: Duration::from_secs(10), unread: Duration::from_secs(1) };

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    config: Config,
}

async fn serve(routes: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (trigger, drain) = http::drain();
    tokio::spawn(async move {
        http::serve(listener, routes, 100, SHORT, drain).await;
        drop(trigger);
    });
    address
}

#[tokio::test]
async fn an_idle_connection_has_a_time_limit() {
    let address = serve(Router::new().route("/", routing::get(async || "here"))).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut buffer = [0; 1024];
    for _ in 0..2 {
        stream.write_all(ASK).await.unwrap();
        let length = stream.read(&mut buffer).await.unwrap();
        assert!(buffer[..length].starts_with(b"HTTP/1.1 200 OK"));
        sleep(Duration::from_millis(300)).await;
    }
    let end = timeout(Duration::from_secs(8), stream.read(&mut buffer)).await.expect("it is still waited for");
    assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
}

#[tokio::test]
async fn a_client_that_reads_nothing_is_closed() {
    let address = serve(Router::new().route("/", routing::get(async || "x".repeat(LONG)))).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(ASK).await.unwrap();
    sleep(Duration::from_secs(4)).await;
    let (mut buffer, mut all) = (vec![0; 1 << 20], 0);
    while let Ok(length @ 1..) = timeout(Duration::from_secs(8), stream.read(&mut buffer)).await.expect("it hangs") {
        all += length;
    }
    assert!(all < LONG, "everything was sent to somebody who did not read");
}

/// No handler panics on purpose. This one stands for a bug.
#[tokio::test]
async fn a_request_that_panics_is_answered_with_its_id() {
    let app = App::start().await;
    let Cli { config } = Cli::parse_from(["suite"]);
    let broken = Router::new().route("/", routing::get(async || -> &str { panic!("the password is hunter2") }));
    let address = serve(http::around(broken, &app.parts, &config)).await;
    let answer = reqwest::Client::new().get(format!("http://{address}/")).header("X-Request-Id", "r-17").send().await;
    let answer = answer.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["x-request-id"].to_str().unwrap()), (500, "r-17"));
    let body: Value = answer.json().await.unwrap();
    let extensions = json!({ "code": "INTERNAL_SERVER_ERROR", "requestId": "r-17" });
    assert_eq!(body["errors"][0]["extensions"], extensions, "{body:#}");
    assert!(!body.to_string().contains("hunter2"), "{body:#}");
}

/// Twenty concurrent requests on one connection.
const HTTP_2: &str = "
    const connection = require('node:http2').connect(process.argv[1]);
    const head = { ':path': '/graphql', ':method': 'POST', 'content-type': 'application/json' };
    const ask = (number) => new Promise((answered, failed) => {
        const request = connection.request(head);
        let body = '', status;
        request.on('response', (headers) => { status = headers[':status']; });
        request.on('data', (part) => { body += part; });
        request.on('end', () => answered(status + ' ' + body)).on('error', failed);
        request.end(JSON.stringify({ query: `{ n${number}: __typename }` }));
    });
    Promise.all([...Array(20).keys()].map(ask)).then((answers) => {
        answers.forEach((answer) => console.log(answer));
        connection.close();
    });
";

/// With prior knowledge, as proxies use it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operations_are_answered_over_http_2() {
    let app = App::start().await;
    let output = Command::new("node").args(["-e", HTTP_2, &app.url]).output().unwrap();
    let answer = |n| format!("200 {{\"data\":{{\"n{n}\":\"Query\"}},\"extensions\":{{\"cost\":1}}}}\n");
    assert_eq!(String::from_utf8_lossy(&output.stdout), (0..20).map(answer).collect::<String>());
}
