//! The filters of subscriptions, which the server applies.

use crate::support::{Actor, Value, World, fixtures::member, json};

/// Checks that exactly these events are delivered after the cursor.
async fn expect_events(actor: &Actor, arguments: &str, after: &Value, expected: &[&str]) {
    let query = format!("subscription($after: String) {{ dossierEvents(after: $after, {arguments}) {{ type }} }}");
    let mut stream = actor.subscribe(&query, json!({ "after": after })).await;
    for kind in expected {
        assert_eq!(stream.next().await["dossierEvents"]["type"], *kind, "{} {arguments}", actor.name);
    }
    assert!(stream.silent().await, "{} {arguments}", actor.name);
}

async fn cursor(actor: &Actor) -> Value {
    actor.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].clone()
}

#[tokio::test]
async fn by_types_and_removals_of_their_subjects() {
    let world = World::new().await;
    let (hub, portal) = (cursor(&world.operator).await, cursor(&world.martin).await);
    let id = world.operator.uploads(&world.martin_id, "DOCUMENTS", "a.txt", "a").await;
    world.operator.does("publishDocument", json!({ "id": id }), "").await;
    world.operator.does("updateClient", json!({ "id": world.martin_id, "name": "Martine" }), "").await;
    world.operator.does("unpublishDocument", json!({ "id": id }), "").await;
    expect_events(&world.operator, "types: [DOCUMENT_PUBLISHED]", &hub, &["DOCUMENT_PUBLISHED"]).await;
    expect_events(
        &world.operator,
        "types: [CLIENT_UPDATED, DOCUMENT_UPLOADED]",
        &hub,
        &["DOCUMENT_UPLOADED", "CLIENT_UPDATED"],
    )
    .await;
    expect_events(&world.operator, "types: []", &hub, &[]).await;
    expect_events(&world.martin, "types: [DOCUMENT_PUBLISHED]", &portal, &["REMOVED"]).await;
    expect_events(&world.martin, "types: [REMOVED]", &portal, &["REMOVED"]).await;
    expect_events(&world.martin, "types: [CLIENT_UPDATED]", &portal, &["CLIENT_UPDATED"]).await;
}

#[tokio::test]
async fn by_dossier_and_by_conversation() {
    let world = World::new().await;
    let start = cursor(&world.operator).await;
    let begin = async |client: &str| {
        let input = json!({ "clientId": client, "subject": "Élio" });
        let payload = world.operator.does("startConversation", input, "conversation { id }").await;
        payload["conversation"]["id"].as_str().unwrap().to_owned()
    };
    let (one, other) = (begin(&world.martin_id).await, begin(&world.durand_id).await);
    for conversation in [&one, &other, &one] {
        world.operator.does("postMessage", json!({ "conversationId": conversation, "body": "Bonjour" }), "").await;
    }
    let expected = ["CONVERSATION_STARTED", "MESSAGE_POSTED", "MESSAGE_POSTED"];
    expect_events(&world.operator, &format!(r#"conversationId: "{one}""#), &start, &expected).await;
    expect_events(&world.operator, &format!(r#"clientId: "{}""#, world.durand_id), &start, &expected[..2]).await;
    let both = format!(r#"conversationId: "{one}", types: [MESSAGE_POSTED]"#);
    expect_events(&world.operator, &both, &start, &expected[1..]).await;
    expect_events(&world.durand, &format!(r#"conversationId: "{one}""#), &cursor(&world.durand).await, &[]).await;
}

#[tokio::test]
async fn live_and_replayed_events_are_filtered_alike() {
    let world = World::new().await;
    let live = |arguments: String| {
        let world = &world;
        async move {
            let query = format!("subscription {{ dossierEvents({arguments}) {{ type client {{ name }} }} }}");
            world.operator.subscribe(&query, json!({})).await
        }
    };
    let mut of_martin = live(format!(r#"clientId: "{}""#, world.martin_id)).await;
    let mut archived = live("types: [CLIENT_ARCHIVED]".to_owned()).await;
    world.operator.does("updateClient", json!({ "id": world.durand_id, "name": "Durand fils" }), "").await;
    world.operator.does("updateClient", json!({ "id": world.martin_id, "name": "Martine" }), "").await;
    world.operator.does("archiveClient", json!({ "id": world.durand_id }), "").await;
    assert_eq!(of_martin.next().await["dossierEvents"]["client"]["name"], "Martine");
    assert_eq!(archived.next().await["dossierEvents"]["type"], "CLIENT_ARCHIVED");
    assert!(of_martin.silent().await && archived.silent().await);
}

#[tokio::test]
async fn by_assignee() {
    let world = World::new().await;
    let submit = async |title: &str| {
        let input = json!({ "clientId": world.martin_id, "title": title });
        let payload = world.operator.does("submitValidationRequest", input, "validationRequest { id }").await;
        payload["validationRequest"]["id"].as_str().unwrap().to_owned()
    };
    let (mine, theirs) = (submit("A").await, submit("B").await);
    let (me, them) = (member(&world.operator, "operator").await, member(&world.operator, "manager").await);
    let query = "subscription { validationHub(assignedToMe: true) { type validationRequestId } }";
    let mut hub = world.operator.subscribe(query, json!({})).await;
    let assign = async |id: &str, to: &str| {
        world.owner.does("assignValidationRequest", json!({ "id": id, "assigneeId": to }), "").await;
    };
    assign(&mine, &me).await;
    assign(&theirs, &them).await;
    world.owner.does("approveValidationRequest", json!({ "id": theirs }), "").await;
    world.owner.does("approveValidationRequest", json!({ "id": mine }), "").await;
    let mut events = Vec::new();
    for _ in 0..3 {
        let event = hub.next().await["validationHub"].clone();
        events.push((event["type"].as_str().unwrap().to_owned(), event["validationRequestId"].clone()));
    }
    let assigned = "VALIDATION_ASSIGNED".to_owned();
    let expected =
        [(assigned.clone(), json!(mine)), (assigned, json!(theirs)), ("VALIDATION_APPROVED".to_owned(), json!(mine))];
    assert_eq!(events, expected);
    let mut refused = world.staff.subscribe(query, json!({})).await;
    assert!(refused.message().await.to_string().contains("FORBIDDEN"));
}
