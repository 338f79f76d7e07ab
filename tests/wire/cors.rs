//! Requests from pages of other origins.

use crate::support::{App, World, json};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const HUB: &str = "https://hub.example.com";

/// The headers of the API itself, and those of Apollo's client, Sentry and OpenTelemetry.
const SENT: &str = "authorization,content-type,idempotency-key,x-request-id,apollographql-client-name,\
    apollographql-client-version,apollo-require-preflight,traceparent,tracestate,sentry-trace,baggage,x-own";

async fn app() -> App {
    App::configured(&[format!("--cors-origins={HUB},http://localhost:5173")]).await
}

fn header<'r>(answer: &'r Response, name: &str) -> &'r str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// Returns the words of a header, on any number of lines.
fn words(answer: &Response, name: &str) -> Vec<String> {
    let lines = answer.headers().get_all(name).iter().map(|value| value.to_str().unwrap().to_lowercase());
    lines.flat_map(|line| line.split(',').map(|word| word.trim().to_owned()).collect::<Vec<_>>()).collect()
}

async fn preflight(url: &str, origin: &str, method: &str) -> Response {
    let request = Client::new().request(Method::OPTIONS, url).header("Origin", origin);
    let request = request.header("Access-Control-Request-Method", method);
    request.header("Access-Control-Request-Headers", SENT).send().await.unwrap()
}

/// Sends a request, and checks that the page may read the answer and its headers.
async fn readable(request: RequestBuilder) -> Response {
    let answer = request.header("Origin", HUB).send().await.unwrap();
    let what = format!("{} {}", answer.url(), answer.status());
    assert_eq!(header(&answer, "access-control-allow-origin"), HUB, "{what}");
    assert_eq!(header(&answer, "access-control-allow-credentials"), "true", "{what}");
    assert!(words(&answer, "vary").contains(&"origin".to_owned()), "{what}: {:?}", answer.headers());
    let exposed = words(&answer, "access-control-expose-headers");
    for name in [
        "content-range",
        "content-disposition",
        "etag",
        "retry-after",
        "x-request-id",
        "ratelimit-limit",
        "ratelimit-remaining",
        "ratelimit-reset",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
    ] {
        assert!(exposed.iter().any(|known| known == name), "{what} {name}: {exposed:?}");
    }
    answer
}

#[tokio::test]
async fn a_page_of_an_allowed_origin_may_send_any_header() {
    let app = app().await;
    for (path, method) in
        [("/graphql", "POST"), ("/graphql", "GET"), ("/dossier/clients/a", "PUT"), ("/nowhere", "GET")]
    {
        let answer = preflight(&format!("{}{path}", app.url), HUB, method).await;
        assert!(answer.status().is_success(), "{path}");
        assert_eq!(header(&answer, "access-control-allow-origin"), HUB, "{path}");
        assert_eq!(header(&answer, "access-control-allow-headers"), SENT, "{path}");
        assert!(words(&answer, "access-control-allow-methods").contains(&method.to_lowercase()), "{path}");
        assert_eq!(header(&answer, "access-control-allow-credentials"), "true", "{path}");
        for name in ["origin", "access-control-request-headers"] {
            assert!(words(&answer, "vary").contains(&name.to_owned()), "{path}: {:?}", answer.headers());
        }
    }
}

#[tokio::test]
async fn a_page_of_another_origin_may_not() {
    let app = app().await;
    let url = format!("{}/graphql", app.url);
    for origin in ["https://evil.example.com", "https://hub.example.com.evil.com", "http://hub.example.com", "null"] {
        let answer = preflight(&url, origin, "POST").await;
        assert_eq!(header(&answer, "access-control-allow-origin"), "", "{origin}");
        assert!(words(&answer, "vary").contains(&"origin".to_owned()));
        let answer = Client::new().get(format!("{url}?query=%7B__typename%7D")).header("Origin", origin);
        assert_eq!(header(&answer.send().await.unwrap(), "access-control-allow-origin"), "", "{origin}");
    }
}

#[tokio::test]
async fn refusals_are_readable_too() {
    let options = [format!("--cors-origins={HUB}"), "--rate-operations=3".to_owned()];
    let app = App::configured(&options).await;
    let (client, url) = (Client::new(), format!("{}/graphql", app.url));
    let post = |kind: &str, body: String| client.post(&url).header("Content-Type", kind.to_owned()).body(body);
    let typename = || json!({ "query": "{ __typename }" }).to_string();
    for (request, status) in [
        (client.get(format!("{}/nowhere", app.url)), 404),
        (client.post(format!("{}/health/live", app.url)), 405),
        (client.get(format!("{}/health/ready", app.url)), 200),
        (client.get(format!("{}/dossier/clients/a", app.url)), 403),
        (post("text/plain", typename()), 415),
        (post("application/json", "{".to_owned()), 400),
        (post("application/json", json!({ "query": "x".repeat(2 << 20) }).to_string()), 413),
        (post("application/json", typename()), 429),
    ] {
        assert_eq!(readable(request).await.status(), status);
    }
}

#[tokio::test]
async fn a_server_without_a_database_says_so_readably() {
    let app = app().await;
    let taken = app.every_connection().await;
    let query = json!({ "query": "{ viewer { role } }" });
    let organization =
        json!({ "query": "mutation { signIn(input: { email: \"a@b.example\", password: \"x\" }) { accessToken } }" });
    let request = Client::new().post(format!("{}/graphql", app.url));
    let answers =
        [readable(request.try_clone().unwrap().json(&query)).await, readable(request.json(&organization)).await];
    assert!(answers.iter().any(|answer| answer.status() == StatusCode::SERVICE_UNAVAILABLE), "{answers:?}");
    drop(taken);
}

/// The server answers before it has read the origin.
#[tokio::test]
async fn a_full_server_says_so_readably() {
    let app = App::configured(&["--max-connections=1".to_owned()]).await;
    let address = app.url.strip_prefix("http://").unwrap();
    let mut first = TcpStream::connect(address).await.unwrap();
    first.write_all(b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    assert!(first.read(&mut [0; 1024]).await.unwrap() > 0);
    let mut second = TcpStream::connect(address).await.unwrap();
    let mut answer = String::new();
    second.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    for line in ["Access-Control-Allow-Origin: *", "Access-Control-Expose-Headers: Retry-After"] {
        assert!(answer.contains(&format!("\r\n{line}\r\n")), "{answer}");
    }
}

#[tokio::test]
async fn a_page_reads_a_part_of_a_file() {
    let app = app().await;
    let world = World::on(app).await;
    let document = world.operator.uploads(&world.martin_id, "DOCUMENTS", "a.txt", "0123456789").await;
    let query = "query($id: ID!) { node(id: $id) { ... on Document { latestVersion { download { url } } } } }";
    let asked = world.operator.query(query, json!({ "id": document })).await;
    let url = asked["node"]["latestVersion"]["download"]["url"].as_str().unwrap().to_owned();
    let part = |range: &'static str| Client::new().get(&url).header("Range", range);
    let answer = readable(part("bytes=2-4")).await;
    assert_eq!((answer.status(), header(&answer, "content-range")), (StatusCode::PARTIAL_CONTENT, "bytes 2-4/10"));
    assert!(header(&answer, "content-disposition").contains("a.txt"));
    let beyond = readable(part("bytes=10-")).await;
    assert_eq!((beyond.status(), header(&beyond, "content-range")), (StatusCode::RANGE_NOT_SATISFIABLE, "bytes */10"));
}
