//! Events over a query, without a socket.

use crate::support::{Value, World, json};

const EVENTS: &str = "query($after: String, $first: Int, $client: ID, $types: [EventType!]) {
    events(after: $after, first: $first, clientId: $client, types: $types) {
        events { id type cursor subjectId } cursor hasMore
    }
}";

#[tokio::test]
async fn pages_of_any_size_contain_the_events_of_a_subscription() {
    let world = World::new().await;
    let start = world.martin.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].clone();
    for name in ["a.txt", "b.txt", "c.txt"] {
        let id = world.operator.uploads(&world.martin_id, "DOCUMENTS", name, name).await;
        world.operator.does("publishDocument", json!({ "id": id }), "").await;
        world.operator.uploads(&world.durand_id, "DOCUMENTS", name, name).await;
    }
    for actor in [&world.martin, &world.operator] {
        let start = if actor.name == "martin" {
            start.clone()
        } else {
            actor.query(EVENTS, json!({ "first": 1 })).await["events"]["events"][0]["cursor"].clone()
        };
        let mut stream = actor
            .subscribe(
                "subscription($after: String) { dossierEvents(after: $after) { id type cursor subjectId } }",
                json!({ "after": start }),
            )
            .await;
        let whole = actor.query(EVENTS, json!({ "after": start, "first": 100 })).await["events"].clone();
        assert_eq!(whole["hasMore"], false);
        let whole = events_of(&whole);
        for event in &whole {
            assert_eq!(&without_cursor(&stream.next().await["dossierEvents"]), event, "{}", actor.name);
        }
        for first in [1, 2, 5] {
            let (mut after, mut paged) = (start.clone(), Vec::new());
            loop {
                let page = actor.query(EVENTS, json!({ "after": after, "first": first })).await["events"].clone();
                paged.extend(events_of(&page));
                after = page["cursor"].clone();
                if page["hasMore"] == false {
                    break;
                }
            }
            assert_eq!(paged, whole, "{} in pages of {first}", actor.name);
        }
    }
}

/// Removes the cursor from an event, because equal positions may have different cursors.
fn without_cursor(event: &Value) -> Value {
    json!([event["id"], event["type"], event["subjectId"]])
}

fn events_of(page: &Value) -> Vec<Value> {
    page["events"].as_array().unwrap().iter().map(without_cursor).collect()
}

#[tokio::test]
async fn an_event_has_the_same_id_for_everybody() {
    let world = World::new().await;
    let start = world.martin.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].clone();
    let upload = world.martin.uploads(&world.martin_id, "ASSETS", "logo.txt", "logo").await;
    let events = world.martin.query(EVENTS, json!({ "after": start })).await["events"]["events"].clone();
    let seen = world.operator.query(EVENTS, json!({ "first": 100 })).await["events"]["events"].clone();
    let id = &events.as_array().unwrap().last().unwrap()["id"];
    let same = seen.as_array().unwrap().iter().find(|event| event["id"] == *id).unwrap();
    assert_eq!(same["subjectId"], upload);
}

#[tokio::test]
async fn invalid_page_sizes_are_refused() {
    let world = World::new().await;
    for first in [-1, 0, 101] {
        assert_eq!(world.operator.code(EVENTS, json!({ "first": first })).await, "BAD_USER_INPUT");
    }
    assert_eq!(world.anonymous.code(EVENTS, json!({})).await, "UNAUTHENTICATED");
    let cost = |answer: Value| answer["extensions"]["cost"].as_u64().unwrap();
    let small = cost(world.operator.send(EVENTS, json!({ "first": 1 })).await);
    let large = cost(world.operator.send(EVENTS, json!({ "first": 100 })).await);
    assert!(large > 50 * small, "{small} for one event, {large} for a hundred");
}
