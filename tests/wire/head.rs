//! The head of a request, as in HTTP/1.1.

use crate::support::{
    App, Value, World, json,
    process::{Process, free_port},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const QUERY: &str = "/graphql?query=%7B__typename%7D";

/// Sends exactly this head on a new connection. Returns the answer.
async fn ask(url: &str, head: &str) -> String {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let lines = answer.split("\r\n").take_while(|line| !line.is_empty());
    lines.filter_map(|line| line.split_once(": ")).find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, it)| it)
}

#[tokio::test]
async fn a_request_names_its_host_once() {
    let app = App::start().await;
    for (version, hosts, status) in [
        ("1.1", "Host: localhost\r\n", "200"),
        ("1.1", "Host: localhost:4000\r\n", "200"),
        ("1.1", "Host: [::1]:4000\r\n", "200"),
        ("1.1", "host: API.example.com.\r\n", "200"),
        ("1.0", "", "200"),
        ("1.1", "", "400"),
        ("1.1", "Host:\r\n", "400"),
        ("1.1", "Host: a\r\nHost: a\r\n", "400"),
        ("1.1", "Host: a\r\nHost: b\r\n", "400"),
        ("1.0", "Host: a\r\nHost: b\r\n", "400"),
        ("1.1", "Host: a b\r\n", "400"),
        ("1.1", "Host: a, b\r\n", "400"),
        ("1.1", "Host: a/b\r\n", "400"),
        ("1.1", "Host: user@a\r\n", "400"),
        ("1.1", "Host: a:b\r\n", "400"),
        ("1.1", "Host: a:99999\r\n", "400"),
        ("1.1", "Host: :4000\r\n", "400"),
        ("1.1", "Host: http://a\r\n", "400"),
    ] {
        for path in [QUERY, "/health/live", "/nowhere"] {
            let status = if path == "/nowhere" && status == "200" { "404" } else { status };
            let answer = ask(&app.url, &format!("GET {path} HTTP/{version}\r\n{hosts}")).await;
            assert_eq!(answer.split(' ').nth(1), Some(status), "{version} {path} {hosts:?}: {answer}");
        }
    }
    let answer = ask(&app.url, &format!("GET {QUERY} HTTP/1.1\r\n")).await;
    let body: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    let extensions = &body["errors"][0]["extensions"];
    assert_eq!(
        (&extensions["code"], extensions["requestId"].as_str()),
        (&json!("BAD_REQUEST"), header(&answer, "x-request-id"))
    );
}

/// Clients of a proxy send such requests. The host in the target overrides the header.
#[tokio::test]
async fn a_target_may_be_an_absolute_url() {
    let world = World::new().await;
    let (url, token) = (&world.app.url, world.owner.token.as_ref().unwrap());
    let head = format!(
        "GET {url}/graphql?query=%7Bviewer%7Brole%7D%7D HTTP/1.1\r\nHost: other\r\nAuthorization: Bearer {token}\r\n"
    );
    let answer = ask(url, &head).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains(r#"{"role":"OWNER"}"#), "{answer}");
}

#[tokio::test]
async fn an_id_of_the_caller_is_short_and_printable() {
    let app = App::start().await;
    let longest = "x".repeat(128);
    let kept = ["a", "with space", "{\"quoted\"};~", &longest];
    for id in kept {
        let answer = ask(&app.url, &format!("GET /nowhere HTTP/1.1\r\nHost: a\r\nX-Request-Id: {id}\r\n")).await;
        assert_eq!(header(&answer, "x-request-id"), Some(id));
        let body: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
        assert_eq!(body["errors"][0]["extensions"]["requestId"], id);
    }
    let longer = "x".repeat(129);
    for id in ["", "é", "a\tb", "\u{80}", &longer, "a\r\nX-Request-Id: b"] {
        let answer = ask(&app.url, &format!("GET /nowhere HTTP/1.1\r\nHost: a\r\nX-Request-Id: {id}\r\n")).await;
        let given = header(&answer, "x-request-id").unwrap();
        assert_eq!((given.len(), given.matches('-').count()), (36, 4), "{id:?} became {given:?}");
        assert_eq!(answer.matches(given).count(), 2, "in the head and in the error: {answer}");
    }
}

#[tokio::test]
async fn a_handshake_is_spelled_as_in_its_standard() {
    let app = App::start().await;
    let upgrade = "GET /graphql HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
        sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n";
    let mut stream = TcpStream::connect(app.url.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(format!("{upgrade}sec-websocket-version: 13\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.unwrap());
    }
    let answer = String::from_utf8(answer).unwrap();
    for line in [
        "Connection: upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        "Sec-WebSocket-Protocol: graphql-transport-ws",
    ] {
        assert!(answer.contains(&format!("\r\n{line}\r\n")), "{line}: {answer}");
    }
    let refused = ask(&app.url, &format!("{upgrade}Sec-WebSocket-Version: 12\r\n")).await;
    assert!(refused.starts_with("HTTP/1.1 400 "), "{refused}");
    assert_eq!(header(&refused, "sec-websocket-version"), Some("13"));
}

/// Some browsers do not accept a socket to the page's own server as `'self'`.
#[tokio::test]
async fn the_query_editor_may_only_connect_to_its_own_server() {
    let data = tempfile::tempdir().unwrap();
    let public = [("PUBLIC_URL", "https://api.example.com")];
    let server = Process::serve_with(data.path(), free_port(), &public).await;
    let sources = async |host: &str| {
        let answer = ask(&server.url, &format!("GET /graphiql HTTP/1.1\r\nHost: {host}\r\n")).await;
        let policy = header(&answer, "content-security-policy").unwrap().to_owned();
        let connect = policy.split(';').map(str::trim).find_map(|rule| rule.strip_prefix("connect-src "));
        connect.unwrap().to_owned()
    };
    assert_eq!(
        sources("127.0.0.1:4000").await,
        "'self' ws://127.0.0.1:4000 wss://127.0.0.1:4000 wss://api.example.com"
    );
    for host in ["a;script-src", "a'b", "a*", "[::1]:4000"] {
        assert_eq!(sources(host).await, "'self' wss://api.example.com", "{host}");
    }
}
