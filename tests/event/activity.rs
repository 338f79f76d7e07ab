//! Past events, newest first.

use crate::support::{Value, World, fixtures::member, json};

const ACTIVITY: &str = "query($before: String, $first: Int, $client: ID, $types: [EventType!]) {
    activity(before: $before, first: $first, clientId: $client, types: $types) {
        events { id type cursor subjectId } hasMore
    }
}";
const EVENTS: &str = "{ events(first: 100) { events { id type subjectId } } }";

fn ids(page: &Value) -> Vec<Value> {
    page["events"].as_array().unwrap().iter().map(|event| event["id"].clone()).collect()
}

#[tokio::test]
async fn pages_of_any_size_contain_what_the_viewer_sees_newest_first() {
    let world = World::new().await;
    for name in ["a.txt", "b.txt", "c.txt"] {
        let id = world.operator.uploads(&world.martin_id, "DOCUMENTS", name, name).await;
        world.operator.does("publishDocument", json!({ "id": id }), "").await;
        world.operator.uploads(&world.durand_id, "DOCUMENTS", name, name).await;
    }
    for (name, actor) in world.actors() {
        if actor.token.is_none() {
            assert_eq!(actor.code(ACTIVITY, json!({})).await, "UNAUTHENTICATED");
            continue;
        }
        let forward = actor.query(EVENTS, json!({})).await["events"].clone();
        let mut expected = ids(&forward);
        expected.reverse();
        for first in [1, 4, 100] {
            let (mut before, mut paged) = (Value::Null, Vec::new());
            loop {
                let page = actor.query(ACTIVITY, json!({ "before": before, "first": first })).await["activity"].clone();
                paged.extend(ids(&page));
                if page["hasMore"] == false || paged.len() > expected.len() {
                    break;
                }
                before = page["events"].as_array().unwrap().last().unwrap()["cursor"].clone();
            }
            assert_eq!(paged, expected, "{name} in pages of {first}");
        }
    }
}

#[tokio::test]
async fn it_is_limited_to_a_dossier_and_to_types() {
    let world = World::new().await;
    let id = world.operator.uploads(&world.martin_id, "DOCUMENTS", "a.txt", "a").await;
    world.operator.uploads(&world.durand_id, "DOCUMENTS", "b.txt", "b").await;
    let variables = json!({ "client": world.martin_id, "types": ["DOCUMENT_UPLOADED"] });
    let page = world.operator.query(ACTIVITY, variables).await["activity"].clone();
    let seen: Vec<_> = page["events"].as_array().unwrap().iter().map(|event| &event["subjectId"]).collect();
    assert_eq!(seen, [&json!(id)]);
    let foreign = world.martin.query(ACTIVITY, json!({ "client": world.durand_id })).await["activity"].clone();
    assert_eq!(foreign["events"], json!([]), "another dossier");
}

#[tokio::test]
async fn a_cursor_ends_with_the_access_of_its_viewer() {
    let world = World::new().await;
    let page = world.manager.query(ACTIVITY, json!({ "first": 1 })).await["activity"].clone();
    let before = page["events"][0]["cursor"].clone();
    let change = json!({ "id": member(&world.owner, "manager").await, "role": "OPERATOR" });
    world.owner.does("changeMember", change, "").await;
    assert_eq!(world.manager.code(ACTIVITY, json!({ "before": before })).await, "BAD_USER_INPUT");
    for wrong in ["", "x", "0"] {
        assert_eq!(world.owner.code(ACTIVITY, json!({ "before": wrong })).await, "BAD_USER_INPUT");
    }
    for first in [-1, 0, 101] {
        assert_eq!(world.owner.code(ACTIVITY, json!({ "first": first })).await, "BAD_USER_INPUT");
    }
}

#[tokio::test]
async fn a_client_shows_its_last_activity() {
    let world = World::new().await;
    let last = async || {
        let query = "query($id: ID!) { client(id: $id) { lastActivityAt } activity(clientId: $id, first: 1) { events { occurredAt } } }";
        let data = world.operator.query(query, json!({ "id": world.martin_id })).await;
        assert_eq!(data["client"]["lastActivityAt"], data["activity"]["events"][0]["occurredAt"]);
        data["client"]["lastActivityAt"].clone()
    };
    let before = last().await;
    world.operator.uploads(&world.martin_id, "DOCUMENTS", "a.txt", "a").await;
    assert_ne!(last().await, before);
    // A client's own view does not include what is hidden from them.
    let query = "{ viewer { client { lastActivityAt } } }";
    let seen = world.martin.query(query, json!({})).await["viewer"]["client"]["lastActivityAt"].clone();
    world.operator.uploads(&world.martin_id, "PRIVATE", "b.txt", "b").await;
    assert_eq!(world.martin.query(query, json!({})).await["viewer"]["client"]["lastActivityAt"], seen);
}
