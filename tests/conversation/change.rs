//! Messages are changed for a while by their author, and deleted with a trace.

use crate::support::{Actor, Value, World, json};
use chrono::TimeDelta;
use dossier_core::viewer::{SystemPurpose, Viewer};
use entities::message;

const MESSAGE: &str = "message { body editedAt deletedAt author { displayName } viewerCan }";
const EVENTS: &str = "subscription { dossierEvents(types: [MESSAGE_POSTED, MESSAGE_EDITED, MESSAGE_DELETED]) {
    type subject { ... on Message { body editedAt deletedAt } }
} }";

/// Posts a message. Returns its id.
async fn post(actor: &Actor, conversation: &str, internal: bool) -> String {
    let input = json!({ "conversationId": conversation, "body": "Bonjour", "internal": internal });
    let posted = actor.does("postMessage", input, "message { id }").await;
    posted["message"]["id"].as_str().unwrap().to_owned()
}

async fn conversation(world: &World) -> String {
    let input = json!({ "clientId": world.martin_id, "subject": "Essai" });
    let started = world.operator.does("startConversation", input, "conversation { id }").await;
    started["conversation"]["id"].as_str().unwrap().to_owned()
}

/// Returns the bodies of a conversation, as this viewer sees them.
async fn bodies(actor: &Actor, conversation: &str) -> Vec<Value> {
    let query = "query($id: ID!) { node(id: $id) { ... on Conversation { messages { nodes { body } } } } }";
    let nodes = actor.query(query, json!({ "id": conversation })).await["node"]["messages"]["nodes"].clone();
    nodes.as_array().unwrap().iter().map(|node| node["body"].clone()).collect()
}

fn edit(id: &str) -> Value {
    json!({ "id": id, "body": "Bonsoir" })
}

#[tokio::test]
async fn an_edit_and_a_deletion_reach_everybody_at_once() {
    let world = World::new().await;
    let conversation = conversation(&world).await;
    let mut events = world.martin.socket().await.subscribe(EVENTS, json!({})).await;
    let id = post(&world.operator, &conversation, false).await;
    assert_eq!(events.next().await["dossierEvents"]["subject"]["editedAt"], json!(null));
    let edited = world.operator.does("editMessage", edit(&id), MESSAGE).await["message"].clone();
    assert_eq!((&edited["body"], &edited["deletedAt"]), (&json!("Bonsoir"), &json!(null)));
    assert_eq!(edited["viewerCan"], json!(["EDIT", "DELETE"]));
    let event = events.next().await["dossierEvents"].clone();
    assert_eq!((&event["type"], &event["subject"]["body"]), (&json!("MESSAGE_EDITED"), &json!("Bonsoir")));
    assert_eq!(event["subject"]["editedAt"], edited["editedAt"]);
    let same = world.operator.does("editMessage", edit(&id), MESSAGE).await;
    assert_eq!(same["message"]["editedAt"], edited["editedAt"], "the same text changes nothing");

    let deleted = world.operator.does("deleteMessage", json!({ "id": id }), MESSAGE).await["message"].clone();
    assert_eq!(
        (&deleted["body"], &deleted["author"]["displayName"]),
        (&json!(""), &json!("operator")),
        "a trace stays"
    );
    assert!(deleted["deletedAt"].is_string() && deleted["viewerCan"] == json!([]));
    let event = events.next().await["dossierEvents"].clone();
    assert_eq!((&event["type"], &event["subject"]["body"]), (&json!("MESSAGE_DELETED"), &json!("")));
    assert_eq!(bodies(&world.martin, &conversation).await, [json!("")]);
    assert_eq!(world.operator.refused("deleteMessage", json!({ "id": id })).await, "CONFLICT");
    assert_eq!(world.operator.refused("editMessage", edit(&id)).await, "CONFLICT");
}

#[tokio::test]
async fn only_the_author_edits_and_only_the_author_and_owners_delete() {
    let world = World::new().await;
    let conversation = conversation(&world).await;
    let id = post(&world.martin, &conversation, false).await;
    for other in [&world.operator, &world.manager, &world.staff, &world.owner] {
        assert_eq!(other.refused("editMessage", edit(&id)).await, "FORBIDDEN", "{}", other.name);
    }
    for other in [&world.operator, &world.manager, &world.staff] {
        assert_eq!(other.refused("deleteMessage", json!({ "id": id })).await, "FORBIDDEN", "{}", other.name);
    }
    for stranger in [&world.durand, &world.stranger] {
        assert_eq!(stranger.refused("editMessage", edit(&id)).await, "NOT_FOUND id");
        assert_eq!(stranger.refused("deleteMessage", json!({ "id": id })).await, "NOT_FOUND id");
    }
    let internal = post(&world.operator, &conversation, true).await;
    assert_eq!(world.martin.refused("deleteMessage", json!({ "id": internal })).await, "NOT_FOUND id");
    world.operator.does("editMessage", edit(&internal), "").await;
    assert_eq!(bodies(&world.martin, &conversation).await, [json!("Bonjour")]);
    assert_eq!(world.martin.refused("editMessage", json!({ "id": id, "body": " " })).await, "INVALID body");
    world.martin.does("editMessage", edit(&id), "").await;
    world.owner.does("deleteMessage", json!({ "id": id }), "").await;
    assert_eq!(bodies(&world.martin, &conversation).await, [json!("")]);
}

#[tokio::test]
async fn an_old_message_and_one_of_a_closed_conversation_are_not_edited() {
    let world = World::new().await;
    let conversation = conversation(&world).await;
    let id = post(&world.martin, &conversation, false).await;
    world.operator.does("closeConversation", json!({ "id": conversation }), "").await;
    assert_eq!(world.martin.refused("editMessage", edit(&id)).await, "CONFLICT", "it is closed");
    let open = self::conversation(&world).await;
    let old = post(&world.martin, &open, false).await;
    let tx = world.app.parts.database.write_as(Viewer::system(world.organization, SystemPurpose::Command));
    let tx = tx.await.unwrap();
    let key = crate::support::fixtures::uuid(&old);
    let allowed = tx.authorize::<message::Entity>(key, "id", dossier_policy::MessageAction::Edit).await.unwrap();
    let created_at = allowed.created_at - TimeDelta::minutes(15);
    let dossier = tx.get::<entities::client::Entity>(allowed.client_id).await.unwrap().unwrap();
    let after = message::Model { created_at, ..allowed.clone() };
    let event = dossier_data::DomainEvent::changed(entities::event::Kind::MessageEdited, &dossier, &*allowed, &after);
    tx.update(&allowed, after, event).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(world.martin.refused("editMessage", edit(&old)).await, "CONFLICT", "it is too old");
    for id in [&id, &old] {
        world.martin.does("deleteMessage", json!({ "id": id }), "").await;
    }
}
