//! Messages on a socket that stays open.

use crate::support::{Value, World, json, socket::Socket};
use futures::SinkExt;
use tokio_tungstenite::tungstenite::Message;

const EVENTS: &str = "subscription { dossierEvents { type subjectId } }";
const CREATE: &str = "mutation($name: String!) {
    createClient(input: { name: $name, track: LAB }) { client { id name } userErrors { code } }
}";

fn subscribe(id: &str, payload: &Value) -> Value {
    json!({ "id": id, "type": "subscribe", "payload": payload })
}

/// Returns all messages of this operation, up to its end.
async fn answers(socket: &mut Socket, id: &str, payload: Value) -> Vec<Value> {
    socket.send(subscribe(id, &payload)).await;
    let mut messages = Vec::new();
    loop {
        let message = socket.receive().await;
        assert_eq!(message["id"], id, "{message:#}");
        messages.push(message.clone());
        if message["type"] != "next" {
            return messages;
        }
    }
}

#[tokio::test]
async fn pongs_repeat_the_payload_of_pings() {
    let world = World::new().await;
    let mut socket = Socket::connect(&world.app.url).await;
    socket.send(json!({ "type": "ping" })).await;
    assert_eq!(socket.receive().await, json!({ "type": "pong" }));
    socket.send(json!({ "type": "pong", "payload": { "unasked": true } })).await;
    socket.send(json!({ "type": "ping", "payload": { "at": [1, 2] } })).await;
    assert_eq!(socket.receive().await, json!({ "type": "pong", "payload": { "at": [1, 2] } }));
}

/// Some programs begin a text with a byte order mark.
#[tokio::test]
async fn a_byte_order_mark_is_ignored() {
    let world = World::new().await;
    let mut socket = Socket::connect(&world.app.url).await;
    socket.0.send(Message::text("\u{feff}{\"type\":\"connection_init\"}")).await.unwrap();
    assert_eq!(socket.receive().await["type"], "connection_ack");
    socket.0.send(Message::text("\u{feff}\u{feff}{\"type\":\"ping\"}")).await.unwrap();
    assert_eq!(socket.closed().await.0, 4400, "one is a mark, and two are not");
}

#[tokio::test]
async fn queries_and_mutations_are_answered_and_completed() {
    let world = World::new().await;
    let mut socket = world.operator.socket().await;
    let query = "query($id: ID!) { client(id: $id) { name } }";
    assert_eq!(
        answers(&mut socket, "q", json!({ "query": query, "variables": { "id": world.martin_id } })).await,
        [
            json!({ "id": "q", "type": "next", "payload": {
                "data": { "client": { "name": "Martin" } }, "extensions": { "cost": 1 },
            } }),
            json!({ "id": "q", "type": "complete" }),
        ]
    );
    let made = answers(&mut socket, "m", json!({ "query": CREATE, "variables": { "name": "Neuf" } })).await;
    assert_eq!(made[0]["payload"]["data"]["createClient"]["client"]["name"], "Neuf", "{made:#?}");
    assert_eq!(made[1]["type"], "complete");
}

#[tokio::test]
async fn a_mutation_with_a_key_happens_once_over_http_and_sockets() {
    let world = World::new().await;
    let mut socket = world.operator.socket().await;
    let variables = json!({ "name": "Une fois" });
    let payload = json!({ "query": CREATE, "variables": variables, "extensions": { "idempotencyKey": "k-1" } });
    let first = answers(&mut socket, "1", payload.clone()).await[0]["payload"]["data"].clone();
    let second = answers(&mut socket, "2", payload).await[0]["payload"]["data"].clone();
    let (_, over_http) = world.operator.send_with(CREATE, variables, &[("Idempotency-Key", "k-1")]).await;
    assert!(first["createClient"]["client"]["id"].is_string(), "{first:#}");
    assert_eq!(first, second);
    assert_eq!(first, over_http["data"]);
    let other = json!({ "query": CREATE, "variables": { "name": "Deux" }, "extensions": { "idempotencyKey": "k-1" } });
    let refused = answers(&mut socket, "3", other).await;
    assert_eq!(refused[0]["payload"]["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{refused:#?}");
    for wrong in [json!(7), json!(""), json!("é"), json!("x".repeat(101))] {
        let payload = json!({ "query": CREATE, "variables": {}, "extensions": { "idempotencyKey": wrong } });
        let refused = answers(&mut socket, "4", payload).await;
        assert_eq!(refused[0]["type"], "error", "{wrong}");
        assert_eq!(refused[0]["payload"][0]["extensions"]["code"], "BAD_REQUEST", "{wrong}");
    }
}

#[tokio::test]
async fn a_refused_operation_gets_one_error() {
    let world = World::new().await;
    let mut socket = world.operator.socket().await;
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { viewer { role } } query B { viewer { role } }", "OPERATION_RESOLUTION_FAILURE"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
    ] {
        let messages = answers(&mut socket, "1", json!({ "query": query })).await;
        assert_eq!((messages.len(), &messages[0]["type"]), (1, &json!("error")), "{query}: {messages:#?}");
        let extensions = &messages[0]["payload"][0]["extensions"];
        assert_eq!(extensions["code"], code, "{query}");
        assert!(extensions["requestId"].as_str().is_some_and(|id| !id.is_empty()), "{query}");
    }
    let mut anonymous = Socket::open(&world.app.url, None).await;
    let refused = answers(&mut anonymous, "1", json!({ "query": EVENTS })).await;
    assert_eq!(refused[0]["type"], "error");
    assert_eq!(refused[0]["payload"][0]["extensions"]["code"], "UNAUTHENTICATED");
    let answered = answers(&mut anonymous, "2", json!({ "query": "{ clients { totalCount } }" })).await;
    assert_eq!(answered[0]["payload"]["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{answered:#?}");
}

#[tokio::test]
async fn a_completed_operation_ends_and_frees_its_id() {
    let world = World::new().await;
    let mut socket = world.operator.socket().await;
    let rename = async |name: &str| {
        world.owner.does("updateClient", json!({ "id": world.martin_id, "name": name }), "").await;
    };
    let begun = async |socket: &mut Socket| {
        socket.send(json!({ "type": "ping" })).await;
        assert_eq!(socket.receive().await["type"], "pong");
    };
    socket.send(subscribe("1", &json!({ "query": EVENTS }))).await;
    begun(&mut socket).await;
    rename("Un").await;
    assert_eq!(socket.receive().await["payload"]["data"]["dossierEvents"]["type"], "CLIENT_UPDATED");
    socket.send(json!({ "id": "1", "type": "complete" })).await;
    begun(&mut socket).await;
    rename("Deux").await;
    // Completing an operation that does not run has no effect.
    socket.send(json!({ "id": "1", "type": "complete" })).await;
    let query = json!({ "query": "subscription { dossierEvents { cursor } }" });
    socket.send(subscribe("1", &query)).await;
    begun(&mut socket).await;
    rename("Trois").await;
    let event = socket.receive().await;
    assert_eq!(event["id"], "1");
    assert!(event["payload"]["data"]["dossierEvents"]["cursor"].is_string(), "{event:#}");
    begun(&mut socket).await;
}

#[tokio::test]
async fn the_operations_of_a_socket_are_limited() {
    let world = World::new().await;
    let mut socket = world.martin.socket().await;
    for id in 0..60 {
        socket.send(subscribe(&id.to_string(), &json!({ "query": EVENTS }))).await;
    }
    for id in 50..60 {
        let message = socket.receive().await;
        assert_eq!((&message["id"], &message["type"]), (&json!(id.to_string()), &json!("error")), "{message:#}");
        let error = &message["payload"][0];
        assert_eq!(error["extensions"]["code"], "TOO_MANY_OPERATIONS", "{message:#}");
        assert!(error["message"].as_str().unwrap().contains("50 operations"), "{message:#}");
    }
    socket.send(json!({ "id": "7", "type": "complete" })).await;
    let answered = answers(&mut socket, "again", json!({ "query": "{ viewer { role } }" })).await;
    assert_eq!(answered[0]["payload"]["data"]["viewer"]["role"], "CLIENT", "{answered:#?}");
}
