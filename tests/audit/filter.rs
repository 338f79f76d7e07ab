//! The readers of the log, its pages and its filters.

use super::newest;
use crate::support::{Value, World, fixtures, json};
use dossier_core::scope::{Scope, Scopes};

#[tokio::test]
async fn only_owners_with_the_scope_read_the_log() {
    let world = World::new().await;
    let query = "{ auditLog(first: 5) { totalCount nodes { id hash } } }";
    let log = world.owner.query(query, json!({})).await["auditLog"].clone();
    assert!(log["totalCount"].as_u64().unwrap() > 5, "{log}");
    let empty = json!({ "totalCount": 0, "nodes": [] });
    for (name, actor) in world.actors() {
        match name {
            "owner" => {}
            "anonymous" => assert_eq!(actor.code(query, json!({})).await, "UNAUTHENTICATED"),
            _ => assert_eq!(actor.query(query, json!({})).await["auditLog"], empty, "{name}"),
        }
    }
    let limited = world.app.limited(&world.owner, Scopes::ALL.without(Scope::AuditRead)).await;
    assert_eq!(limited.query(query, json!({})).await["auditLog"], empty);
    let key = json!({ "name": "Export", "scopes": ["AUDIT_READ"] });
    assert_eq!(world.owner.refused("createApiKey", key).await, "INVALID scopes", "keys are no owners");
}

#[tokio::test]
async fn pages_meet_without_a_gap() {
    let world = World::new().await;
    let query = "query($after: String, $before: String, $first: Int, $last: Int) {
        auditLog(first: $first, after: $after, last: $last, before: $before) {
            nodes { sequence } pageInfo { hasNextPage startCursor endCursor }
        } }";
    let sequences = |page: &Value| -> Vec<i64> {
        page["nodes"].as_array().unwrap().iter().map(|entry| entry["sequence"].as_i64().unwrap()).collect()
    };
    let (mut all, mut after) = (Vec::new(), json!(null));
    loop {
        let page = world.owner.query(query, json!({ "first": 3, "after": after })).await["auditLog"].clone();
        all.extend(sequences(&page));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    let count = i64::try_from(all.len()).unwrap();
    assert_eq!(all, (1..=count).rev().collect::<Vec<_>>());
    let back = world.owner.query(query, json!({ "last": 2, "before": after })).await["auditLog"].clone();
    assert_eq!(sequences(&back), [3, 2]);
}

#[tokio::test]
async fn filters_limit_the_log() {
    let world = World::new().await;
    let start = world.app.parts.database.clock.now().to_rfc3339();
    let manager = fixtures::member(&world.owner, "manager").await;
    let request = crate::permissions::subjects::request(&world, false).await;
    world.manager.does("approveValidationRequest", json!({ "id": request }), "").await;
    world.owner.does("suspendMember", json!({ "id": manager }), "").await;
    let query = "query($filter: AuditEntryFilter) { auditLog(filter: $filter) { totalCount nodes { action } } }";
    let actions = async |filter: Value| -> Vec<String> {
        let log = world.owner.query(query, json!({ "filter": filter })).await["auditLog"].clone();
        let nodes = log["nodes"].as_array().unwrap();
        assert_eq!(log["totalCount"].as_u64().unwrap(), u64::try_from(nodes.len()).unwrap());
        nodes.iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect()
    };
    let all = ["MEMBER_SUSPENDED", "VALIDATION_APPROVED", "VALIDATION_SHARED"];
    assert_eq!(actions(json!({ "from": start })).await, all);
    assert!(!actions(json!({ "to": start })).await.contains(&"MEMBER_SUSPENDED".to_owned()));
    assert_eq!(actions(json!({ "actorId": manager })).await, ["VALIDATION_APPROVED"]);
    assert_eq!(actions(json!({ "subjectId": request })).await, ["VALIDATION_APPROVED", "VALIDATION_SHARED"]);
    assert_eq!(actions(json!({ "subjectId": manager })).await, ["MEMBER_SUSPENDED", "MEMBER_ADDED"]);
    assert_eq!(actions(json!({ "from": start, "actions": ["MEMBER_SUSPENDED", "SITE_ADDED"] })).await, all[..1]);
    assert_eq!(actions(json!({ "from": start, "outcome": "SUCCEEDED" })).await, all);
    assert!(actions(json!({ "outcome": "REFUSED" })).await.is_empty());
    assert!(actions(json!({ "outcome": "REFUSED", "actions": ["SITE_ADDED"] })).await.is_empty());
    let wrong = json!({ "filter": { "subjectId": "message_00000000000000000000000000" } });
    assert_eq!(world.owner.code(query, wrong).await, "BAD_USER_INPUT");
    assert_eq!(newest(&world.owner, 1).await[0]["subjectName"], "manager");
}
