//! A caller recognizes the events of its own mutations.

use crate::support::{Actor, Value, World, actors::mutation, app::Member, json};
use entities::membership::Role;

const ID: &str = "Client-Mutation-Id";

/// Returns the types and ids of the events after the cursor.
async fn events(viewer: &Actor, after: &Value) -> Value {
    let query = "query($after: String) { events(after: $after, first: 100) { events { type clientMutationId } } }";
    viewer.query(query, json!({ "after": after })).await["events"]["events"].clone()
}

async fn cursor(viewer: &Actor) -> Value {
    viewer.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].clone()
}

#[tokio::test]
async fn the_events_of_a_mutation_contain_its_id_for_the_person_who_sent_it() {
    let world = World::new().await;
    let other = Member { email: "autre@atelier.example", ..Member::default() };
    let other = world.app.member(world.organization, Role::Operator, other).await;
    let (mine, theirs) = (cursor(&world.operator).await, cursor(&other).await);
    let query = "subscription { dossierEvents { type clientMutationId } }";
    let mut streams =
        [(world.operator.subscribe(query, json!({})).await, true), (other.subscribe(query, json!({})).await, false)];
    let input = json!({ "clientId": world.martin_id, "subject": "Essai", "body": "Bonjour" });
    let document = mutation("startConversation", "");
    let (status, answer) =
        world.operator.send_with(&document, json!({ "input": input.clone() }), &[(ID, "tab-1:42")]).await;
    assert_eq!((status, &answer["data"]["startConversation"]["userErrors"]), (200, &json!([])), "{answer:#}");
    let mut socket = world.operator.socket().await;
    let payload = json!({
        "query": document, "variables": { "input": input },
        "extensions": { "clientMutationId": "tab-2:1" },
    });
    socket.send(json!({ "id": "m", "type": "subscribe", "payload": payload })).await;
    assert_eq!(socket.receive().await["payload"]["data"]["startConversation"]["userErrors"], json!([]));
    world.operator.does("startConversation", json!({ "clientId": world.martin_id, "subject": "Sans" }), "").await;
    let event = |kind: &str, id: Value| json!({ "type": kind, "clientMutationId": id });
    let expected = |known: bool| {
        let id = |id: &str| if known { json!(id) } else { json!(null) };
        [
            event("CONVERSATION_STARTED", id("tab-1:42")),
            event("MESSAGE_POSTED", id("tab-1:42")),
            event("CONVERSATION_STARTED", id("tab-2:1")),
            event("MESSAGE_POSTED", id("tab-2:1")),
            event("CONVERSATION_STARTED", json!(null)),
        ]
    };
    assert_eq!(events(&world.operator, &mine).await, json!(expected(true)));
    assert_eq!(events(&other, &theirs).await, json!(expected(false)));
    for (stream, known) in &mut streams {
        for event in expected(*known) {
            assert_eq!(stream.next().await["dossierEvents"], event);
        }
    }
}

#[tokio::test]
async fn removals_and_the_hub_contain_it_too() {
    let world = World::new().await;
    let document = world.martin.uploads(&world.martin_id, "DOCUMENTS", "essai.txt", "essai").await;
    let start = cursor(&world.martin).await;
    let mut hub = world.martin.subscribe("subscription { validationHub { type clientMutationId } }", json!({})).await;
    let send = async |name: &str, input: Value| {
        let answer = world.martin.send_with(&mutation(name, ""), json!({ "input": input }), &[(ID, name)]).await.1;
        assert_eq!(answer["data"][name]["userErrors"], json!([]), "{answer:#}");
    };
    send("deleteDocument", json!({ "id": document })).await;
    send("submitValidationRequest", json!({ "clientId": world.martin_id, "title": "Essai" })).await;
    let expected = json!([
        { "type": "REMOVED", "clientMutationId": "deleteDocument" },
        { "type": "VALIDATION_SUBMITTED", "clientMutationId": "submitValidationRequest" },
    ]);
    assert_eq!(events(&world.martin, &start).await, expected);
    assert_eq!(hub.next().await["validationHub"], expected[1]);
}

#[tokio::test]
async fn an_upload_that_is_opened_again_contains_it() {
    let world = World::new().await;
    let upload = world.martin.request_upload(&world.martin_id, "DOCUMENTS", "essai.txt", b"essai").await;
    world.martin.send_parts(&upload, b"faux!").await;
    let start = cursor(&world.martin).await;
    let input = json!({ "versionId": upload["version"]["id"] });
    let document = mutation("completeUpload", "");
    world.martin.send_with(&document, json!({ "input": input }), &[(ID, "x")]).await;
    let failed = json!([{ "type": "DOCUMENT_UPLOAD_FAILED", "clientMutationId": "x" }]);
    assert_eq!(events(&world.martin, &start).await, failed);
}

#[tokio::test]
async fn a_wrong_id_is_refused() {
    let world = World::new().await;
    let document = mutation("startConversation", "");
    let input = json!({ "input": { "clientId": world.martin_id, "subject": "Essai" } });
    let long = "x".repeat(65);
    for wrong in ["", "a b", long.as_str()] {
        let (status, answer) = world.operator.send_with(&document, input.clone(), &[(ID, wrong)]).await;
        assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (400, &json!("BAD_REQUEST")), "{wrong}");
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("client mutation id must have 1 to 64 visible ASCII characters"), "{message}");
    }
    let (status, _) = world.operator.send_with(&document, input.clone(), &[(ID, "a"), (ID, "b")]).await;
    assert_eq!(status, 400);
    let longest = "x".repeat(64);
    let (status, _) = world.operator.send_with(&document, input, &[(ID, &longest)]).await;
    assert_eq!(status, 200);
}
