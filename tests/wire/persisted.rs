//! Automatic persisted queries.

use crate::support::{Actor, Value, World, actors::sha256, json};

const QUERY: &str = "query($id: ID!) { client(id: $id) { name } }";

fn persisted(query: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": sha256(query.as_bytes()) } })
}

async fn send(actor: &Actor, body: Value) -> Value {
    let request = reqwest::Client::new().post(format!("{}/graphql", actor.url)).json(&body);
    request.bearer_auth(actor.token.as_ref().unwrap()).send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn a_document_is_sent_once_and_then_referenced() {
    let world = World::new().await;
    let variables = json!({ "id": world.martin_id });
    let named = json!({ "extensions": persisted(QUERY), "variables": variables });
    let unknown = send(&world.operator, named.clone()).await;
    assert_eq!(unknown["errors"][0]["message"], "PersistedQueryNotFound");
    assert_eq!(unknown["errors"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_FOUND");
    let body = json!({ "query": QUERY, "extensions": persisted(QUERY), "variables": variables });
    let expected = json!({ "data": { "client": { "name": "Martin" } }, "extensions": { "cost": 1 } });
    assert_eq!(send(&world.operator, body).await, expected);
    assert_eq!(send(&world.operator, named.clone()).await, expected);
    assert_eq!(send(&world.stranger, named.clone()).await["data"]["client"], json!(null), "rights are not remembered");

    let parameters = [("variables", variables.to_string()), ("extensions", persisted(QUERY).to_string())];
    let url = url::Url::parse_with_params(&format!("{}/graphql", world.app.url), parameters).unwrap();
    let get = reqwest::Client::new().get(url).bearer_auth(world.operator.token.as_ref().unwrap());
    assert_eq!(get.send().await.unwrap().json::<Value>().await.unwrap(), expected);

    let mut socket = world.operator.socket().await;
    socket.send(json!({ "id": "1", "type": "subscribe", "payload": named })).await;
    assert_eq!(socket.receive().await, json!({ "id": "1", "type": "next", "payload": expected }));
    assert_eq!(socket.receive().await["type"], "complete");
    let unknown = json!({ "extensions": persisted("{ __typename }") });
    socket.send(json!({ "id": "2", "type": "subscribe", "payload": unknown })).await;
    let refused = socket.receive().await;
    assert_eq!(refused["type"], "error");
    assert_eq!(refused["payload"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_FOUND");
}

#[tokio::test]
async fn only_documents_with_a_correct_hash_are_stored() {
    let world = World::new().await;
    let error_code = async |query: &str, extensions: Value| {
        let answer = send(&world.operator, json!({ "query": query, "extensions": extensions })).await;
        answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(error_code("{ __typename }", persisted(QUERY)).await, "PERSISTED_QUERY_MISMATCH");
    assert_eq!(error_code("{ broken", persisted("{ broken")).await, "GRAPHQL_PARSE_FAILED");
    for query in [QUERY, "{ broken"] {
        let answer = send(&world.operator, json!({ "extensions": persisted(query) })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_FOUND", "{query}");
    }
    let hash = sha256(b"{ __typename }");
    for wrong in [
        json!(true),
        json!({}),
        json!({ "version": 2, "sha256Hash": hash }),
        json!({ "version": 1 }),
        json!({ "version": 1, "sha256Hash": "abc" }),
        json!({ "version": 1, "sha256Hash": "é".repeat(32) }),
    ] {
        assert_eq!(error_code("{ __typename }", json!({ "persistedQuery": wrong })).await, "BAD_REQUEST", "{wrong}");
    }
    assert_eq!(error_code("{ __typename }", json!({ "persistedQuery": null })).await, "");
    let upper = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash.to_uppercase() } });
    assert_eq!(error_code("{ __typename }", upper).await, "");
}

/// 21 MB of documents do not fit. The last one is kept.
#[tokio::test]
async fn the_store_of_documents_is_bounded() {
    let world = World::new().await;
    let document = |n: usize| format!("query Q{n} {{ __typename }} #{}", "x".repeat(60_000));
    let remembered = async |n: usize| {
        let answer = send(&world.operator, json!({ "extensions": persisted(&document(n)) })).await;
        answer["data"].is_object()
    };
    for n in 0..350 {
        let query = document(n);
        let answer = send(&world.operator, json!({ "extensions": persisted(&query), "query": query })).await;
        assert_eq!(answer["data"]["__typename"], "Query");
    }
    assert!(remembered(349).await);
    let mut forgotten = 0;
    for n in 0..350 {
        forgotten += usize::from(!remembered(n).await);
    }
    assert!((70..200).contains(&forgotten), "{forgotten}");
}
