//! Cursors that cannot be used any more. Each gets a resync with its reason, and never a silent gap.

use crate::support::{Actor, Value, World, json};
use chrono::{TimeDelta, Utc};
use dossier_core::viewer::{SystemPurpose, Viewer};
use dossier_events::retention;
use entities::{event, membership_site, organization};
use sea_orm::ColumnTrait;

const EVENTS: &str = "subscription($after: String) { dossierEvents(after: $after) { cursor type reason subjectId } }";

async fn cursor(actor: &Actor) -> Value {
    actor.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].clone()
}

async fn rename(world: &World, name: &str) {
    world.operator.does("updateClient", json!({ "id": world.martin_id, "name": name }), "").await;
}

/// Checks that the resync comes first, with its reason. After its cursor, the subscription and the query continue.
async fn resyncs(world: &World, actor: &Actor, after: &Value, reason: &str) {
    let mut stream = actor.subscribe(EVENTS, json!({ "after": after })).await;
    let event = stream.next().await["dossierEvents"].clone();
    assert_eq!((&event["type"], &event["reason"]), (&json!("RESYNC_REQUIRED"), &json!(reason)), "{event:#}");
    assert_eq!(event["subjectId"], json!(null));
    rename(world, &format!("{reason} {after}")).await;
    assert_eq!(stream.next().await["dossierEvents"]["type"], "CLIENT_UPDATED");
    let mut again = actor.subscribe(EVENTS, json!({ "after": event["cursor"] })).await;
    let next = again.next().await["dossierEvents"].clone();
    assert_eq!((&next["type"], &next["reason"]), (&json!("CLIENT_UPDATED"), &json!(null)));
    let query = "query($after: String) { events(after: $after) { events { type reason } cursor } }";
    let feed = actor.query(query, json!({ "after": after })).await["events"].clone();
    assert_eq!(feed["events"], json!([{ "type": "RESYNC_REQUIRED", "reason": reason }]));
    let behind = actor.query(query, json!({ "after": feed["cursor"] })).await["events"].clone();
    assert_eq!(behind["events"], json!([]));
}

#[tokio::test]
async fn a_malformed_or_foreign_cursor() {
    let world = World::new().await;
    resyncs(&world, &world.operator, &json!("nonsense"), "MALFORMED").await;
    resyncs(&world, &world.operator, &json!(""), "MALFORMED").await;
    resyncs(&world, &world.operator, &cursor(&world.stranger).await, "MALFORMED").await;
}

#[tokio::test]
async fn a_cursor_that_is_too_old() {
    let world = World::new().await;
    let database = &world.app.parts.database;
    let old = cursor(&world.operator).await;
    rename(&world, "Ancien").await;
    let kept = cursor(&world.operator).await;
    let tx = database.write_as(Viewer::system(world.organization, SystemPurpose::Command)).await.unwrap();
    for before in tx.find::<event::Entity>().all().await.unwrap() {
        let then = tx.now - TimeDelta::days(7) - TimeDelta::minutes(1);
        tx.update_without_event(&before, event::Model { occurred_at: then, ..before.clone() }).await.unwrap();
    }
    tx.commit().await.unwrap();
    rename(&world, "Neuf").await;
    retention::clear(database, world.organization).await.unwrap();
    resyncs(&world, &world.operator, &old, "TOO_OLD").await;
    let mut stream = world.operator.subscribe(EVENTS, json!({ "after": kept })).await;
    assert_eq!(stream.next().await["dossierEvents"]["type"], "CLIENT_UPDATED", "nothing behind it was cleared");
    let read_tx = database.read_as(Viewer::system(world.organization, SystemPurpose::Command)).await.unwrap();
    let left = read_tx.find::<event::Entity>().filter(event::Column::OccurredAt.lt(Utc::now() - TimeDelta::days(7)));
    assert_eq!(left.count().await.unwrap(), 0);
    let all = read_tx.find::<event::Entity>().count().await.unwrap();
    let first = world.operator.query("{ events { events { type } hasMore } }", json!({})).await["events"].clone();
    assert_eq!(first["events"].as_array().unwrap().len() as u64, all, "it begins with the oldest that is kept");
}

#[tokio::test]
async fn each_organization_sets_how_long_its_events_are_kept() {
    let world = World::new().await;
    let database = &world.app.parts.database;
    let tx = database.write_as(Viewer::platform(SystemPurpose::Command)).await.unwrap();
    dossier_domain::organization::keep_events(&tx, "atelier", 30).await.unwrap();
    let kept = tx.find::<organization::Entity>().filter(organization::Column::Slug.eq("atelier")).one().await.unwrap();
    assert_eq!(kept.unwrap().event_days, 30);
    tx.commit().await.unwrap();
    let aged = async |organization, days| {
        let tx = database.write_as(Viewer::system(organization, SystemPurpose::Command)).await.unwrap();
        for before in tx.find::<event::Entity>().all().await.unwrap() {
            let then = tx.now - TimeDelta::days(days);
            tx.update_without_event(&before, event::Model { occurred_at: then, ..before.clone() }).await.unwrap();
        }
        tx.commit().await.unwrap();
        retention::clear(database, organization).await.unwrap();
        let read_tx = database.read_as(Viewer::system(organization, SystemPurpose::Command)).await.unwrap();
        read_tx.find::<event::Entity>().count().await.unwrap()
    };
    assert!(aged(world.organization, 29).await > 0);
    assert_eq!(aged(world.organization, 31).await, 0);
}

#[tokio::test]
async fn a_cursor_from_before_a_restore() {
    let world = World::new().await;
    let old = cursor(&world.operator).await;
    let mut listening = world.operator.subscribe(EVENTS, json!({})).await;
    assert_eq!(retention::restored(&world.app.parts.database).await.unwrap(), 2);
    rename(&world, "Retour").await;
    let event = listening.next().await["dossierEvents"].clone();
    assert_eq!((&event["type"], &event["reason"]), (&json!("RESYNC_REQUIRED"), &json!("OTHER_EPOCH")));
    resyncs(&world, &world.operator, &old, "OTHER_EPOCH").await;
}

/// After a change of sites, some rows become visible or hidden without an event of their own.
#[tokio::test]
async fn a_cursor_from_before_a_change_of_access() {
    let world = World::new().await;
    let old = cursor(&world.manager).await;
    let mut listening = world.manager.subscribe(EVENTS, json!({})).await;
    let tx =
        world.app.parts.database.write_as(Viewer::system(world.organization, SystemPurpose::Command)).await.unwrap();
    let links = tx.find::<membership_site::Entity>().all().await.unwrap();
    for link in &links {
        let more = membership_site::Model { site_id: world.lyon, ..link.clone() };
        tx.insert_without_event(more).await.unwrap();
    }
    tx.commit().await.unwrap();
    world.operator.does("updateClient", json!({ "id": world.durand_id, "name": "Durand fils" }), "").await;
    let event = listening.next().await["dossierEvents"].clone();
    assert_eq!((&event["type"], &event["reason"]), (&json!("RESYNC_REQUIRED"), &json!("ACCESS_CHANGED")));
    world.operator.does("updateClient", json!({ "id": world.durand_id, "name": "Durand père" }), "").await;
    let event = listening.next().await["dossierEvents"].clone();
    assert_eq!((&event["type"], &event["subjectId"]), (&json!("CLIENT_UPDATED"), &json!(world.durand_id)));
    resyncs(&world, &world.manager, &old, "ACCESS_CHANGED").await;
}
