//! No operation takes much memory, whatever it requests.

use crate::support::{
    Actor, Value, json,
    process::{Process, free_port, run},
};
use std::fmt::Write;

/// The maximum memory of the process, which is built without optimization, in bytes.
const BOUND: u64 = 400 << 20;

/// The maximum length of a text, in characters of four bytes.
const LONG: usize = 10_000;

struct Server {
    operator: Actor,
    anonymous: Actor,
    process: Process,
    _data: tempfile::TempDir,
}

async fn serve() -> Server {
    let data = tempfile::tempdir().unwrap();
    run(data.path(), &["migrate"]);
    run(data.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(data.path(), &["member", "add", "olga@atelier.example", "--organization", "atelier", "--role", "operator"]);
    let token = run(data.path(), &["token", "olga@atelier.example"]);
    let process = Process::serve(data.path(), free_port()).await;
    let operator = process.actor("olga", &token);
    Server { operator, anonymous: Actor::new(&process.url, "anonymous", None), process, _data: data }
}

/// Returns `a0: field a1: field …`.
fn aliases(field: &str, times: usize) -> String {
    (0..times).fold(String::new(), |mut all, n| {
        let _ = write!(all, "a{n}: {field} ");
        all
    })
}

/// Returns the number of values in a value.
fn values(value: &Value) -> usize {
    let below = match value {
        Value::Array(items) => items.iter().map(values).sum(),
        Value::Object(fields) => fields.values().map(values).sum(),
        _ => 0,
    };
    1 + below
}

#[tokio::test]
async fn the_size_of_an_answer_is_limited() {
    let server = serve().await;
    let Server { operator, process, .. } = &server;
    let client = operator.does("createClient", json!({ "name": "Martin", "track": "LAB" }), "client { id }").await;
    let client = client["client"]["id"].as_str().unwrap();
    let long = "🥐".repeat(LONG);
    let input = json!({ "clientId": client, "subject": "Longue", "body": long });
    let begun = operator.does("startConversation", input, "conversation { id }").await;
    let conversation = begun["conversation"]["id"].as_str().unwrap();
    for _ in 0..60 {
        let input = json!({ "conversationId": conversation, "body": long });
        operator.does("postMessage", input, "message { id }").await;
    }
    let messages = |fields: &str| {
        format!(
            "query($id: ID!) {{ client(id: $id) {{ conversations {{ nodes {{ messages(first: 100) {{ {fields} }} }} }} }} }}"
        )
    };
    let events = |fields: &str| {
        format!("{{ events(first: 100) {{ events {{ subject {{ ... on Message {{ {fields} }} }} }} }} }}")
    };
    let many = aliases("body", 99);
    for (query, variables) in [
        (messages(&format!("nodes {{ {many} }}")), json!({ "id": client })),
        (messages(&format!("edges {{ node {{ {many} }} }}")), json!({ "id": client })),
        (events(&many), json!({})),
    ] {
        let answer = operator.send(&query, variables).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "ANSWER_TOO_LARGE", "{:.500}", answer.to_string());
        assert!(answer["data"].is_null());
    }
    assert!(process.peak() < BOUND, "{} MiB", process.peak() >> 20);
    // Ordinary operations are far below the limit.
    let data = operator.query(&messages("nodes { body }"), json!({ "id": client })).await;
    let nodes = data["client"]["conversations"]["nodes"][0]["messages"]["nodes"].as_array().unwrap().len();
    assert_eq!(nodes, 61);
}

/// Each use of a variable copies its value.
#[tokio::test]
async fn uses_of_a_variable_are_limited() {
    let server = serve().await;
    let fields = aliases("clients(filter: { search: $v }) { totalCount }", 25);
    let answer =
        server.operator.send(&format!("query($v: String) {{ {fields} }}"), json!({ "v": "x".repeat(900 << 10) })).await;
    let message = answer["errors"][0]["message"].as_str().unwrap_or_default();
    assert!(message.contains("bytes of memory in the values of its variables. The limit is 16777216"), "{message}");
    assert!(server.process.peak() < BOUND, "{} MiB", server.process.peak() >> 20);
}

#[tokio::test]
async fn the_cost_of_an_introspection_is_its_size() {
    let server = serve().await;
    let Server { operator, anonymous, process, .. } = &server;
    for pairs in [5, 6, 7] {
        let nested = format!("{}name{}", "interfaces { possibleTypes { ".repeat(pairs), " } }".repeat(pairs));
        let query = format!("{{ __schema {{ types {{ {nested} }} }} }}");
        let answer = anonymous.send(&query, json!({})).await;
        let message = answer["errors"][0]["message"].as_str().unwrap_or_default();
        assert_eq!(
            answer["errors"][0]["extensions"]["code"],
            "GRAPHQL_VALIDATION_FAILED",
            "{pairs}: {:.500}",
            answer.to_string()
        );
        assert!(
            message.contains("levels of fields")
                || message.contains("schema values in its response")
                || message.contains("points of cost"),
            "{message}"
        );
    }
    // The maximum depth of a document, through lists and through their items.
    for nested in [
        "fields { type { fields { type { fields { type { fields { name } } } } } } }",
        "fields { type { ofType { ofType { possibleTypes { fields { args { type { inputFields { name } } } } } } } } }",
        "possibleTypes { fields { type { possibleTypes { fields { type { possibleTypes { name } } } } } } }",
    ] {
        let query = format!("{{ __schema {{ {} }} }}", aliases(&format!("types {{ {nested} }}"), 9));
        let answer = operator.send(&query, json!({})).await;
        if answer["data"].is_null() {
            assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
        } else {
            let cost = usize::try_from(answer["extensions"]["cost"].as_u64().unwrap()).unwrap();
            let values = values(&answer["data"]);
            assert!(values <= cost * 1_000, "{values} values for {cost} points: {query}");
        }
    }
    assert!(process.peak() < BOUND, "{} MiB", process.peak() >> 20);
}

/// Editors and generators send this query first.
#[tokio::test]
async fn the_usual_introspection_is_cheap_for_everybody() {
    let server = serve().await;
    let (status, answer) = server.anonymous.send_with(INTROSPECTION, json!({}), &[]).await;
    assert_eq!(status, 200, "{:.500}", answer.to_string());
    let cost = answer["extensions"]["cost"].as_u64().unwrap();
    assert!((2..=80).contains(&cost), "{cost}");
    let small = server.anonymous.send("{ __type(name: \"Client\") { name } }", json!({})).await;
    assert_eq!(small["extensions"]["cost"], 1);
}

const INTROSPECTION: &str = "
    query IntrospectionQuery {
        __schema {
            description
            queryType { name kind } mutationType { name kind } subscriptionType { name kind }
            types { ...FullType }
            directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } }
        }
    }
    fragment FullType on __Type {
        kind name description specifiedByURL isOneOf
        fields(includeDeprecated: true) {
            name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason
        }
        inputFields(includeDeprecated: true) { ...InputValue }
        interfaces { ...TypeRef }
        enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
        possibleTypes { ...TypeRef }
    }
    fragment InputValue on __InputValue {
        name description type { ...TypeRef } defaultValue isDeprecated deprecationReason
    }
    fragment TypeRef on __Type {
        kind name
        ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
        ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
    }";
