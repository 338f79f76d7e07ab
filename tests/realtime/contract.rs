//! What clients are promised of revoked rights, of the reasons to read everything again, of filters, and of the same
//! feed as an ordinary query.

mod pair;

use crate::support::{
    Actor, Value, World,
    fixtures::{client, member},
    json,
    socket::Stream,
};
use dossier::graphql::id;

const EVENTS: &str = "subscription($after: String, $client: ID, $types: [EventType!], $conversation: ID) {
    event: dossierEvents(after: $after, clientId: $client, types: $types, conversationId: $conversation) {
        cursor type reason subjectId occurredAt
    }
}";

const HUB: &str = "subscription($types: [EventType!], $client: ID, $mine: Boolean) {
    event: validationHub(types: $types, clientId: $client, assignedToMe: $mine) {
        type reason validationRequestId
    }
}";

const FEED: &str = "query($after: String, $first: Int, $client: ID, $types: [EventType!]) {
    events(after: $after, first: $first, clientId: $client, types: $types) {
        events { cursor type reason subjectId occurredAt } cursor hasMore
    }
}";

async fn next(stream: &mut Stream) -> Value {
    stream.next().await["event"].clone()
}

#[tokio::test]
async fn a_resync_says_why_and_nothing_else_does() {
    let world = World::new().await;
    let mut stream = world.operator.subscribe(EVENTS, json!({ "after": "nonsense" })).await;
    let told = next(&mut stream).await;
    assert_eq!((&told["type"], &told["reason"]), (&json!("RESYNC_REQUIRED"), &json!("MALFORMED")));
    world.operator.does("updateClient", json!({ "id": world.martin_id, "name": "Martin & Cie" }), "").await;
    let told = next(&mut stream).await;
    assert_eq!((&told["type"], &told["reason"]), (&json!("CLIENT_UPDATED"), &json!(null)));
    let feed = world.operator.query(FEED, json!({ "after": "nonsense" })).await["events"].clone();
    assert_eq!(feed["events"][0]["reason"], "MALFORMED");
}

/// Opens a thread and returns its id.
async fn thread(actor: &Actor, client: &str) -> String {
    let input = json!({ "clientId": client, "subject": "Bonjour" });
    let made = actor.does("startConversation", input, "conversation { id }").await;
    made["conversation"]["id"].as_str().unwrap().to_owned()
}

async fn says(actor: &Actor, thread: &str) {
    actor.does("postMessage", json!({ "conversationId": thread, "body": "Bonjour" }), "").await;
}

#[tokio::test]
async fn events_are_filtered_by_type_dossier_and_conversation() {
    let world = World::new().await;
    let operator = &world.operator;
    let mut of_type = operator.subscribe(EVENTS, json!({ "types": ["CONVERSATION_STARTED", "CLIENT_UPDATED"] })).await;
    let mut of_dossier = operator.subscribe(EVENTS, json!({ "client": world.martin_id })).await;
    let (one, other) = (thread(operator, &world.martin_id).await, thread(operator, &world.durand_id).await);
    let mut of_thread = operator.subscribe(EVENTS, json!({ "conversation": one })).await;
    says(operator, &other).await;
    says(operator, &one).await;
    operator.does("updateClient", json!({ "id": world.durand_id, "name": "Durand fils" }), "").await;
    for expected in ["CONVERSATION_STARTED", "CONVERSATION_STARTED", "CLIENT_UPDATED"] {
        assert_eq!(next(&mut of_type).await["type"], expected);
    }
    for expected in ["CONVERSATION_STARTED", "MESSAGE_POSTED"] {
        assert_eq!(next(&mut of_dossier).await["type"], expected);
    }
    assert_eq!(next(&mut of_thread).await["type"], "MESSAGE_POSTED");
    for stream in [&mut of_type, &mut of_dossier, &mut of_thread] {
        assert!(stream.silent().await);
    }
}

async fn submits(actor: &Actor, client: &str) -> String {
    let input = json!({ "clientId": client, "title": "À valider" });
    let made = actor.does("submitValidationRequest", input, "validationRequest { id }").await;
    made["validationRequest"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_hub_is_filtered_by_type_dossier_and_assignee() {
    let world = World::new().await;
    let operator = &world.operator;
    let (one, other) = (submits(operator, &world.martin_id).await, submits(operator, &world.durand_id).await);
    let me = member(operator, "operator").await;
    operator.does("assignValidationRequest", json!({ "id": one, "assigneeId": me }), "").await;
    let mut mine = operator.subscribe(HUB, json!({ "mine": true })).await;
    let mut of_type = operator.subscribe(HUB, json!({ "types": ["VALIDATION_APPROVED"] })).await;
    let mut of_dossier = operator.subscribe(HUB, json!({ "client": world.durand_id })).await;
    for id in [&other, &one] {
        operator.does("shareValidationRequest", json!({ "id": id }), "").await;
        operator.does("approveValidationRequest", json!({ "id": id }), "").await;
    }
    let heard = [
        (&mut mine, vec![(&one, "VALIDATION_SHARED"), (&one, "VALIDATION_APPROVED")]),
        (&mut of_type, vec![(&other, "VALIDATION_APPROVED"), (&one, "VALIDATION_APPROVED")]),
        (&mut of_dossier, vec![(&other, "VALIDATION_SHARED"), (&other, "VALIDATION_APPROVED")]),
    ];
    for (stream, expected) in heard {
        for (id, kind) in expected {
            let event = next(stream).await;
            assert_eq!((&event["validationRequestId"], &event["type"]), (&json!(id), &json!(kind)));
        }
        assert!(stream.silent().await);
    }
}

/// The whole feed behind a cursor, in pages of two.
async fn pages(actor: &Actor, mut after: Value, client: Option<&str>) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let page = actor.query(FEED, json!({ "after": after, "first": 2, "client": client })).await["events"].clone();
        let events = page["events"].as_array().unwrap();
        assert!(events.len() <= 2, "{page:#}");
        all.extend(events.iter().cloned());
        after = page["cursor"].clone();
        if page["hasMore"] == false {
            return all;
        }
    }
}

#[tokio::test]
async fn the_feed_is_read_in_pages_like_the_stream() {
    let world = World::new().await;
    let from = world.operator.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].clone();
    let paris = id::encode("site", world.paris);
    for name in ["Un", "Deux", "Trois", "Quatre", "Cinq"] {
        client(&world.operator, name, None).await;
        world.operator.does("updateClient", json!({ "id": world.martin_id, "name": name, "siteId": paris }), "").await;
    }
    for (actor, only, expected) in
        [(&world.operator, None, 10), (&world.manager, None, 5), (&world.operator, Some(world.martin_id.as_str()), 5)]
    {
        let mut stream = actor.subscribe(EVENTS, json!({ "after": from, "client": only })).await;
        let pages = pages(actor, from.clone(), only).await;
        assert_eq!(pages.len(), expected, "{}", actor.name);
        for page in pages {
            let told = next(&mut stream).await;
            for field in ["type", "subjectId", "occurredAt"] {
                assert_eq!(told[field], page[field], "{}", actor.name);
            }
        }
        assert!(stream.silent().await);
    }
    assert!(pages(&world.stranger, Value::Null, None).await.iter().all(|event| event["type"] != "CLIENT_UPDATED"));
}
