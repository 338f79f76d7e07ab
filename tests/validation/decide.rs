use super::submit::submit;
use crate::support::{Actor, World, fixtures::member, json};
use dossier_core::viewer::{SystemPurpose, Viewer};
use entities::organization;
use sea_orm::ColumnTrait;

const STATUS: &str = "validationRequest { id status decisionReason revision }";

async fn ask_for_four_eyes(world: &World) {
    let tx = world.app.parts.database.write_as(Viewer::platform(SystemPurpose::Command)).await.unwrap();
    let named = organization::Column::Id.eq(world.organization);
    let before = tx.find::<organization::Entity>().filter(named).one().await.unwrap().unwrap();
    tx.update_without_event(&before, organization::Model { four_eyes: true, ..before.clone() }).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn only_members_with_access_decide() {
    let world = World::new().await;
    let id = submit(&world.martin, &world.martin_id, "Brief").await;
    let decisions = ["approveValidationRequest", "rejectValidationRequest", "requestChanges"];
    let others = ["assignValidationRequest", "shareValidationRequest"];
    for step in decisions.iter().chain(&others) {
        let input = if *step == "approveValidationRequest" || others.contains(step) {
            json!({ "id": id })
        } else {
            json!({ "id": id, "reason": "parce que" })
        };
        for actor in [&world.staff, &world.martin] {
            assert_eq!(actor.refused(step, input.clone()).await, "FORBIDDEN", "{} {step}", actor.name);
        }
        for actor in [&world.durand, &world.stranger] {
            assert_eq!(actor.refused(step, input.clone()).await, "NOT_FOUND id", "{} {step}", actor.name);
        }
    }
    let of_lyon = submit(&world.durand, &world.durand_id, "Brief").await;
    assert_eq!(world.manager.refused("approveValidationRequest", json!({ "id": of_lyon })).await, "NOT_FOUND id");
    world.manager.does("approveValidationRequest", json!({ "id": id }), STATUS).await;
}

#[tokio::test]
async fn a_rejection_needs_a_reason() {
    let world = World::new().await;
    let id = submit(&world.martin, &world.martin_id, "Brief").await;
    let silent = json!({ "id": id, "reason": " \n" });
    assert_eq!(world.operator.refused("rejectValidationRequest", silent.clone()).await, "INVALID reason");
    assert_eq!(world.operator.refused("requestChanges", silent).await, "INVALID reason");
    let stale = json!({ "id": id, "expectedRevision": 2, "reason": "non" });
    assert_eq!(world.operator.refused("rejectValidationRequest", stale).await, "CONFLICT");
    let input = json!({ "id": id, "expectedRevision": 1, "reason": "Hors sujet" });
    let done = world.operator.does("rejectValidationRequest", input, STATUS).await["validationRequest"].clone();
    let expected = json!({ "id": id, "status": "REJECTED", "decisionReason": "Hors sujet", "revision": 2 });
    assert_eq!(done, expected);
}

#[tokio::test]
async fn of_two_concurrent_decisions_one_wins_and_the_other_fails() {
    let world = World::new().await;
    let id = submit(&world.martin, &world.martin_id, "Brief").await;
    let approve = json!({ "id": id });
    let reject = json!({ "id": id, "reason": "non" });
    let outcomes = tokio::join!(
        world.owner.mutate("approveValidationRequest", approve.clone(), STATUS),
        world.operator.mutate("rejectValidationRequest", reject.clone(), STATUS),
        world.manager.mutate("requestChanges", reject, STATUS),
        world.operator.mutate("approveValidationRequest", approve, STATUS),
    );
    let outcomes = [outcomes.0, outcomes.1, outcomes.2, outcomes.3];
    let (won, failed): (Vec<_>, Vec<_>) = outcomes.iter().partition(|outcome| outcome["userErrors"] == json!([]));
    assert_eq!(won.len(), 1, "{outcomes:#?}");
    assert!(failed.iter().all(|outcome| outcome["userErrors"][0]["code"] == "CONFLICT"), "{outcomes:#?}");
    let query = "query($id: ID!) { node(id: $id) { ... on ValidationRequest { status history { totalCount } } } }";
    let now = world.martin.query(query, json!({ "id": id })).await["node"].clone();
    let expected = json!({ "status": won[0]["validationRequest"]["status"], "history": { "totalCount": 2 } });
    assert_eq!(now, expected);
}

#[tokio::test]
async fn four_eyes_apply_if_the_organization_requires_them() {
    let world = World::new().await;
    let own = submit(&world.operator, &world.martin_id, "Seul").await;
    world.operator.does("approveValidationRequest", json!({ "id": own }), STATUS).await;
    ask_for_four_eyes(&world).await;
    let own = submit(&world.operator, &world.martin_id, "À deux").await;
    assert_eq!(world.operator.refused("approveValidationRequest", json!({ "id": own })).await, "FORBIDDEN");
    let no = json!({ "id": own, "reason": "non" });
    assert_eq!(world.operator.refused("rejectValidationRequest", no.clone()).await, "FORBIDDEN");
    assert_eq!(world.operator.refused("requestChanges", no.clone()).await, "FORBIDDEN");
    world.owner.does("requestChanges", no, STATUS).await;
    // Resubmitting counts as submitting.
    world.manager.does("resubmitValidationRequest", json!({ "id": own }), STATUS).await;
    assert_eq!(world.manager.refused("approveValidationRequest", json!({ "id": own })).await, "FORBIDDEN");
    assert_eq!(world.operator.refused("approveValidationRequest", json!({ "id": own })).await, "FORBIDDEN");
    world.owner.does("approveValidationRequest", json!({ "id": own }), STATUS).await;
}

#[tokio::test]
async fn a_request_is_cancelled_by_its_submitter_or_by_a_decider() {
    let world = World::new().await;
    let cancelled = async |actor: &Actor, id: &str| actor.refused("cancelValidationRequest", json!({ "id": id })).await;
    let internal = submit(&world.operator, &world.martin_id, "Interne").await;
    assert_eq!(cancelled(&world.martin, &internal).await, "NOT_FOUND id");
    assert_eq!(cancelled(&world.staff, &internal).await, "FORBIDDEN");
    world.operator.does("shareValidationRequest", json!({ "id": internal }), "").await;
    assert_eq!(cancelled(&world.martin, &internal).await, "FORBIDDEN");
    let of_staff = submit(&world.staff, &world.martin_id, "Photos").await;
    world.staff.does("cancelValidationRequest", json!({ "id": of_staff }), STATUS).await;
    let of_client = submit(&world.martin, &world.martin_id, "Brief").await;
    assert_eq!(cancelled(&world.durand, &of_client).await, "NOT_FOUND id");
    assert_eq!(cancelled(&world.staff, &of_client).await, "FORBIDDEN");
    let query = "query($id: ID!) { node(id: $id) { ... on ValidationRequest { status revision } } }";
    let now = world.martin.query(query, json!({ "id": of_client })).await["node"].clone();
    assert_eq!(now, json!({ "status": "PENDING", "revision": 1 }), "a refusal leaves the request as it was");
    let input = json!({ "id": of_client, "reason": "Plus utile" });
    let done = world.martin.does("cancelValidationRequest", input, STATUS).await["validationRequest"].clone();
    assert_eq!((&done["status"], &done["decisionReason"]), (&json!("CANCELLED"), &json!("Plus utile")));
    assert_eq!(cancelled(&world.martin, &of_client).await, "CONFLICT");
    // A decider cancels a request that somebody else sent back.
    let returned = submit(&world.martin, &world.martin_id, "Brief").await;
    world.manager.does("requestChanges", json!({ "id": returned, "reason": "à revoir" }), "").await;
    assert_eq!(cancelled(&world.staff, &returned).await, "FORBIDDEN");
    world.manager.does("cancelValidationRequest", json!({ "id": returned }), STATUS).await;
}

#[tokio::test]
async fn a_request_is_assigned_to_a_member_who_can_decide_it() {
    let world = World::new().await;
    let id = submit(&world.martin, &world.martin_id, "Brief").await;
    let of_lyon = submit(&world.durand, &world.durand_id, "Brief").await;
    let (owner, manager) = (member(&world.owner, "owner").await, member(&world.owner, "manager").await);
    let to = |request: &str, who: &str| json!({ "id": request, "assigneeId": who });
    let selection = "validationRequest { assignee { id displayName role } revision }";
    let done = world.operator.does("assignValidationRequest", to(&id, &manager), selection).await;
    let expected = json!({ "assignee": { "id": manager, "displayName": "manager", "role": "MANAGER" }, "revision": 2 });
    assert_eq!(done["validationRequest"], expected);
    // Assigning to the same member again is not a step.
    let done = world.operator.does("assignValidationRequest", to(&id, &manager), selection).await;
    assert_eq!(done["validationRequest"]["revision"], 2);
    let refused = async |actor: &Actor, input| actor.refused("assignValidationRequest", input).await;
    for cannot in ["staff", "martin"] {
        let who = member(&world.owner, cannot).await;
        assert_eq!(refused(&world.operator, to(&id, &who)).await, "INVALID assigneeId", "{cannot}");
    }
    assert_eq!(refused(&world.operator, to(&of_lyon, &manager)).await, "INVALID assigneeId");
    assert_eq!(refused(&world.manager, to(&id, &owner)).await, "NOT_FOUND assigneeId");
    let foreign = member(&world.stranger, "operator").await;
    assert_eq!(refused(&world.operator, to(&id, &foreign)).await, "NOT_FOUND assigneeId");
    let mine = "{ validationRequests(filter: { assignedToMe: true }) { nodes { id } totalCount } }";
    let found = world.manager.query(mine, json!({})).await["validationRequests"].clone();
    assert_eq!(found, json!({ "nodes": [{ "id": id }], "totalCount": 1 }));
    assert_eq!(world.operator.query(mine, json!({})).await["validationRequests"]["totalCount"], 0);
    let others = "{ validationRequests(filter: { assignedToMe: false }) { totalCount } }";
    assert_eq!(world.operator.query(others, json!({})).await["validationRequests"]["totalCount"], 2);
    let nobody = json!({ "id": id, "assigneeId": null });
    let done = world.manager.does("assignValidationRequest", nobody, selection).await;
    assert_eq!(done["validationRequest"], json!({ "assignee": null, "revision": 3 }));
    world.operator.does("approveValidationRequest", json!({ "id": id }), "").await;
    assert_eq!(refused(&world.operator, to(&id, &manager)).await, "CONFLICT");
}
