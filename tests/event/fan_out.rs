//! Many subscribers. Equal subscriptions are read and executed once. Slow subscribers continue alone.

use crate::support::{App, World, app::Member, json, services::Services, socket::Stream};
use chrono::TimeDelta;
use entities::membership::Role;
use std::time::Duration;

const EVENTS: &str = "subscription($after: String) {
    dossierEvents(after: $after) { cursor type client { name } subject { ... on Client { internalNotes } } }
}";

async fn next_name(stream: &mut Stream) -> String {
    stream.next().await["dossierEvents"]["client"]["name"].as_str().unwrap().to_owned()
}

/// Returns how often subscriptions were executed for events.
fn executions(world: &World) -> u64 {
    let text = world.app.parts.metrics.render().unwrap();
    let line = text.lines().find(|line| line.starts_with("dossier_event_executions_total ")).unwrap();
    line.split(' ').nth(1).unwrap().parse().unwrap()
}

async fn rename(world: &World, name: &str) {
    world.operator.does("updateClient", json!({ "id": world.martin_id, "name": name }), "").await;
}

#[tokio::test]
async fn an_event_is_read_once_per_access_scope() {
    let world = World::new().await;
    let mut all = Vec::new();
    for _ in 0..20 {
        let colleague = world.app.again(&world.operator, TimeDelta::hours(1)).await;
        all.push(colleague.subscribe(EVENTS, json!({})).await);
    }
    rename(&world, "Premier").await;
    for stream in &mut all {
        assert_eq!(next_name(stream).await, "Premier");
    }
    let before = executions(&world);
    for name in ["A", "B", "C", "D", "E"] {
        rename(&world, name).await;
        for stream in &mut all {
            assert_eq!(next_name(stream).await, name);
        }
    }
    assert_eq!(executions(&world) - before, 5);
}

#[tokio::test]
async fn subscribers_get_only_events_that_they_may_see() {
    let world = World::new().await;
    let mut hub = world.operator.subscribe(EVENTS, json!({})).await;
    let mut manager = world.manager.subscribe(EVENTS, json!({})).await;
    let mut staff = world.staff.subscribe(EVENTS, json!({})).await;
    let mut martin = world.martin.subscribe(EVENTS, json!({})).await;
    let mut durand = world.durand.subscribe(EVENTS, json!({})).await;
    rename(&world, "Martine").await;
    for (stream, notes) in [
        (&mut hub, json!("à rappeler")),
        (&mut manager, json!("à rappeler")),
        (&mut staff, json!(null)),
        (&mut martin, json!(null)),
    ] {
        assert_eq!(stream.next().await["dossierEvents"]["subject"]["internalNotes"], notes);
    }
    assert!(durand.silent().await);
}

/// Two people with the same access scope subscribe to a personal field.
#[tokio::test]
async fn personal_fields_are_not_shared() {
    let world = World::new().await;
    let input = json!({ "clientId": world.martin_id, "title": "Logo" });
    let made = world.operator.does("submitValidationRequest", input, "validationRequest { id }").await;
    let me = crate::support::fixtures::member(&world.owner, "operator").await;
    let input = json!({ "id": made["validationRequest"]["id"], "assigneeId": me });
    world.owner.does("assignValidationRequest", input, "").await;
    let organization = world.organization;
    let member = Member { email: "autre@atelier.example", ..Member::default() };
    let other = world.app.member(organization, Role::Operator, member).await;
    let query = "subscription($filter: ValidationRequestFilter) {
        dossierEvents { client { validationRequests(filter: $filter) { totalCount } } }
    }";
    let mine = json!({ "filter": { "assignedToMe": true } });
    let mut all = [(world.operator.subscribe(query, mine.clone()).await, 1), (other.subscribe(query, mine).await, 0)];
    rename(&world, "Martine").await;
    for (stream, count) in &mut all {
        let delivery = stream.next().await;
        assert_eq!(delivery["dossierEvents"]["client"]["validationRequests"]["totalCount"], *count);
    }
}

/// One subscriber has an old cursor, one starts now, and one joins while events happen. They end up in one broadcast.
#[tokio::test]
async fn subscribers_that_join_later_get_each_event_once() {
    let world = World::new().await;
    let start = world.operator.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].clone();
    let mut now = world.operator.subscribe(EVENTS, json!({})).await;
    let mut streams = Vec::new();
    for number in 0..30 {
        if number % 3 == 0 {
            streams.push((0, world.operator.subscribe(EVENTS, json!({ "after": start })).await));
            streams.push((number, world.operator.subscribe(EVENTS, json!({})).await));
        }
        rename(&world, &number.to_string()).await;
    }
    for number in 0..30 {
        // The subject of an event is read at the time of delivery.
        stream_has(&mut now, number).await;
    }
    for (from, stream) in &mut streams {
        for number in *from..30 {
            stream_has(stream, number).await;
        }
        assert!(stream.silent().await);
    }
}

async fn stream_has(stream: &mut Stream, number: i32) {
    let name = next_name(stream).await.parse::<i32>().unwrap();
    assert!(name >= number, "{name} is older than event {number}");
}

/// It reads again only after more events than the buffers between hold, and gets no time to catch up.
#[tokio::test]
async fn a_subscriber_that_stops_reading_is_closed_and_can_resume() {
    let data = tempfile::tempdir().unwrap();
    let app = match Services::of_set(data.path()).await {
        Some(mut services) => {
            services.add("SUBSCRIBER_PATIENCE", "0");
            App::on(data, services).await
        }
        None => App::configured(&["--subscriber-patience", "0"].map(str::to_owned)).await,
    };
    let world = World::on(app).await;
    // About 180 KB per event, so that a few events fill the buffers.
    let ten = (0..10).fold(String::new(), |all, n| format!("{all} a{n}: internalNotes"));
    let query = format!(
        "subscription($after: String) {{ dossierEvents(after: $after) {{ cursor subject {{ ... on Client {{ {ten} }} }} }} }}"
    );
    let mut slow = world.operator.subscribe(&query, json!({})).await;
    for number in 0..120 {
        let notes = format!("{number}{}", "é".repeat(9_000));
        world.operator.does("updateClient", json!({ "id": world.martin_id, "internalNotes": notes }), "").await;
    }
    let mut cursors = Vec::new();
    let closed = loop {
        match slow.next_or_closed().await {
            Ok(message) => cursors.push(message["payload"]["data"]["dossierEvents"]["cursor"].clone()),
            Err(closed) => break closed,
        }
    };
    assert_eq!(closed, (1013, "fallen-behind".to_owned()));
    let query = "subscription($after: String) { dossierEvents(after: $after) { type } }";
    let mut again = world.operator.subscribe(query, json!({ "after": cursors.last() })).await;
    for _ in cursors.len()..120 {
        assert_eq!(again.next().await["dossierEvents"]["type"], "CLIENT_UPDATED");
    }
    assert!(!cursors.is_empty() && again.silent().await);
}

/// It does not read while more events happen than its broadcast buffers, and then continues.
#[tokio::test]
async fn a_slow_subscriber_misses_nothing() {
    let world = World::new().await;
    let mut fast = world.operator.subscribe(EVENTS, json!({})).await;
    let mut slow = world.operator.subscribe(EVENTS, json!({})).await;
    let notes = "é".repeat(5_000);
    let mut happened = 0;
    for _ in 0..4 {
        for _ in 0..25 {
            let input = json!({ "id": world.martin_id, "internalNotes": format!("{notes}{happened}") });
            world.operator.does("updateClient", input, "").await;
            happened += 1;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for stream in [&mut fast, &mut slow] {
        let mut cursors = std::collections::BTreeSet::new();
        for _ in 0..happened {
            let event = stream.next().await["dossierEvents"].clone();
            assert_eq!(event["type"], "CLIENT_UPDATED");
            cursors.insert(event["cursor"].as_str().unwrap().to_owned());
        }
        assert_eq!(cursors.len(), happened);
        assert!(stream.silent().await);
    }
}
