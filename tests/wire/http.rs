//! GraphQL over HTTP, beyond the audits.

use crate::support::{Actor, App, Value, World, json};
use reqwest::{Method, RequestBuilder, StatusCode, header};

const JSON: &str = "application/json";
const RESPONSE: &str = "application/graphql-response+json";
const CREATE: &str = r#"mutation { createClient(input: { name: "Intrus", track: LAB }) { client { id } } }"#;

struct Answer {
    status: u16,
    kind: String,
    body: Value,
}

impl Answer {
    async fn to(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status}: {text}"));
        let kind = headers[header::CONTENT_TYPE].to_str().unwrap().to_owned();
        if status == StatusCode::METHOD_NOT_ALLOWED {
            assert_eq!(headers[header::ALLOW], "GET, HEAD, POST");
        }
        if status == StatusCode::UNAUTHORIZED {
            assert_eq!(headers[header::WWW_AUTHENTICATE], "Bearer");
        }
        for error in body["errors"].as_array().into_iter().flatten() {
            assert_eq!(error["extensions"]["requestId"], headers["x-request-id"].to_str().unwrap(), "{body:#}");
        }
        Self { status: status.as_u16(), kind, body }
    }

    /// Returns the status, and the code of the only error of an answer without data.
    fn refusal(&self) -> (u16, &str) {
        assert!(self.body.get("data").is_none(), "{:#}", self.body);
        assert_eq!(self.body["errors"].as_array().unwrap().len(), 1, "{:#}", self.body);
        (self.status, self.body["errors"][0]["extensions"]["code"].as_str().unwrap())
    }
}

pub(super) fn post(actor: &Actor, body: &Value) -> RequestBuilder {
    signed(actor, Method::POST).header("Content-Type", JSON).body(body.to_string())
}

fn get(actor: &Actor, parameters: &[(&str, &str)]) -> RequestBuilder {
    let url = url::Url::parse_with_params(&format!("{}/graphql", actor.url), parameters).unwrap();
    let request = reqwest::Client::new().get(url);
    match &actor.token {
        Some(token) => request.bearer_auth(token),
        None => request,
    }
}

fn signed(actor: &Actor, method: Method) -> RequestBuilder {
    let request = reqwest::Client::new().request(method, format!("{}/graphql", actor.url));
    match &actor.token {
        Some(token) => request.bearer_auth(token),
        None => request,
    }
}

#[tokio::test]
async fn a_request_without_preflight_changes_nothing() {
    let world = World::new().await;
    let operator = &world.operator;
    let before = operator.query("{ clients { totalCount } }", json!({})).await;
    let body = json!({ "query": CREATE }).to_string();
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml"]
    {
        let request = signed(operator, Method::POST).header("Content-Type", kind).body(body.clone());
        assert_eq!(Answer::to(request).await.refusal(), (415, "UNSUPPORTED_MEDIA_TYPE"), "{kind}");
    }
    let untyped = signed(operator, Method::POST).body(body.clone());
    assert_eq!(Answer::to(untyped).await.refusal(), (415, "UNSUPPORTED_MEDIA_TYPE"));
    assert_eq!(Answer::to(get(operator, &[("query", CREATE)])).await.refusal(), (405, "METHOD_NOT_ALLOWED"));
    let chosen = format!("query A {{ viewer {{ role }} }} {}", CREATE.replacen("mutation", "mutation B", 1));
    let hidden = get(operator, &[("query", &chosen), ("operationName", "B")]);
    assert_eq!(Answer::to(hidden).await.refusal(), (405, "METHOD_NOT_ALLOWED"));
    for method in [Method::PUT, Method::DELETE, Method::PATCH] {
        let request = signed(operator, method.clone()).header("Content-Type", JSON).body(body.clone());
        assert_eq!(Answer::to(request).await.refusal(), (405, "METHOD_NOT_ALLOWED"), "{method}");
    }
    assert_eq!(operator.query("{ clients { totalCount } }", json!({})).await, before);
}

#[tokio::test]
async fn a_get_from_another_site_needs_a_preflight() {
    let world = World::new().await;
    let query = [("query", "{ __typename }")];
    let from = |actor: &Actor, site: &str| get(actor, &query).header("Sec-Fetch-Site", site);
    for site in ["cross-site", "same-site"] {
        let refused = Answer::to(from(&world.anonymous, site)).await;
        assert_eq!(refused.refusal(), (403, "PREFLIGHT_REQUIRED"), "{site}");
        assert_eq!(Answer::to(from(&world.owner, site)).await.status, 200, "a token is never sent without asking");
        for (name, value) in [("Content-Type", JSON), ("Apollo-Require-Preflight", "true")] {
            let asked = from(&world.anonymous, site).header(name, value);
            assert_eq!(Answer::to(asked).await.status, 200, "{name}");
        }
    }
    for site in ["same-origin", "none"] {
        assert_eq!(Answer::to(from(&world.anonymous, site)).await.status, 200, "{site}");
    }
}

#[tokio::test]
async fn the_media_type_is_negotiated() {
    let app = App::start().await;
    let anonymous = app.anonymous();
    let ask = async |accept: &str| {
        Answer::to(post(&anonymous, &json!({ "query": "{ __typename }" })).header("Accept", accept)).await
    };
    for (accept, kind) in [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/*, application/graphql-response+json", RESPONSE),
        ("application/json", JSON),
        ("APPLICATION/JSON; charset=utf-8", JSON),
        ("application/graphql-response+json", RESPONSE),
        ("application/graphql-response+json, application/json;q=0.9", RESPONSE),
        ("application/json, application/graphql-response+json", RESPONSE),
        ("application/json;q=0.9, application/graphql-response+json;q=0.8", JSON),
        ("application/graphql-response+json;q=0, */*;q=0.1", JSON),
        ("application/json;q=0, */*", RESPONSE),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", JSON),
        ("text/event-stream, multipart/mixed, application/json", JSON),
    ] {
        let answer = ask(accept).await;
        assert_eq!((answer.status, answer.kind), (200, format!("{kind}; charset=utf-8")), "{accept}");
        assert_eq!(answer.body, json!({ "data": { "__typename": "Query" }, "extensions": { "cost": 1 } }));
    }
    for accept in ["text/html", "application/json;q=0", "application/xml, text/*", "*/*;q=0", "application/*; q=0.000"]
    {
        assert_eq!(ask(accept).await.refusal(), (406, "NOT_ACCEPTABLE"), "{accept}");
    }
}

/// Clients that accept only plain JSON get GraphQL errors with status 200.
#[tokio::test]
async fn the_status_depends_on_the_media_type() {
    let world = World::new().await;
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename } query B { __typename }", "OPERATION_RESOLUTION_FAILURE"),
    ] {
        for (accept, status) in [(JSON, 200), (RESPONSE, 400)] {
            let answer = Answer::to(post(&world.operator, &json!({ "query": query })).header("Accept", accept)).await;
            assert_eq!(answer.refusal(), (status, code), "{query} {accept}");
        }
    }
    let subscription = json!({ "query": "subscription { dossierEvents { type } }" });
    let anonymously = json!({ "query": "{ clients { totalCount } }" });
    let half = json!({ "query": "{ viewer { role } client(id: \"nonsense\") { id } }" });
    for accept in [JSON, RESPONSE] {
        let answer = Answer::to(post(&world.operator, &subscription).header("Accept", accept)).await;
        assert_eq!(answer.refusal(), (400, "BAD_REQUEST"));
        let answer = Answer::to(post(&world.anonymous, &anonymously).header("Accept", accept)).await;
        assert_eq!((answer.status, &answer.body["errors"][0]["extensions"]["code"]), (401, &json!("UNAUTHENTICATED")));
        let answer = Answer::to(post(&world.operator, &half).header("Accept", accept)).await;
        assert_eq!(answer.status, 200, "{:#}", answer.body);
        assert_eq!(answer.body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{:#}", answer.body);
    }
}

#[tokio::test]
async fn an_invalid_request_gets_a_json_error() {
    let app = App::start().await;
    let anonymous = app.anonymous();
    for (body, why) in [
        ("", "EOF"),
        ("{", "EOF"),
        ("null", "must be a JSON object, not null"),
        ("\"{ viewer }\"", "must be a JSON object, not a string"),
        ("[]", "Batches are not supported"),
        (r#"[{"query":"{ __typename }"}]"#, "Batches are not supported"),
        ("{}", "`query` is missing"),
        (r#"{"query":null}"#, "`query` is missing"),
        (r#"{"query":""}"#, "`query` is missing"),
        (r#"{"query":["{ __typename }"]}"#, "`query` must be a string, not a list"),
        (r#"{"query":"{ __typename }","variables":[]}"#, "`variables` must be an object, not a list"),
        (r#"{"query":"{ __typename }","operationName":true}"#, "`operationName` must be a string, not a boolean"),
        (r#"{"query":"{ __typename }","extensions":1}"#, "`extensions` must be an object, not a number"),
    ] {
        let answer = Answer::to(signed(&anonymous, Method::POST).header("Content-Type", JSON).body(body)).await;
        assert_eq!(answer.refusal(), (400, "BAD_REQUEST"), "{body}");
        let message = answer.body["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(why), "{body}: {message}");
        for rust in ["struct", "enum", "map", "expected a sequence", "invalid type", "Request", "Variables"] {
            assert!(!message.contains(rust), "{body}: {message}");
        }
    }
    for parameters in [
        &[("variables", "{}")][..],
        &[("query", "{ __typename }"), ("query", "{ __typename }")],
        &[("query", "{ __typename }"), ("variables", "{")],
        &[("query", "{ __typename }"), ("extensions", "[]")],
    ] {
        let answer = Answer::to(get(&anonymous, parameters)).await;
        assert_eq!(answer.refusal(), (400, "BAD_REQUEST"), "{parameters:?}");
    }
}

#[tokio::test]
async fn bodies_are_json_in_utf_8_and_not_too_large() {
    let app = App::start().await;
    let anonymous = app.anonymous();
    let body = json!({ "query": "{ __typename }" }).to_string();
    let send = async |kind: &str, body: String| {
        Answer::to(signed(&anonymous, Method::POST).header("Content-Type", kind).body(body)).await
    };
    for kind in ["application/json; charset=UTF-8", "Application/JSON;charset=\"utf-8\"", "application/json; v=1"] {
        assert_eq!(send(kind, body.clone()).await.status, 200, "{kind}");
    }
    for kind in ["application/json; charset=iso-8859-1", "application/jsonp", "application/graphql", "json"] {
        assert_eq!(send(kind, body.clone()).await.refusal(), (415, "UNSUPPORTED_MEDIA_TYPE"), "{kind}");
    }
    let typed_twice =
        signed(&anonymous, Method::POST).header("Content-Type", JSON).header("Content-Type", "text/plain");
    assert_eq!(Answer::to(typed_twice.body(body.clone())).await.refusal(), (415, "UNSUPPORTED_MEDIA_TYPE"));
    assert_eq!(send(JSON, format!("\u{feff}{body}")).await.status, 200, "a byte order mark is ignored");
    for trailing in ["}", "{}", "\0", "\u{feff}"] {
        assert_eq!(send(JSON, format!("{body}{trailing}")).await.refusal(), (400, "BAD_REQUEST"), "{trailing:?}");
    }
    let zipped = signed(&anonymous, Method::POST).header("Content-Type", JSON).header("Content-Encoding", "gzip");
    assert_eq!(Answer::to(zipped.body(body)).await.refusal(), (415, "UNSUPPORTED_MEDIA_TYPE"));
    let large = json!({ "query": "{ __typename }", "variables": { "x": "x".repeat(2 << 20) } }).to_string();
    assert_eq!(send(JSON, large).await.refusal(), (413, "PAYLOAD_TOO_LARGE"));
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let world = World::new().await;
    let ask = async |method: Method, query: &str| {
        let url = url::Url::parse_with_params(&format!("{}/graphql", world.app.url), [("query", query)]).unwrap();
        let request = reqwest::Client::new().request(method, url).bearer_auth(world.owner.token.as_ref().unwrap());
        let answer = request.send().await.unwrap();
        let kind = answer.headers()[header::CONTENT_TYPE].clone();
        (answer.status(), kind, answer.bytes().await.unwrap())
    };
    for query in ["{ viewer { role } }", "{", CREATE] {
        let (get, head) = (ask(Method::GET, query).await, ask(Method::HEAD, query).await);
        assert_eq!((head.0, head.1), (get.0, get.1), "{query}");
        assert!(head.2.is_empty() && !get.2.is_empty(), "{query}");
    }
}

/// A proxy that reads the other value would check another request.
#[tokio::test]
async fn a_header_of_one_value_must_not_be_repeated() {
    let world = World::new().await;
    let query = json!({ "query": "{ viewer { role } }" });
    let other = format!("Bearer {}", world.martin.token.as_ref().unwrap());
    let both = post(&world.owner, &query).header("Authorization", other);
    assert_eq!(Answer::to(both).await.refusal(), (400, "BAD_REQUEST"));
    let keys = post(&world.owner, &query).header("Idempotency-Key", "a").header("Idempotency-Key", "b");
    assert_eq!(Answer::to(keys).await.refusal(), (400, "BAD_REQUEST"));
}

#[tokio::test]
async fn a_key_may_be_in_the_header_or_in_the_extensions() {
    let world = World::new().await;
    let with = |header: Option<&str>, extension: Option<Value>| {
        let body = json!({ "query": CREATE, "extensions": extension.map(|key| json!({ "idempotencyKey": key })) });
        let request = post(&world.operator, &body);
        match header {
            Some(key) => request.header("Idempotency-Key", key),
            None => request,
        }
    };
    let first = Answer::to(with(Some("k"), None)).await.body;
    for (header, extension) in [(None, Some(json!("k"))), (Some("k"), Some(json!("k"))), (Some("k"), Some(json!(null)))]
    {
        assert_eq!(Answer::to(with(header, extension)).await.body, first);
    }
    assert_eq!(Answer::to(with(Some("k"), Some(json!("other")))).await.refusal(), (400, "BAD_REQUEST"));
    assert_eq!(Answer::to(with(Some("with space"), None)).await.refusal(), (400, "BAD_REQUEST"));
    let count = world.operator.query("{ clients(filter: { search: \"Intrus\" }) { totalCount } }", json!({})).await;
    assert_eq!(count["clients"]["totalCount"], 1);
}
