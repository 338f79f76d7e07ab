use super::submit::{submit, version};
use crate::support::{Actor, Value, World, fixtures::member, json};

const LIST: &str = "query($filter: ValidationRequestFilter) {
    validationRequests(filter: $filter, orderBy: CREATED_AT_ASC) { nodes { id title } totalCount }
}";

async fn titles(actor: &Actor, filter: Value) -> Vec<String> {
    let page = actor.query(LIST, json!({ "filter": filter })).await["validationRequests"].clone();
    let nodes = page["nodes"].as_array().unwrap();
    assert_eq!(page["totalCount"], nodes.len());
    nodes.iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn people_see_their_requests_and_clients_no_internal_ones() {
    let world = World::new().await;
    submit(&world.martin, &world.martin_id, "Brief").await;
    submit(&world.operator, &world.martin_id, "Interne").await;
    submit(&world.durand, &world.durand_id, "Lyon").await;
    assert_eq!(titles(&world.owner, json!({})).await, ["Brief", "Interne", "Lyon"]);
    assert_eq!(titles(&world.operator, json!({ "internal": true })).await, ["Interne"]);
    assert_eq!(titles(&world.operator, json!({ "clientId": world.durand_id })).await, ["Lyon"]);
    assert_eq!(titles(&world.manager, json!({})).await, ["Brief", "Interne"]);
    assert_eq!(titles(&world.staff, json!({})).await, ["Brief", "Interne"]);
    assert_eq!(titles(&world.martin, json!({})).await, ["Brief"]);
    assert_eq!(titles(&world.martin, json!({ "internal": true })).await, [""; 0]);
    assert_eq!(titles(&world.durand, json!({})).await, ["Lyon"]);
    assert_eq!(titles(&world.stranger, json!({})).await, [""; 0]);
    assert_eq!(world.anonymous.code(LIST, json!({})).await, "UNAUTHENTICATED");
    let nested = "{ clients { nodes { name validationRequests(filter: { status: [PENDING] }) { totalCount } } } }";
    let of = async |actor: &Actor| actor.query(nested, json!({})).await["clients"]["nodes"].clone();
    let count = |name: &str, count: i32| json!({ "name": name, "validationRequests": { "totalCount": count } });
    assert_eq!(of(&world.operator).await, json!([count("Durand", 1), count("Martin", 2)]));
    assert_eq!(of(&world.martin).await, json!([count("Martin", 1)]));
}

#[tokio::test]
async fn statuses_are_filtered() {
    let world = World::new().await;
    let approved = submit(&world.martin, &world.martin_id, "Approuvée").await;
    let back = submit(&world.martin, &world.martin_id, "Renvoyée").await;
    submit(&world.martin, &world.martin_id, "En attente").await;
    world.operator.does("approveValidationRequest", json!({ "id": approved }), "").await;
    world.operator.does("requestChanges", json!({ "id": back, "reason": "…" }), "").await;
    assert_eq!(titles(&world.martin, json!({ "status": ["PENDING"] })).await, ["En attente"]);
    let open = json!({ "status": ["PENDING", "CHANGES_REQUESTED"] });
    assert_eq!(titles(&world.operator, open).await, ["Renvoyée", "En attente"]);
    assert_eq!(titles(&world.operator, json!({ "status": [] })).await, [""; 0]);
    let latest = "{ validationRequests(first: 1, orderBy: UPDATED_AT_DESC) { nodes { title } } }";
    let latest = world.operator.query(latest, json!({})).await["validationRequests"]["nodes"][0]["title"].clone();
    assert_eq!(latest, "Renvoyée");
}

#[tokio::test]
async fn an_internal_request_does_not_exist_for_the_client_until_it_is_shared() {
    let world = World::new().await;
    let document = world.operator.uploads(&world.martin_id, "DOCUMENTS", "livrable.txt", "v1").await;
    let input = json!({
        "clientId": world.martin_id, "title": "Livrable",
        "documentVersionId": version(&world.operator, &document).await,
    });
    let selection = "validationRequest { id history { nodes { id } } }";
    let made = world.operator.does("submitValidationRequest", input, selection).await["validationRequest"].clone();
    let (id, step) = (made["id"].clone(), made["history"]["nodes"][0]["id"].clone());
    let node = "query($id: ID!) { node(id: $id) { id } }";
    for hidden in [&id, &step] {
        let prefix = hidden.as_str().unwrap().rsplit_once('_').unwrap().0;
        let missing = dossier_core::id::encode(prefix, uuid::Uuid::now_v7());
        let answer = world.martin.send(node, json!({ "id": hidden })).await;
        assert_eq!(answer, world.martin.send(node, json!({ "id": missing })).await);
    }
    let assignee = member(&world.operator, "operator").await;
    world.operator.does("assignValidationRequest", json!({ "id": id, "assigneeId": assignee }), "").await;
    world.operator.does("shareValidationRequest", json!({ "id": id }), "").await;
    assert_eq!(world.operator.refused("shareValidationRequest", json!({ "id": id })).await, "CONFLICT");
    let whole = "query($id: ID!) { node(id: $id) { ... on ValidationRequest {
        title internal internalNote assignee { id } documentVersion { id }
        history { nodes { action actor { displayName } documentVersion { id } } totalCount }
    } } }";
    let answer = world.martin.send(whole, json!({ "id": id })).await;
    let step =
        |action: &str| json!({ "action": action, "actor": { "displayName": "operator" }, "documentVersion": null });
    let expected = json!({
        "title": "Livrable", "internal": false, "internalNote": null, "assignee": null, "documentVersion": null,
        "history": { "nodes": [step("SUBMITTED"), step("ASSIGNED"), step("SHARED")], "totalCount": 3 },
    });
    assert_eq!(answer["data"]["node"], expected);
    assert_eq!(answer["extensions"]["guarded"], json!([["node", "internalNote"], ["node", "assignee"]]));
    world.operator.does("publishDocument", json!({ "id": document }), "").await;
    let shown = world.martin.query(whole, json!({ "id": id })).await["node"].clone();
    assert!(shown["documentVersion"]["id"].is_string());
    assert!(shown["history"]["nodes"][0]["documentVersion"]["id"].is_string());
}

#[tokio::test]
async fn only_the_agency_sees_notes_and_assignees() {
    let world = World::new().await;
    let id = submit(&world.martin, &world.martin_id, "Brief").await;
    let assignee = member(&world.owner, "manager").await;
    world.operator.does("assignValidationRequest", json!({ "id": id, "assigneeId": assignee }), "").await;
    let input = json!({ "id": id, "reason": "Bien", "internalNote": "marge faible" });
    world.operator.does("approveValidationRequest", input, "").await;
    let query = "query($id: ID!) { node(id: $id) { ... on ValidationRequest {
        decisionReason internalNote assignee { displayName } } } }";
    let seen = async |actor: &Actor| actor.query(query, json!({ "id": id })).await["node"].clone();
    let agency =
        json!({ "decisionReason": "Bien", "internalNote": "marge faible", "assignee": { "displayName": "manager" } });
    let others = json!({ "decisionReason": "Bien", "internalNote": null, "assignee": null });
    for actor in [&world.owner, &world.operator, &world.manager] {
        assert_eq!(seen(actor).await, agency, "{}", actor.name);
    }
    for actor in [&world.staff, &world.martin] {
        assert_eq!(seen(actor).await, others, "{}", actor.name);
        let filter = json!({ "filter": { "assignedToMe": false } });
        assert_eq!(actor.code(LIST, filter).await, "FORBIDDEN", "{}", actor.name);
    }
}
