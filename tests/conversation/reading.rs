use crate::support::{Actor, Value, World, app::Member, json};
use entities::membership::Role;
use futures::future::join_all;

const READ: &str = "query($id: ID!) { node(id: $id) { ... on Conversation {
    unreadCount lastReadMessage { body } messages(last: 100) { nodes { id body createdAt } }
} } }";

async fn start(world: &World) -> String {
    let input = json!({ "clientId": world.martin_id, "subject": "Portfolio", "body": "Bonjour" });
    let done = world.martin.does("startConversation", input, "conversation { id }").await;
    done["conversation"]["id"].as_str().unwrap().to_owned()
}

async fn post(actor: &Actor, id: &str, body: &str, internal: bool) -> Value {
    let input = json!({ "conversationId": id, "body": body, "internal": internal });
    actor.does("postMessage", input, "message { id }").await["message"]["id"].clone()
}

async fn read(actor: &Actor, id: &str) -> Value {
    actor.query(READ, json!({ "id": id })).await["node"].clone()
}

async fn unread(actor: &Actor, id: &str) -> Value {
    read(actor, id).await["unreadCount"].clone()
}

async fn threads(actor: &Actor, unread: bool) -> Value {
    let query = "query($unread: Boolean!) { conversations(filter: { unread: $unread }) { totalCount } }";
    actor.query(query, json!({ "unread": unread })).await["conversations"]["totalCount"].clone()
}

#[tokio::test]
async fn each_member_has_a_marker_of_their_own() {
    let world = World::new().await;
    let id = start(&world).await;
    let first = post(&world.operator, &id, "Oui ?", false).await;
    post(&world.operator, &id, "Il insiste.", true).await;
    assert_eq!(unread(&world.operator, &id).await, 1);
    assert_eq!(unread(&world.manager, &id).await, 3);
    assert_eq!(unread(&world.staff, &id).await, 3);
    assert_eq!(unread(&world.martin, &id).await, 1, "neither their own nor internal messages");
    assert_eq!((threads(&world.martin, true).await, threads(&world.martin, false).await), (json!(1), json!(0)));
    let mark = |message: &Value| json!({ "id": id, "messageId": message });
    let done = world.manager.does("markConversationRead", mark(&first), "conversation { unreadCount }").await;
    assert_eq!(done["conversation"]["unreadCount"], 1);
    assert_eq!(read(&world.manager, &id).await["lastReadMessage"]["body"], "Oui ?");
    assert_eq!(unread(&world.staff, &id).await, 3);
    world.manager.does("markConversationRead", json!({ "id": id }), "").await;
    world.manager.does("markConversationRead", mark(&first), "").await;
    assert_eq!(unread(&world.manager, &id).await, 0, "a marker never goes back");
    world.martin.does("markConversationRead", json!({ "id": id }), "").await;
    assert_eq!((threads(&world.martin, true).await, threads(&world.martin, false).await), (json!(0), json!(1)));
    let last = post(&world.operator, &id, "Encore", false).await;
    assert_eq!(threads(&world.martin, true).await, 1);
    world.operator.does("deleteMessage", json!({ "id": last }), "").await;
    assert_eq!(unread(&world.martin, &id).await, 0, "a deleted message is not unread");
}

#[tokio::test]
async fn earlier_messages_are_not_unread_for_new_members() {
    let world = World::new().await;
    let id = start(&world).await;
    let person = Member { email: "neuf@atelier.example", sites: Vec::new(), client: None };
    let newcomer = world.app.member(world.organization, Role::Operator, person).await;
    assert_eq!(unread(&newcomer, &id).await, 0);
    post(&world.martin, &id, "Et maintenant ?", false).await;
    assert_eq!(unread(&newcomer, &id).await, 1);
}

#[tokio::test]
async fn nobody_marks_what_they_do_not_see() {
    let world = World::new().await;
    let id = start(&world).await;
    let internal = post(&world.operator, &id, "Entre nous", true).await;
    let refused = async |actor: &Actor, input: Value| actor.refused("markConversationRead", input).await;
    assert_eq!(refused(&world.durand, json!({ "id": id })).await, "NOT_FOUND id");
    assert_eq!(refused(&world.stranger, json!({ "id": id })).await, "NOT_FOUND id");
    assert_eq!(refused(&world.martin, json!({ "id": id, "messageId": internal })).await, "NOT_FOUND messageId");
    let other = start(&world).await;
    let elsewhere = json!({ "id": other, "messageId": internal });
    assert_eq!(refused(&world.operator, elsewhere).await, "NOT_FOUND messageId");
}

/// The order of a list is the order in which readers see the messages.
#[tokio::test(flavor = "multi_thread")]
async fn messages_never_appear_before_others_that_were_read() {
    let world = World::new().await;
    let id = start(&world).await;
    let events = "subscription { dossierEvents(types: [MESSAGE_POSTED]) { subjectId } }";
    let mut portal = world.martin.subscribe(events, json!({})).await;
    let writers = [&world.owner, &world.operator, &world.manager, &world.staff];
    let texts: Vec<_> = (0..32).map(|number| number.to_string()).collect();
    join_all(texts.iter().zip(writers.iter().cycle()).map(|(text, actor)| post(actor, &id, text, false))).await;
    let list = read(&world.martin, &id).await["messages"]["nodes"].clone();
    let list = list.as_array().unwrap();
    let times: Vec<_> = list.iter().map(|message| message["createdAt"].as_str().unwrap()).collect();
    assert!(times.is_sorted() && times.len() == 33);
    for message in &list[1..] {
        assert_eq!(portal.next().await["dossierEvents"]["subjectId"], message["id"]);
    }
}
