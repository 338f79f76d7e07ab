//! Each close code of the server.

use crate::support::{Actor, App, Value, World, json, socket::Socket};
use chrono::TimeDelta;
use futures::{SinkExt, StreamExt};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::tungstenite::Message;

const EVENTS: &str = "subscription { dossierEvents { type } }";

fn init(token: impl Into<Value>) -> Value {
    json!({ "type": "connection_init", "payload": { "Authorization": token.into() } })
}

fn subscribe(id: &str, query: &str) -> Value {
    json!({ "id": id, "type": "subscribe", "payload": { "query": query } })
}

#[tokio::test]
async fn another_protocol_is_4406() {
    let app = App::start().await;
    for headers in ["", "Sec-WebSocket-Protocol: graphql-ws\r\n", "Sec-WebSocket-Protocol: soap, graphql-ws\r\n"] {
        let mut socket = Socket::raw(&app.url, headers).await;
        assert_eq!(socket.closed().await, (4406, "Subprotocol not acceptable".into()), "{headers}");
    }
    let mut socket = Socket::raw(&app.url, "Sec-WebSocket-Protocol: graphql-ws, graphql-transport-ws\r\n").await;
    socket.send(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.receive().await, json!({ "type": "connection_ack" }));
}

#[tokio::test]
async fn a_missing_init_is_4408() {
    let app = App::start().await;
    let began = Instant::now();
    let mut silent = Socket::connect(&app.url).await;
    let mut pinging = Socket::connect(&app.url).await;
    pinging.send(json!({ "type": "ping" })).await;
    assert_eq!(pinging.receive().await["type"], "pong");
    for socket in [&mut silent, &mut pinging] {
        assert_eq!(socket.closed().await, (4408, "Connection initialisation timeout".into()));
    }
    assert!((4..10).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_second_init_is_4429() {
    let app = App::start().await;
    let mut socket = Socket::open(&app.url, None).await;
    socket.send(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.closed().await, (4429, "Too many initialisation requests".into()));
}

#[tokio::test]
async fn a_subscription_before_the_init_is_4401() {
    let app = App::start().await;
    let mut socket = Socket::connect(&app.url).await;
    socket.send(subscribe("1", "{ __typename }")).await;
    assert_eq!(socket.closed().await, (4401, "Unauthorized".into()));
}

#[tokio::test]
async fn an_invalid_token_is_4403() {
    let world = World::new().await;
    let expired = world.app.again(&world.owner, TimeDelta::seconds(-5)).await.token.unwrap();
    for token in [json!("Bearer x"), json!("Basic eDp5"), json!(""), json!(7), json!(format!("Bearer {expired}"))] {
        let mut socket = Socket::connect(&world.app.url).await;
        socket.send(init(token.clone())).await;
        assert_eq!(socket.closed().await, (4403, "Forbidden".into()), "{token}");
    }
}

/// Programs can set the header. Browsers cannot, and send the payload.
#[tokio::test]
async fn the_handshake_may_bring_the_token() {
    let world = World::new().await;
    let url = &world.app.url;
    let bearer = |actor: &Actor| format!("Bearer {}", actor.token.as_ref().unwrap());
    let (operator, client) = (bearer(&world.operator), bearer(&world.martin));
    let role = async |socket: &mut Socket| {
        assert_eq!(socket.receive().await["type"], "connection_ack");
        socket.send(subscribe("1", "{ viewer { role } }")).await;
        socket.receive().await["payload"]["data"]["viewer"]["role"].clone()
    };
    for payload in [json!({}), json!({ "Authorization": null }), json!({ "other": 1 })] {
        let mut socket = Socket::connect_with(url, &[("Authorization", &operator)]).await;
        socket.send(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(role(&mut socket).await, "OPERATOR", "{payload}");
    }
    for header in [operator.as_str(), "Bearer x"] {
        let mut socket = Socket::connect_with(url, &[("Authorization", header)]).await;
        socket.send(init(client.as_str())).await;
        assert_eq!(role(&mut socket).await, "CLIENT", "the payload counts, not {header}");
    }
    let expired = bearer(&world.app.again(&world.owner, TimeDelta::seconds(-5)).await);
    let twice = [("Authorization", operator.as_str()), ("Authorization", client.as_str())];
    for headers in [&[("Authorization", "Bearer x")][..], &[("Authorization", &expired)], &twice] {
        let mut socket = Socket::connect_with(url, headers).await;
        socket.send(json!({ "type": "connection_init" })).await;
        assert_eq!(socket.closed().await, (4403, "Forbidden".into()), "{headers:?}");
    }
}

#[tokio::test]
async fn an_ended_session_is_4403() {
    let world = World::new().await;
    let token = world.owner.token.clone().unwrap();
    let mut listening = world.owner.socket().await;
    listening.send(subscribe("1", EVENTS)).await;
    let mut idle = world.owner.socket().await;
    world.owner.query("mutation { signOut { signedOut } }", json!({})).await;
    idle.send(subscribe("1", "{ viewer { role } }")).await;
    assert_eq!(idle.closed().await, (4403, "session-ended".into()));
    // Any event wakes the listener, even one that they may not see.
    world.operator.does("updateClient", json!({ "id": world.martin_id, "name": "Martine" }), "").await;
    assert_eq!(listening.closed().await, (4403, "session-ended".into()));
    let mut late = Socket::connect(&world.app.url).await;
    late.send(init(format!("Bearer {token}"))).await;
    assert_eq!(late.closed().await, (4403, "session-ended".into()));
}

/// While the database is unavailable, no token can be confirmed.
#[tokio::test]
async fn a_token_that_cannot_be_checked_now_is_1013() {
    let app = App::configured(&["--database-pool-size=2", "--database-pool-wait=1"].map(str::to_owned)).await;
    let world = World::on(app).await;
    let connections = world.app.every_connection().await;
    let token = world.owner.token.clone().unwrap();
    let mut socket = Socket::connect(&world.app.url).await;
    socket.send(init(format!("Bearer {token}"))).await;
    assert_eq!(socket.closed().await, (1013, "try-again-later".into()));
    drop(connections);
    Socket::open(&world.app.url, Some(&token)).await;
}

#[tokio::test]
async fn a_token_that_expires_is_4403() {
    let world = World::new().await;
    let brief = world.app.again(&world.operator, TimeDelta::seconds(3)).await;
    let mut socket = brief.socket().await;
    socket.send(subscribe("1", EVENTS)).await;
    assert_eq!(socket.closed().await, (4403, "token-expired".into()));
}

#[tokio::test]
async fn a_used_id_is_4409() {
    let world = World::new().await;
    let mut socket = world.operator.socket().await;
    let id = "é".repeat(500);
    socket.send(subscribe(&id, EVENTS)).await;
    socket.send(subscribe(&id, EVENTS)).await;
    let (code, reason) = socket.closed().await;
    assert_eq!((code, reason.starts_with("Subscriber for éé")), (4409, true), "{reason}");
}

#[tokio::test]
async fn an_invalid_message_is_4400() {
    let app = App::start().await;
    let query = "{ __typename }";
    for wrong in [
        json!("text").to_string(),
        "{".to_owned(),
        String::new(),
        json!([]).to_string(),
        json!({}).to_string(),
        json!({ "type": 7 }).to_string(),
        json!({ "type": "start", "id": "1", "payload": { "query": query } }).to_string(),
        json!({ "type": "connection_ack" }).to_string(),
        json!({ "type": "ping", "payload": "text" }).to_string(),
        json!({ "type": "complete" }).to_string(),
        json!({ "type": "subscribe", "payload": { "query": query } }).to_string(),
        json!({ "type": "subscribe", "id": "", "payload": { "query": query } }).to_string(),
        json!({ "type": "subscribe", "id": 1, "payload": { "query": query } }).to_string(),
        json!({ "type": "subscribe", "id": "1" }).to_string(),
        json!({ "type": "subscribe", "id": "1", "payload": {} }).to_string(),
        json!({ "type": "subscribe", "id": "1", "payload": [{ "query": query }] }).to_string(),
        json!({ "type": "subscribe", "id": "1", "payload": { "query": 7 } }).to_string(),
        json!({ "type": "subscribe", "id": "1", "payload": { "query": query, "variables": "x" } }).to_string(),
        json!({ "type": "subscribe", "id": "1", "payload": { "query": query, "operationName": 7 } }).to_string(),
        json!({ "type": "subscribe", "id": "1", "payload": { "query": query, "extensions": [] } }).to_string(),
    ] {
        let mut socket = Socket::open(&app.url, None).await;
        socket.0.send(Message::text(wrong.clone())).await.unwrap();
        let (code, reason) = socket.closed().await;
        assert_eq!((code, reason.is_empty()), (4400, false), "{wrong}: {reason}");
    }
    let mut socket = Socket::open(&app.url, None).await;
    socket.0.send(Message::binary(json!({ "type": "ping" }).to_string())).await.unwrap();
    assert_eq!(socket.closed().await, (4400, "Messages must be text".into()));
}

#[tokio::test]
async fn a_message_that_is_too_large_is_1009() {
    let app = App::start().await;
    for size in [300 << 10, 4 << 20] {
        let mut socket = Socket::open(&app.url, None).await;
        let message = json!({ "type": "ping", "payload": { "x": "x".repeat(size) } });
        // The server does not wait for the end of the message.
        let _ = socket.0.send(Message::text(message.to_string())).await;
        assert_eq!(socket.closed().await, (1009, "message-too-large".into()));
    }
}

#[tokio::test]
async fn invalid_frames_are_1002_and_1007() {
    let app = App::start().await;
    let reserved_bits = [0xf1, 0x80, 0, 0, 0, 0];
    let unmasked = [0x81, 0x02, b'{', b'}'];
    let no_utf8 = [0x81, 0x82, 0, 0, 0, 0, 0xff, 0xff];
    for (frame, code) in [(&reserved_bits[..], 1002), (&unmasked[..], 1002), (&no_utf8[..], 1007)] {
        let mut socket = Socket::open(&app.url, None).await;
        socket.0.get_mut().write_all(frame).await.unwrap();
        assert_eq!(socket.closed().await.0, code, "{frame:?}");
    }
}

/// Pings must be answered. `tungstenite` answers only while it is polled for messages.
#[tokio::test]
async fn a_client_that_does_not_answer_pings_is_closed() {
    let app = App::configured(&["--socket-keepalive", "1"].map(str::to_owned)).await;
    let mut dead = Socket::open(&app.url, None).await;
    let mut alive = Socket::open(&app.url, None).await;
    let began = Instant::now();
    let mut pings = 0;
    while began.elapsed() < Duration::from_secs(4) {
        match tokio::time::timeout(Duration::from_secs(2), alive.0.next()).await.unwrap().unwrap().unwrap() {
            Message::Ping(_) => pings += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!((3..=5).contains(&pings), "{pings}");
    let end = loop {
        match tokio::time::timeout(Duration::from_secs(5), dead.0.next()).await.unwrap() {
            Some(Ok(Message::Ping(_))) => {}
            end => break end,
        }
    };
    assert!(matches!(end, None | Some(Err(_))), "{end:?}");
}

#[tokio::test]
async fn a_client_that_never_reads_is_closed_and_harms_nobody() {
    let world = World::on(App::configured(&["--socket-keepalive", "1"].map(str::to_owned)).await).await;
    let schema = "{ __schema { types { name description fields { name description args { name description } } } } }";
    let mut deaf = world.operator.socket().await;
    for turn in 0..20 {
        for id in 0..50 {
            // The server closes it at some point.
            let message = subscribe(&format!("{turn}-{id}"), schema);
            if deaf.0.send(Message::text(message.to_string())).await.is_err() {
                break;
            }
        }
    }
    let began = Instant::now();
    world.owner.query("{ clients { totalCount } }", json!({})).await;
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    tokio::time::sleep(Duration::from_secs(4)).await;
    let mut answers = 0;
    while let Some(Ok(message)) = tokio::time::timeout(Duration::from_secs(5), deaf.0.next()).await.unwrap() {
        answers += usize::from(message.to_string().contains("\"next\""));
    }
    assert!(answers < 1000, "everything was sent to somebody who did not read");
}
