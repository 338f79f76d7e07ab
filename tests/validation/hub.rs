use super::submit::submit;
use crate::support::{World, fixtures::member, json};

const HUB: &str = "subscription($after: String) { validationHub(after: $after) {
    cursor type occurredAt actor { displayName kind } validationRequestId validationRequest { title status }
} }";

#[tokio::test]
async fn a_decision_is_live_in_every_open_hub() {
    let world = World::new().await;
    let mut hub = world.operator.subscribe(HUB, json!({})).await;
    let mut paris = world.manager.subscribe(HUB, json!({})).await;
    let mut portal = world.martin.subscribe(HUB, json!({})).await;
    let mut neighbour = world.durand.subscribe(HUB, json!({})).await;
    let mut stranger = world.stranger.subscribe(HUB, json!({})).await;
    // The hub ignores events that are not about requests.
    world.martin.uploads(&world.martin_id, "ASSETS", "logo.txt", "logo").await;
    let id = submit(&world.martin, &world.martin_id, "Brief").await;
    for stream in [&mut hub, &mut paris, &mut portal] {
        let event = stream.next().await["validationHub"].clone();
        let expected = json!({
            "cursor": event["cursor"], "type": "VALIDATION_SUBMITTED", "occurredAt": event["occurredAt"],
            "actor": { "displayName": "martin", "kind": "CLIENT" }, "validationRequestId": id,
            "validationRequest": { "title": "Brief", "status": "PENDING" },
        });
        assert_eq!(event, expected);
    }
    world.manager.does("approveValidationRequest", json!({ "id": id }), "").await;
    for stream in [&mut hub, &mut paris, &mut portal] {
        let event = stream.next().await["validationHub"].clone();
        assert_eq!(
            (&event["type"], &event["actor"]["displayName"]),
            (&json!("VALIDATION_APPROVED"), &json!("manager"))
        );
        assert_eq!(event["validationRequest"]["status"], "APPROVED");
    }
    assert!(neighbour.silent().await);
    assert!(stranger.silent().await);
}

#[tokio::test]
async fn a_subscriber_resumes_from_its_cursor() {
    let world = World::new().await;
    let mut hub = world.operator.subscribe(HUB, json!({})).await;
    let first = submit(&world.martin, &world.martin_id, "Un").await;
    let cursor = hub.next().await["validationHub"]["cursor"].clone();
    drop(hub);
    world.operator.does("requestChanges", json!({ "id": first, "reason": "…" }), "").await;
    world.operator.does("updateClient", json!({ "id": world.martin_id, "name": "Martin fils" }), "").await;
    world.martin.does("resubmitValidationRequest", json!({ "id": first }), "").await;
    let mut hub = world.operator.subscribe(HUB, json!({ "after": cursor })).await;
    let live = submit(&world.martin, &world.martin_id, "Deux").await;
    let mut events = Vec::new();
    for _ in 0..3 {
        let event = hub.next().await["validationHub"].clone();
        events.push((event["type"].as_str().unwrap().to_owned(), event["validationRequestId"].clone()));
    }
    let expected = [
        ("VALIDATION_CHANGES_REQUESTED".to_owned(), json!(first)),
        ("VALIDATION_RESUBMITTED".to_owned(), json!(first)),
        ("VALIDATION_SUBMITTED".to_owned(), json!(live)),
    ];
    assert_eq!(events, expected);
    assert!(hub.silent().await);
}

#[tokio::test]
async fn a_client_gets_an_event_when_an_internal_request_is_shared() {
    let world = World::new().await;
    let mut portal = world.martin.subscribe(HUB, json!({})).await;
    let mut floor = world.staff.subscribe(HUB, json!({})).await;
    let id = submit(&world.operator, &world.martin_id, "Livrable").await;
    let assignee = member(&world.operator, "operator").await;
    world.operator.does("assignValidationRequest", json!({ "id": id, "assigneeId": assignee }), "").await;
    assert_eq!(floor.next().await["validationHub"]["type"], "VALIDATION_SUBMITTED");
    assert_eq!(floor.next().await["validationHub"]["type"], "VALIDATION_ASSIGNED");
    assert!(portal.silent().await);
    world.operator.does("shareValidationRequest", json!({ "id": id }), "").await;
    let event = portal.next().await["validationHub"].clone();
    assert_eq!((&event["type"], &event["validationRequestId"]), (&json!("VALIDATION_SHARED"), &json!(id)));
    assert_eq!(event["validationRequest"]["title"], "Livrable");
    assert!(portal.silent().await);
}

#[tokio::test]
async fn a_request_of_a_moved_dossier_sends_no_events() {
    let world = World::new().await;
    let id = submit(&world.martin, &world.martin_id, "Brief").await;
    let mut paris = world.manager.subscribe(HUB, json!({})).await;
    let mut hub = world.operator.subscribe(HUB, json!({})).await;
    let lyon = dossier_core::id::encode("site", world.lyon);
    world.operator.does("updateClient", json!({ "id": world.martin_id, "siteId": lyon }), "").await;
    world.operator.does("approveValidationRequest", json!({ "id": id }), "").await;
    assert_eq!(hub.next().await["validationHub"]["type"], "VALIDATION_APPROVED");
    // The old site gets nothing about the request. The move is an event of the dossier.
    assert!(paris.silent().await);
}

#[tokio::test]
async fn anonymous_subscriptions_are_refused() {
    let world = World::new().await;
    let message = world.anonymous.subscribe(HUB, json!({})).await.message().await;
    assert!(message.to_string().contains("UNAUTHENTICATED"), "{message:#}");
}
