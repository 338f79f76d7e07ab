use super::write::{post, start};
use crate::support::{Actor, World, json};

const THREAD: &str = "query($id: ID!) { node(id: $id) { ... on Conversation {
    updatedAt revision analysis messages { nodes { body internal } totalCount pageInfo { hasNextPage } }
} } }";

const LIST: &str = "{ conversations { nodes { id subject } totalCount } }";

async fn bodies(actor: &Actor, id: &str) -> Vec<String> {
    let data = actor.query(THREAD, json!({ "id": id })).await;
    let messages = &data["node"]["messages"];
    let nodes = messages["nodes"].as_array().unwrap();
    assert_eq!(messages["totalCount"], nodes.len());
    nodes.iter().map(|node| node["body"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn messages_are_oldest_first_and_clients_see_no_internal_ones() {
    let world = World::new().await;
    let id = start(&world.martin, &world.martin_id, "Logo", Some("Bonjour")).await;
    post(&world.operator, &id, "entre nous", true).await;
    post(&world.staff, &id, "Bonjour Martin", false).await;
    let whole = ["Bonjour", "entre nous", "Bonjour Martin"];
    for actor in [&world.owner, &world.operator, &world.manager, &world.staff] {
        assert_eq!(bodies(actor, &id).await, whole, "{}", actor.name);
    }
    assert_eq!(bodies(&world.martin, &id).await, ["Bonjour", "Bonjour Martin"]);
    for actor in [&world.durand, &world.stranger] {
        assert_eq!(actor.query(THREAD, json!({ "id": id })).await["node"], json!(null), "{}", actor.name);
        assert_eq!(actor.query(LIST, json!({})).await["conversations"], json!({ "nodes": [], "totalCount": 0 }));
    }
    assert_eq!(world.anonymous.code(LIST, json!({})).await, "UNAUTHENTICATED");
}

#[tokio::test]
async fn an_internal_message_changes_nothing_for_the_client() {
    let world = World::new().await;
    let quiet = start(&world.martin, &world.martin_id, "Logo", Some("Bonjour")).await;
    let recent = start(&world.martin, &world.martin_id, "Site", Some("Bonsoir")).await;
    let look = async || {
        let order = world.martin.query(LIST, json!({})).await;
        assert_eq!(order["conversations"]["nodes"][0]["id"], recent);
        let paged = "query($id: ID!) { node(id: $id) { ... on Conversation { messages(first: 1) {
            nodes { body } pageInfo { hasNextPage } totalCount } } } }";
        let thread = world.martin.query(THREAD, json!({ "id": quiet })).await;
        (order, thread, world.martin.query(paged, json!({ "id": quiet })).await)
    };
    let before = look().await;
    let mut portal = world.martin.subscribe("subscription { dossierEvents { type subjectId } }", json!({})).await;
    let message = post(&world.operator, &quiet, "il paie tard", true).await;
    assert_eq!(look().await, before);
    assert!(portal.silent().await);
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let missing = dossier_core::id::encode("message", uuid::Uuid::now_v7());
    let hidden = world.martin.send(node, json!({ "id": message })).await;
    assert_eq!(hidden, world.martin.send(node, json!({ "id": missing })).await);
    // The next message that the client sees moves the conversation to the front.
    post(&world.operator, &quiet, "Bonjour Martin", false).await;
    assert_eq!(portal.next().await["dossierEvents"]["type"], "MESSAGE_POSTED");
    assert_eq!(world.martin.query(LIST, json!({})).await["conversations"]["nodes"][0]["id"], quiet);
}

#[tokio::test]
async fn lists_are_filtered_and_nested_in_clients() {
    let world = World::new().await;
    let open = start(&world.operator, &world.martin_id, "Ouverte", None).await;
    let closed = start(&world.operator, &world.martin_id, "Close", None).await;
    let other = start(&world.operator, &world.durand_id, "Autre", None).await;
    world.operator.does("closeConversation", json!({ "id": closed }), "").await;
    let ids = async |actor: &Actor, filter| {
        let query = "query($filter: ConversationFilter) {
            conversations(filter: $filter, orderBy: CREATED_AT_ASC) { nodes { id } totalCount } }";
        let page = actor.query(query, json!({ "filter": filter })).await["conversations"].clone();
        let nodes = page["nodes"].as_array().unwrap().clone();
        assert_eq!(page["totalCount"], nodes.len());
        nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&world.operator, json!({})).await, [open.as_str(), &closed, &other]);
    assert_eq!(ids(&world.operator, json!({ "status": "OPEN" })).await, [open.as_str(), &other]);
    assert_eq!(ids(&world.operator, json!({ "clientId": world.durand_id })).await, [other.as_str()]);
    assert_eq!(ids(&world.manager, json!({})).await, [open.as_str(), &closed]);
    assert_eq!(ids(&world.martin, json!({ "clientId": world.durand_id })).await, [""; 0]);
    let nested = "{ clients { nodes { name conversations(filter: { status: OPEN }) {
        nodes { subject client { name } messages { totalCount } } totalCount } } } }";
    let clients = world.operator.query(nested, json!({})).await["clients"]["nodes"].clone();
    assert_eq!(clients[0]["name"], "Durand");
    assert_eq!(clients[0]["conversations"]["nodes"][0]["subject"], "Autre");
    assert_eq!(clients[1]["conversations"]["totalCount"], 1);
    assert_eq!(clients[1]["conversations"]["nodes"][0]["client"]["name"], "Martin");
}

#[tokio::test]
async fn only_the_agency_sees_the_analysis() {
    let world = World::new().await;
    let id = start(&world.martin, &world.martin_id, "Logo", None).await;
    for (actor, denied) in
        [(&world.operator, false), (&world.manager, false), (&world.staff, true), (&world.martin, true)]
    {
        let query = "query($id: ID!) { node(id: $id) { ... on Conversation { analysis } } }";
        let answer = actor.send(query, json!({ "id": id })).await;
        let guarded = if denied { json!([["node", "analysis"]]) } else { json!(null) };
        assert_eq!(answer["extensions"]["guarded"], guarded, "{}", actor.name);
        assert_eq!(answer["data"]["node"], json!({ "analysis": null }));
    }
}
