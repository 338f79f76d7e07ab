//! When access ends, all sockets close soon, with or without subscriptions, for any cause.

use crate::support::{Actor, World, json, socket::Socket};
use dossier_core::viewer::{SystemPurpose, Viewer};
use dossier_domain::organization;
use std::time::{Duration, Instant};

const EVENTS: &str = "subscription { dossierEvents { type } }";

/// The maximum time that a socket stays open.
const SOON: Duration = Duration::from_secs(5);

/// Opens two sockets: one with a subscription, and one without.
async fn sockets(actor: &Actor) -> [Socket; 2] {
    let mut listening = actor.socket().await;
    listening.send(json!({ "id": "1", "type": "subscribe", "payload": { "query": EVENTS } })).await;
    [listening, actor.socket().await]
}

async fn close_soon(sockets: [Socket; 2]) {
    let since = Instant::now();
    for mut socket in sockets {
        assert_eq!(socket.closed().await, (4403, "session-ended".into()));
    }
    assert!(since.elapsed() < SOON, "{:?}", since.elapsed());
}

#[tokio::test]
async fn ending_a_session_closes_its_sockets() {
    let world = World::new().await;
    let other = sockets(&world.operator).await;
    let ended = sockets(&world.martin).await;
    world.martin.query("mutation { signOut { signedOut } }", json!({})).await;
    close_soon(ended).await;
    world.operator.query("mutation { signOut { signedOut } }", json!({})).await;
    close_soon(other).await;
}

#[tokio::test]
async fn suspending_a_membership_closes_its_sockets() {
    let world = World::new().await;
    let (ended, mut kept) = (sockets(&world.manager).await, world.operator.socket().await);
    let user = world.app.parts.database.account("manager@atelier.example").await.unwrap().unwrap();
    let tx =
        world.app.parts.database.write_as(Viewer::system(world.organization, SystemPurpose::Command)).await.unwrap();
    assert_eq!(dossier_domain::member::suspend_person(&tx, user.id).await.unwrap(), 1);
    tx.commit().await.unwrap();
    close_soon(ended).await;
    kept.send(json!({ "type": "ping" })).await;
    assert_eq!(kept.receive().await["type"], "pong", "others stay");
}

#[tokio::test]
async fn suspending_an_organization_closes_its_sockets() {
    let world = World::new().await;
    let (ended, mut kept) = (sockets(&world.durand).await, world.stranger.socket().await);
    let tx = world.app.parts.database.write_as(Viewer::platform(SystemPurpose::Command)).await.unwrap();
    organization::suspend(&tx, "atelier", true).await.unwrap();
    tx.commit().await.unwrap();
    close_soon(ended).await;
    kept.send(json!({ "type": "ping" })).await;
    assert_eq!(kept.receive().await["type"], "pong", "the other organization stays");
}

/// The operator may end a session in the database itself.
#[tokio::test]
async fn ending_a_session_by_sql_closes_its_sockets() {
    let world = World::new().await;
    let ended = sockets(&world.staff).await;
    let changed = world.app.by_hand("DELETE FROM session").await;
    assert!(changed > 5);
    close_soon(ended).await;
}
