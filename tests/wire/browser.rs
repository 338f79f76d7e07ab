//! Headers for browsers, and the compression of answers.

use crate::support::{
    App, Value, World, json,
    process::{Process, free_port},
};
use reqwest::{Client, Method, Response};

async fn get(app: &App, path: &str, headers: &[(&str, &str)]) -> Response {
    let request = Client::new().get(format!("{}{path}", app.url));
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
}

fn header<'r>(answer: &'r Response, name: &str) -> &'r str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

const SIMPLE: &str = "/graphql?query=%7B__typename%7D";

#[tokio::test]
async fn answers_forbid_sniffing_and_embedding() {
    let app = App::start().await;
    for path in [SIMPLE, "/health/live", "/nowhere"] {
        let answer = get(&app, path, &[]).await;
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&answer, "referrer-policy"), "no-referrer", "{path}");
        assert_eq!(header(&answer, "cross-origin-resource-policy"), "same-origin", "{path}");
        assert_eq!(header(&answer, "strict-transport-security"), "", "{path}");
    }
}

/// Its public URL differs from the one that the test uses.
#[tokio::test]
async fn a_server_with_tls_sends_hsts() {
    let data = tempfile::tempdir().unwrap();
    let public = [("PUBLIC_URL", "https://api.example.com")];
    let server = Process::serve_with(data.path(), free_port(), &public).await;
    let answer = reqwest::get(format!("{}{SIMPLE}", server.url)).await.unwrap();
    assert_eq!(header(&answer, "strict-transport-security"), "max-age=31536000");
}

#[tokio::test]
async fn unknown_paths_answer_like_others() {
    let app = App::start().await;
    for (method, path, status, code) in [
        (Method::GET, "/nowhere", 404, "NOT_FOUND"),
        (Method::POST, "/health/live", 405, "METHOD_NOT_ALLOWED"),
        (Method::DELETE, "/graphql", 405, "METHOD_NOT_ALLOWED"),
    ] {
        let answer = Client::new().request(method, format!("{}{path}", app.url)).send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        let id = header(&answer, "x-request-id").to_owned();
        let body: Value = answer.json().await.unwrap();
        let extensions = &body["errors"][0]["extensions"];
        assert_eq!((&extensions["code"], &extensions["requestId"]), (&json!(code), &json!(id)), "{body:#}");
    }
}

#[tokio::test]
async fn long_answers_are_compressed_on_request() {
    let world = World::new().await;
    let query = "{ __schema { types { name description } } }";
    let ask = async |query: &str, accepted: &str| {
        let request = Client::new().post(format!("{}/graphql", world.app.url)).json(&json!({ "query": query }));
        request
            .header("Accept-Encoding", accepted)
            .bearer_auth(world.owner.token.as_ref().unwrap())
            .send()
            .await
            .unwrap()
    };
    let packed = ask(query, "br, gzip").await;
    assert_eq!(header(&packed, "content-encoding"), "gzip");
    assert!(header(&packed, "vary").to_lowercase().contains("accept-encoding"));
    let packed = packed.bytes().await.unwrap();
    let plain = ask(query, "identity").await;
    assert_eq!(header(&plain, "content-encoding"), "");
    let plain = plain.bytes().await.unwrap();
    assert!(packed.len() * 2 < plain.len(), "{} of {} bytes", packed.len(), plain.len());
    assert_eq!(header(&ask("{ viewer { role } }", "gzip").await, "content-encoding"), "");
}
