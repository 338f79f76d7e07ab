//! What an operation costs is known before, and told.

use crate::support::{World, json};

#[tokio::test]
async fn a_lookup_costs_1_and_a_page_its_rows() {
    let world = World::new().await;
    let cost = async |query: &str, variables| world.operator.send(query, variables).await["extensions"]["cost"].clone();
    for (query, expected) in [
        ("{ __typename }", 1),
        ("{ viewer { displayName } }", 1),
        ("{ clients { totalCount } }", 1),
        ("{ clients(first: 0) { nodes { name } } }", 1),
        ("{ clients { nodes { name } } }", 20),
        ("{ clients(first: 7) { nodes { name } } }", 7),
        ("{ clients(last: 7) { edges { cursor node { name } } pageInfo { endCursor } } }", 7),
        ("{ clients(first: 7) { ...Page } } fragment Page on ClientConnection { nodes { name } }", 7),
        (
            "{ a: clients(first: 2) { ...P } b: clients(first: 3) { ...P } } fragment P on ClientConnection { nodes { id } }",
            5,
        ),
        // Each client, each of its documents, and the version of each.
        ("{ clients(first: 10) { nodes { documents(first: 5) { nodes { latestVersion { number } } } } } }", 110),
        ("query A { viewer { role } } query B { clients { nodes { id } } }", 1),
    ] {
        let body = json!({ "query": query, "operationName": query.starts_with("query A").then_some("A") });
        let request = reqwest::Client::new().post(format!("{}/graphql", world.app.url)).json(&body);
        let answer = request.bearer_auth(world.operator.token.as_ref().unwrap()).send().await.unwrap();
        let answer: crate::support::Value = answer.json().await.unwrap();
        assert_eq!(answer["extensions"]["cost"], expected, "{query}\n{answer:#}");
    }
    let sized = "query($n: Int = 3) { clients(first: $n) { nodes { name } } }";
    assert_eq!(cost(sized, json!({})).await, 3);
    assert_eq!(cost(sized, json!({ "n": 9 })).await, 9);
}

#[tokio::test]
async fn what_costs_too_much_is_not_begun() {
    let world = World::new().await;
    let query = "{ clients(first: 100) { nodes { documents(first: 100) { nodes { name } } } } }";
    let answer = world.operator.send(query, json!({})).await;
    let error = &answer["errors"][0];
    assert_eq!(error["message"], "The document has 10100 points of cost; at most 5000 are taken.");
    assert_eq!(error["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    // A client reads one dossier: of the same document, less is taken; over a socket, too.
    let query = "{ clients(first: 50) { nodes { documents(first: 50) { nodes { name } } } } }";
    let refused = "The document has 2550 points of cost; at most 2000 are taken.";
    assert_eq!(world.operator.send(query, json!({})).await["extensions"]["cost"], 2550);
    let answer = world.martin.send(query, json!({})).await;
    assert_eq!(answer["errors"][0]["message"], refused, "{answer:#}");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{answer:#}");
    let mut socket = world.martin.socket().await;
    socket.send(json!({ "id": "1", "type": "subscribe", "payload": { "query": query } })).await;
    let answer = socket.receive().await;
    assert_eq!((&answer["type"], &answer["payload"][0]["message"]), (&json!("error"), &json!(refused)), "{answer:#}");
    // A fragment of itself is refused, and not followed.
    let cycle =
        "{ ...F } fragment F on Query { clients(first: 100) { nodes { documents { nodes { client { id } } } } } ...F }";
    assert_eq!(world.operator.code(cycle, json!({})).await, "GRAPHQL_VALIDATION_FAILED");
}
