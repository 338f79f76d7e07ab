//! A socket goes on with the next access token of its session.

use crate::support::{Actor, World, json, socket::Socket};
use chrono::TimeDelta;
use dossier_core::credentials::Claims;
use tokio::time::{Duration, Instant, sleep};

/// Returns another access token of an actor's session, valid for so many seconds.
fn token(world: &World, actor: &Actor, seconds: i64) -> String {
    let now = world.app.parts.database.clock.now();
    let claims = world.app.parts.tokens.check(actor.token.as_deref().unwrap(), now).unwrap();
    world.app.parts.tokens.issue(&Claims { exp: (now + TimeDelta::seconds(seconds)).timestamp(), ..claims }).unwrap()
}

fn ping(token: &str) -> crate::support::Value {
    json!({ "type": "ping", "payload": { "Authorization": format!("Bearer {token}") } })
}

#[tokio::test]
async fn a_socket_is_warned_and_goes_on_with_the_next_token() {
    let world = World::new().await;
    let first = token(&world, &world.operator, 8);
    let opened = Instant::now();
    let mut socket = Socket::open(&world.app.url, Some(&first)).await;
    let warning = socket.receive().await;
    assert_eq!(warning["type"], "ping");
    assert!(warning["payload"]["tokenExpiresAt"].is_string(), "{warning}");
    let subscription = json!({ "query": "subscription { dossierEvents { type } }" });
    socket.send(json!({ "type": "subscribe", "id": "1", "payload": subscription })).await;
    socket.send(ping(&token(&world, &world.operator, 3_600))).await;
    let pong = socket.receive().await;
    assert_eq!(pong["type"], "pong");
    assert_ne!(pong["payload"]["tokenExpiresAt"], warning["payload"]["tokenExpiresAt"]);
    sleep(Duration::from_secs(10).saturating_sub(opened.elapsed())).await;
    world.operator.does("updateClient", json!({ "id": world.martin_id, "track": "ONE" }), "").await;
    let event = socket.receive().await;
    assert_eq!((&event["type"], &event["id"]), (&json!("next"), &json!("1")), "{event}");
}

#[tokio::test]
async fn a_socket_without_the_next_token_is_closed() {
    let world = World::new().await;
    let mut socket = Socket::open(&world.app.url, Some(&token(&world, &world.operator, 5))).await;
    assert_eq!(socket.closed().await, (4403, "token-expired".to_owned()));
}

#[tokio::test]
async fn only_a_token_of_the_same_session_renews_a_socket() {
    let world = World::new().await;
    let own = token(&world, &world.operator, 3_600);
    let again = world.app.again(&world.operator, TimeDelta::days(1)).await;
    let expired = token(&world, &world.operator, -1);
    for other in [world.owner.token.clone().unwrap(), again.token.unwrap(), expired, "x".to_owned()] {
        let mut socket = Socket::open(&world.app.url, Some(&own)).await;
        socket.send(ping(&other)).await;
        assert_eq!(socket.closed().await, (4403, "Forbidden".to_owned()));
    }
    let mut anonymous = Socket::open(&world.app.url, None).await;
    anonymous.send(ping(&own)).await;
    assert_eq!(anonymous.closed().await, (4403, "Forbidden".to_owned()));
    let mut socket = Socket::open(&world.app.url, Some(&own)).await;
    socket.send(json!({ "type": "ping", "payload": { "n": 1 } })).await;
    assert_eq!(socket.receive().await, json!({ "type": "pong", "payload": { "n": 1 } }));
}
