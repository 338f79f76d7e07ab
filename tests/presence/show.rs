//! Presence is delivered at once, to people who may see it.

use crate::support::{Actor, Value, World, json, socket::Stream};

const PRESENCE: &str = "subscription($conversation: ID, $request: ID) {
    presence(conversationId: $conversation, validationRequestId: $request) {
        actor { displayName kind } activity subjectId
    }
}";

async fn conversation(world: &World) -> String {
    let input = json!({ "clientId": world.martin_id, "subject": "Élio" });
    let payload = world.operator.does("startConversation", input, "conversation { id }").await;
    payload["conversation"]["id"].as_str().unwrap().to_owned()
}

async fn request(world: &World) -> String {
    let input = json!({ "clientId": world.martin_id, "title": "Logo" });
    let payload = world.martin.does("submitValidationRequest", input, "validationRequest { id }").await;
    payload["validationRequest"]["id"].as_str().unwrap().to_owned()
}

async fn watch(actor: &Actor) -> Stream {
    actor.subscribe(PRESENCE, json!({})).await
}

fn sign(name: &str, kind: &str, activity: &str, subject: &str) -> Value {
    json!({ "presence": { "actor": { "displayName": name, "kind": kind }, "activity": activity, "subjectId": subject } })
}

#[tokio::test]
async fn typing_is_shown_to_the_people_in_the_conversation() {
    let world = World::new().await;
    let id = conversation(&world).await;
    let mut hub = world.operator.subscribe(PRESENCE, json!({ "conversation": id })).await;
    let (mut staff, mut martin) = (watch(&world.staff).await, watch(&world.martin).await);
    let (mut durand, mut stranger) = (watch(&world.durand).await, watch(&world.stranger).await);
    world.martin.does("signalPresence", json!({ "conversationId": id, "activity": "TYPING" }), "").await;
    for stream in [&mut hub, &mut staff] {
        assert_eq!(stream.next().await, sign("martin", "CLIENT", "TYPING", &id));
    }
    let internal = json!({ "conversationId": id, "activity": "TYPING", "internal": true });
    world.manager.does("signalPresence", internal.clone(), "").await;
    for stream in [&mut hub, &mut staff] {
        assert_eq!(stream.next().await, sign("manager", "MEMBER", "TYPING", &id));
    }
    assert!(martin.silent().await, "neither oneself nor what is internal");
    world.owner.does("signalPresence", json!({ "conversationId": id, "activity": "LEFT" }), "").await;
    assert_eq!(martin.next().await, sign("owner", "MEMBER", "LEFT", &id));
    assert!(durand.silent().await && stranger.silent().await);
    assert_eq!(world.martin.refused("signalPresence", internal).await, "FORBIDDEN");
}

#[tokio::test]
async fn clients_do_not_see_who_views_a_request() {
    let world = World::new().await;
    let id = request(&world).await;
    let mut hub = watch(&world.operator).await;
    let mut elsewhere = world.operator.subscribe(PRESENCE, json!({ "conversation": conversation(&world).await })).await;
    let mut martin = watch(&world.martin).await;
    let looks = json!({ "validationRequestId": id, "activity": "VIEWING" });
    world.manager.does("signalPresence", looks.clone(), "").await;
    assert_eq!(hub.next().await, sign("manager", "MEMBER", "VIEWING", &id));
    assert!(martin.silent().await && elsewhere.silent().await);
    assert_eq!(world.martin.refused("signalPresence", looks).await, "FORBIDDEN");
}

#[tokio::test]
async fn a_sign_names_the_member_to_those_who_see_members() {
    let world = World::new().await;
    let id = conversation(&world).await;
    let query = "subscription { presence { actor { memberId isViewer } } }";
    let mut owner = world.owner.subscribe(query, json!({})).await;
    let mut staff = world.staff.subscribe(query, json!({})).await;
    for (actor, name) in [(&world.martin, "martin"), (&world.manager, "manager")] {
        actor.does("signalPresence", json!({ "conversationId": id, "activity": "TYPING" }), "").await;
        let seen = crate::support::fixtures::member(&world.owner, name).await;
        for (stream, id) in [(&mut owner, json!(seen)), (&mut staff, json!(null))] {
            assert_eq!(stream.next().await, json!({ "presence": { "actor": { "memberId": id, "isViewer": false } } }));
        }
    }
}

#[tokio::test]
async fn presence_needs_a_visible_target() {
    let world = World::new().await;
    let (conversation, request) = (conversation(&world).await, request(&world).await);
    for actor in [&world.durand, &world.stranger] {
        let input = json!({ "conversationId": conversation, "activity": "VIEWING" });
        assert_eq!(actor.refused("signalPresence", input).await, "NOT_FOUND conversationId");
        let input = json!({ "validationRequestId": request, "activity": "VIEWING" });
        assert_eq!(actor.refused("signalPresence", input).await, "NOT_FOUND validationRequestId");
    }
    let nowhere = json!({ "activity": "VIEWING" });
    assert_eq!(world.operator.refused("signalPresence", nowhere).await, "INVALID conversationId");
    let mut both =
        world.operator.subscribe(PRESENCE, json!({ "conversation": conversation, "request": request })).await;
    assert!(both.message().await.to_string().contains("BAD_USER_INPUT"));
    let mut anonymous = watch(&world.anonymous).await;
    assert!(anonymous.message().await.to_string().contains("UNAUTHENTICATED"));
}
