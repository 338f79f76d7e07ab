//! The cost of an operation: of its document before execution, and of the rows that it reads.

use crate::support::{Actor, App, Value, World, app::PLENTY, fixtures::uuid, json};
use futures::{StreamExt, stream::FuturesUnordered};
use std::collections::HashSet;

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
        ("{ clients(first: 7) { pageInfo { endCursor } } }", 7),
        (
            "{ clients(first: 7) { ...P } } fragment P on ClientConnection { totalCount ...Q } fragment Q on ClientConnection { nodes { id } }",
            8,
        ),
        // One statement sums all dossiers.
        ("{ clients(first: 100) { nodes { id name figures { due { amount } } } } }", 200),
        // Each invoice, its lines, its payments, and the currency of each.
        (
            "{ invoices(first: 2) { nodes { total { amount } lines { netAmount { amount } } payments(first: 3) { nodes { amount { amount } } } } } }",
            34,
        ),
        ("{ clients(first: 5) { nodes { documents { totalCount } } } }", 10),
        // Each event, and its subject.
        ("{ events(first: 4) { events { type } } }", 8),
        ("{ events(first: 4, types: [REMOVED]) { events { type } } }", 108),
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
async fn an_operation_that_costs_too_much_is_not_executed() {
    let world = World::new().await;
    let query = "{ clients(first: 100) { nodes { documents(first: 100) { nodes { name } } } } }";
    let answer = world.operator.send(query, json!({})).await;
    let error = &answer["errors"][0];
    assert_eq!(error["message"], "The document has 10100 points of cost. The limit is 5000.");
    assert_eq!(error["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    // A client reads one dossier, so the limit for the same document is lower, also over a socket.
    let query = "{ clients(first: 50) { nodes { documents(first: 50) { nodes { name } } } } }";
    let refused = "The document has 2550 points of cost. The limit is 2000.";
    assert_eq!(world.operator.send(query, json!({})).await["extensions"]["cost"], 2550);
    let answer = world.martin.send(query, json!({})).await;
    assert_eq!(answer["errors"][0]["message"], refused, "{answer:#}");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{answer:#}");
    let mut socket = world.martin.socket().await;
    socket.send(json!({ "id": "1", "type": "subscribe", "payload": { "query": query } })).await;
    let answer = socket.receive().await;
    assert_eq!((&answer["type"], &answer["payload"][0]["message"]), (&json!("error"), &json!(refused)), "{answer:#}");
    // A fragment that spreads itself is refused.
    let cycle =
        "{ ...F } fragment F on Query { clients(first: 100) { nodes { documents { nodes { client { id } } } } } ...F }";
    assert_eq!(world.operator.code(cycle, json!({})).await, "GRAPHQL_VALIDATION_FAILED");
}

/// Adds this many clients to the organization, directly in the database.
async fn many_clients(world: &World, count: u32) {
    let columns = "organization_id, site_id, name, name_key, email, phone, billing_address, track, status, \
                   status_before_archive, internal_notes, revision, created_at, updated_at";
    let new = world.app.new_key();
    let sql = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
         INSERT INTO client (id, {columns}) SELECT {new}, {columns} FROM client, n WHERE name = 'Martin'"
    );
    assert_eq!(world.app.by_hand(&sql).await, u64::from(count));
}

#[tokio::test]
async fn rows_that_are_read_are_charged() {
    let world = World::new().await;
    many_clients(&world, 400).await;
    let none = r#"filter: { search: "zzzz" }"#;
    for (query, cost) in [
        ("{ clients { totalCount } }".to_owned(), 1 + 4),
        ("{ a: clients { totalCount } b: clients { totalCount } }".to_owned(), 2 + 8),
        (format!("{{ clients(first: 1, {none}) {{ nodes {{ id }} }} }}"), 1 + 4),
        (format!("{{ clients({none}) {{ totalCount }} }}"), 1 + 4),
        // A page that is found soon only costs the rows that were read.
        (r#"{ clients(first: 1, filter: { search: "a" }) { nodes { id } } }"#.to_owned(), 1 + 2),
        // Searching costs nothing in dossiers without documents.
        (format!("{{ clients(first: 100) {{ nodes {{ documents(first: 1, {none}) {{ nodes {{ id }} }} }} }} }}"), 200),
    ] {
        let answer = world.manager.send(&query, json!({})).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        assert_eq!(answer["extensions"]["cost"], cost, "{query}");
    }
    // Pages continue across statements without gaps.
    let (mut after, mut seen) = (Value::Null, HashSet::new());
    let page = r#"query($after: String) { clients(first: 90, after: $after, filter: { search: "mart" }, orderBy: NAME_DESC) {
        nodes { id } pageInfo { hasNextPage endCursor } } }"#;
    loop {
        let answer = world.operator.query(page, json!({ "after": after })).await["clients"].clone();
        for node in answer["nodes"].as_array().unwrap() {
            assert!(seen.insert(uuid(node["id"].as_str().unwrap())), "{node} comes twice");
        }
        if answer["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = answer["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(seen.len(), 401);
}

#[tokio::test]
async fn a_count_over_the_budget_is_an_error_and_never_a_wrong_number() {
    let world = World::new().await;
    many_clients(&world, 400).await;
    let rest = "a: clients(first: 100) { nodes { documents(first: 48) { nodes { id } } } } \
                b: clients(first: 96) { nodes { id } }";
    for counted in [
        "c: clients { totalCount }",
        r#"c: clients(first: 1, filter: { search: "zzzz" }) { nodes { id } }"#,
        r#"c: clients(filter: { search: "zzzz" }) { totalCount }"#,
    ] {
        let answer = world.operator.send(&format!("{{ {rest} {counted} }}"), json!({})).await;
        assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1), "{answer:#}");
        let error = &answer["errors"][0];
        assert_eq!((&error["extensions"]["code"], &error["path"][0]), (&json!("COST_EXCEEDED"), &json!("c")));
        assert_eq!(answer["extensions"]["cost"], 5_000, "all that it may cost is used up");
    }
}

#[tokio::test]
async fn rows_that_were_read_count_for_the_rate_limit() {
    let points = [PLENTY[0], ("RATE_POINTS", "30")]
        .map(|(name, value)| format!("--{}={value}", name.to_lowercase().replace('_', "-")));
    let world = World::on(App::configured(&points).await).await;
    many_clients(&world, 2_500).await;
    // More than is left, because the cost is known only afterwards.
    let count = "{ clients { totalCount } }";
    assert_eq!(world.owner.send(count, json!({})).await["extensions"]["cost"], 26);
    assert_eq!(world.owner.send(count, json!({})).await["extensions"]["cost"], 26);
    assert_eq!(world.owner.code("{ viewer { role } }", json!({})).await, "RATE_LIMITED");
}

#[tokio::test]
async fn a_caller_with_too_many_waiting_operations_is_refused() {
    let world = World::new().await;
    // No operation is answered meanwhile.
    let connections = world.app.every_connection().await;
    let ask = |actor: &Actor| {
        let actor = actor.clone();
        async move { actor.send("{ clients { totalCount } }", json!({})).await }
    };
    let mut asked: FuturesUnordered<_> = (0..109).map(|_| ask(&world.operator)).collect();
    let refused = asked.next().await.unwrap();
    assert_eq!(refused["errors"][0]["extensions"]["code"], "TOO_MANY_OPERATIONS", "{refused:#}");
    assert!(refused.get("data").is_none(), "{refused:#}");
    drop(connections);
    while let Some(answer) = asked.next().await {
        assert_eq!(answer["data"]["clients"]["totalCount"], 2, "{answer:#}");
    }
    // Other callers did not wait, and later ones do not.
    assert_eq!(ask(&world.operator).await["data"]["clients"]["totalCount"], 2);
}
