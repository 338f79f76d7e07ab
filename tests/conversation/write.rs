use crate::support::{Actor, World, json};

pub async fn start(actor: &Actor, client: &str, subject: &str, body: Option<&str>) -> String {
    let input = json!({ "clientId": client, "subject": subject, "body": body });
    let done = actor.does("startConversation", input, "conversation { id }").await;
    done["conversation"]["id"].as_str().unwrap().to_owned()
}

pub async fn post(actor: &Actor, conversation: &str, body: &str, internal: bool) -> String {
    let input = json!({ "conversationId": conversation, "body": body, "internal": internal });
    let done = actor.does("postMessage", input, "message { id }").await;
    done["message"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_client_and_the_agency_talk() {
    let world = World::new().await;
    let input = json!({ "clientId": world.martin_id, "subject": "  Logo ", "body": "Bonjour" });
    let selection = "conversation { id subject status revision client { name } messages { nodes { body } } }";
    let started = world.martin.does("startConversation", input, selection).await["conversation"].clone();
    let id = started["id"].as_str().unwrap();
    let expected = json!({
        "id": id, "subject": "Logo", "status": "OPEN", "revision": 1, "client": { "name": "Martin" },
        "messages": { "nodes": [{ "body": "Bonjour" }] },
    });
    assert_eq!(started, expected);
    let selection = "message { body internal author { displayName kind } conversation { id revision } }";
    let input = json!({ "conversationId": id, "body": "Bonjour\nMartin" });
    let answer = world.staff.does("postMessage", input, selection).await["message"].clone();
    let expected = json!({
        "body": "Bonjour\nMartin", "internal": false, "author": { "displayName": "staff", "kind": "MEMBER" },
        "conversation": { "id": id, "revision": 1 },
    });
    assert_eq!(answer, expected);
    let input = json!({ "conversationId": id, "body": "Merci" });
    let author = world.martin.does("postMessage", input, selection).await["message"]["author"].clone();
    assert_eq!(author, json!({ "displayName": "martin", "kind": "CLIENT" }));
}

#[tokio::test]
async fn who_may_write_what() {
    let world = World::new().await;
    let id = start(&world.operator, &world.martin_id, "Logo", None).await;
    for actor in [&world.owner, &world.operator, &world.manager] {
        post(actor, &id, "entre nous", true).await;
    }
    let message = |internal| json!({ "conversationId": id, "body": "…", "internal": internal });
    for actor in [&world.staff, &world.martin] {
        assert_eq!(actor.refused("postMessage", message(true)).await, "FORBIDDEN", "{}", actor.name);
        assert_eq!(actor.refused("closeConversation", json!({ "id": id })).await, "FORBIDDEN", "{}", actor.name);
        start(actor, &world.martin_id, "Encore", Some("Bonjour")).await;
    }
    for actor in [&world.durand, &world.stranger] {
        assert_eq!(actor.refused("postMessage", message(true)).await, "NOT_FOUND conversationId", "{}", actor.name);
        assert_eq!(actor.refused("closeConversation", json!({ "id": id })).await, "NOT_FOUND id", "{}", actor.name);
        let thread = json!({ "clientId": world.martin_id, "subject": "Moi" });
        assert_eq!(actor.refused("startConversation", thread).await, "NOT_FOUND clientId", "{}", actor.name);
    }
    let of_lyon = start(&world.operator, &world.durand_id, "Lyon", None).await;
    let message = json!({ "conversationId": of_lyon, "body": "…" });
    assert_eq!(world.manager.refused("postMessage", message).await, "NOT_FOUND conversationId");
}

#[tokio::test]
async fn bad_values_are_named() {
    let world = World::new().await;
    let thread = |subject: &str, body: &str| json!({ "clientId": world.martin_id, "subject": subject, "body": body });
    assert_eq!(world.martin.refused("startConversation", thread(" ", "")).await, "INVALID subject");
    assert_eq!(world.martin.refused("startConversation", thread("a\nb", "")).await, "INVALID subject");
    assert_eq!(world.martin.refused("startConversation", thread("a", &"x".repeat(10_001))).await, "INVALID body");
    let id = start(&world.martin, &world.martin_id, "Logo", Some(" ")).await;
    let message = json!({ "conversationId": id, "body": " \n" });
    assert_eq!(world.martin.refused("postMessage", message).await, "INVALID body");
}

#[tokio::test]
async fn a_closed_conversation_takes_no_message() {
    let world = World::new().await;
    let id = start(&world.martin, &world.martin_id, "Logo", None).await;
    let stale = json!({ "id": id, "expectedRevision": 7 });
    assert_eq!(world.operator.refused("closeConversation", stale).await, "CONFLICT");
    let close = json!({ "id": id, "expectedRevision": 1 });
    let closed = world.operator.does("closeConversation", close, "conversation { status revision }").await;
    assert_eq!(closed["conversation"], json!({ "status": "CLOSED", "revision": 2 }));
    assert_eq!(world.operator.refused("closeConversation", json!({ "id": id })).await, "CONFLICT");
    for internal in [false, true] {
        let message = json!({ "conversationId": id, "body": "…", "internal": internal });
        assert_eq!(world.operator.refused("postMessage", message).await, "CONFLICT");
    }
}

#[tokio::test]
async fn an_archived_dossier_takes_no_message_but_conversations_can_be_closed() {
    let world = World::new().await;
    let id = start(&world.martin, &world.martin_id, "Logo", None).await;
    world.operator.does("archiveClient", json!({ "id": world.martin_id }), "").await;
    let message = json!({ "conversationId": id, "body": "…" });
    assert_eq!(world.martin.refused("postMessage", message).await, "CONFLICT");
    let thread = json!({ "clientId": world.martin_id, "subject": "Encore" });
    assert_eq!(world.martin.refused("startConversation", thread).await, "CONFLICT");
    world.operator.does("closeConversation", json!({ "id": id }), "").await;
}

#[tokio::test]
async fn events_are_delivered_live_with_their_subjects() {
    let world = World::new().await;
    let events = "subscription { dossierEvents { type subjectId actor { displayName } subject { __typename
        ... on Message { body } ... on Conversation { subject } } } }";
    let mut hub = world.operator.subscribe(events, json!({})).await;
    let mut neighbour = world.durand.subscribe(events, json!({})).await;
    let id = start(&world.martin, &world.martin_id, "Logo", Some("Bonjour")).await;
    let message = post(&world.manager, &id, "entre nous", true).await;
    world.operator.does("closeConversation", json!({ "id": id }), "").await;
    let started = hub.next().await["dossierEvents"].clone();
    let expected = json!({
        "type": "CONVERSATION_STARTED", "subjectId": id, "actor": { "displayName": "martin" },
        "subject": { "__typename": "Conversation", "subject": "Logo" },
    });
    assert_eq!(started, expected);
    assert_eq!(hub.next().await["dossierEvents"]["subject"], json!({ "__typename": "Message", "body": "Bonjour" }));
    let internal = hub.next().await["dossierEvents"].clone();
    assert_eq!((&internal["type"], &internal["subjectId"]), (&json!("MESSAGE_POSTED"), &json!(message)));
    assert_eq!(hub.next().await["dossierEvents"]["type"], "CONVERSATION_CLOSED");
    assert!(neighbour.silent().await);
}
