use crate::support::{Actor, Value, World, json};

pub async fn submit(actor: &Actor, client: &str, title: &str) -> String {
    let input = json!({ "clientId": client, "title": title });
    let done = actor.does("submitValidationRequest", input, "validationRequest { id }").await;
    done["validationRequest"]["id"].as_str().unwrap().to_owned()
}

pub async fn version(actor: &Actor, document: &str) -> Value {
    let query = "query($id: ID!) { node(id: $id) { ... on Document { latestVersion { id } } } }";
    actor.query(query, json!({ "id": document })).await["node"]["latestVersion"]["id"].clone()
}

const REQUEST: &str = "validationRequest {
    title description status internal submittedBy { displayName } documentVersion { document { name } }
    decisionReason decidedAt revision client { name }
    history { nodes { action reason actor { displayName kind } documentVersion { number } } }
}";

#[tokio::test]
async fn clients_submit_shared_requests_and_the_agency_internal_ones() {
    let world = World::new().await;
    let document = world.martin.uploads(&world.martin_id, "DOCUMENTS", "brief.txt", "brief").await;
    let input = json!({
        "clientId": world.martin_id, "title": " Le brief ", "description": "Tout y est ?",
        "documentVersionId": version(&world.martin, &document).await,
    });
    let done = world.martin.does("submitValidationRequest", input, REQUEST).await["validationRequest"].clone();
    let expected = json!({
        "title": "Le brief", "description": "Tout y est ?", "status": "PENDING", "internal": false,
        "submittedBy": { "displayName": "martin" }, "documentVersion": { "document": { "name": "brief.txt" } },
        "decisionReason": null, "decidedAt": null, "revision": 1, "client": { "name": "Martin" },
        "history": { "nodes": [{
            "action": "SUBMITTED", "reason": null, "actor": { "displayName": "martin", "kind": "CLIENT" },
            "documentVersion": { "number": 1 },
        }] },
    });
    assert_eq!(done, expected);
    for actor in [&world.owner, &world.operator, &world.manager, &world.staff] {
        let input = json!({ "clientId": world.martin_id, "title": "Livrable" });
        let done = actor.does("submitValidationRequest", input, "validationRequest { internal }").await;
        assert_eq!(done["validationRequest"]["internal"], true, "{}", actor.name);
    }
}

#[tokio::test]
async fn people_submit_only_in_dossiers_that_they_see() {
    let world = World::new().await;
    let own = world.durand.uploads(&world.durand_id, "DOCUMENTS", "d.txt", "d").await;
    let theirs = world.martin.uploads(&world.martin_id, "DOCUMENTS", "m.txt", "m").await;
    let hidden = world.operator.uploads(&world.martin_id, "DOCUMENTS", "h.txt", "h").await;
    let request =
        |client: &str, version: &Value| json!({ "clientId": client, "title": "T", "documentVersionId": version });
    let own = version(&world.durand, &own).await;
    let hidden = version(&world.operator, &hidden).await;
    let theirs = version(&world.martin, &theirs).await;
    let refused = async |actor: &Actor, input| actor.refused("submitValidationRequest", input).await;
    assert_eq!(refused(&world.durand, request(&world.martin_id, &json!(null))).await, "NOT_FOUND clientId");
    assert_eq!(refused(&world.durand, request(&world.martin_id, &own)).await, "NOT_FOUND clientId");
    assert_eq!(refused(&world.durand, request(&world.durand_id, &theirs)).await, "NOT_FOUND documentVersionId");
    assert_eq!(refused(&world.martin, request(&world.martin_id, &hidden)).await, "NOT_FOUND documentVersionId");
    assert_eq!(refused(&world.stranger, request(&world.martin_id, &theirs)).await, "NOT_FOUND documentVersionId");
    assert_eq!(refused(&world.operator, request(&world.martin_id, &own)).await, "INVALID documentVersionId");
    assert_eq!(refused(&world.staff, request(&world.durand_id, &json!(null))).await, "NOT_FOUND clientId");
}

#[tokio::test]
async fn bad_values_are_named() {
    let world = World::new().await;
    let refused = async |input| world.martin.refused("submitValidationRequest", input).await;
    let id = &world.martin_id;
    assert_eq!(refused(json!({ "clientId": id, "title": " " })).await, "INVALID title");
    let long = "x".repeat(10_001);
    assert_eq!(refused(json!({ "clientId": id, "title": "T", "description": long })).await, "INVALID description");
    let upload = world.martin.request_upload(id, "DOCUMENTS", "brief.txt", b"brief").await;
    let input = json!({ "clientId": id, "title": "T", "documentVersionId": upload["version"]["id"] });
    assert_eq!(refused(input).await, "CONFLICT");
}

#[tokio::test]
async fn an_archived_dossier_only_allows_withdrawals() {
    let world = World::new().await;
    let id = submit(&world.martin, &world.martin_id, "Brief").await;
    world.operator.does("archiveClient", json!({ "id": world.martin_id }), "").await;
    let new = json!({ "clientId": world.martin_id, "title": "Encore" });
    assert_eq!(world.martin.refused("submitValidationRequest", new).await, "CONFLICT");
    for step in ["approveValidationRequest", "assignValidationRequest", "shareValidationRequest"] {
        assert_eq!(world.operator.refused(step, json!({ "id": id })).await, "CONFLICT", "{step}");
    }
    world.martin.does("cancelValidationRequest", json!({ "id": id }), "").await;
}

#[tokio::test]
async fn changes_are_requested_made_and_approved() {
    let world = World::new().await;
    let first = world.martin.uploads(&world.martin_id, "DOCUMENTS", "v1.txt", "v1").await;
    let second = world.martin.uploads(&world.martin_id, "DOCUMENTS", "v2.txt", "v2").await;
    let input = json!({
        "clientId": world.martin_id, "title": "Brief", "documentVersionId": version(&world.martin, &first).await,
    });
    let done = world.martin.does("submitValidationRequest", input, "validationRequest { id }").await;
    let id = done["validationRequest"]["id"].clone();
    let early = json!({ "id": id });
    assert_eq!(world.martin.refused("resubmitValidationRequest", early).await, "CONFLICT");
    let input = json!({ "id": id, "reason": "Le budget manque", "internalNote": "à surveiller" });
    let sent_back = "validationRequest { status decisionReason decidedAt internalNote }";
    let sent_back = world.manager.does("requestChanges", input, sent_back).await["validationRequest"].clone();
    let expected = json!({
        "status": "CHANGES_REQUESTED", "decisionReason": "Le budget manque", "decidedAt": null,
        "internalNote": "à surveiller",
    });
    assert_eq!(sent_back, expected);
    assert_eq!(world.operator.refused("approveValidationRequest", json!({ "id": id })).await, "CONFLICT");
    let foreign = world.durand.uploads(&world.durand_id, "DOCUMENTS", "d.txt", "d").await;
    let foreign = version(&world.operator, &foreign).await;
    let input = json!({ "id": id, "documentVersionId": foreign });
    assert_eq!(world.martin.refused("resubmitValidationRequest", input.clone()).await, "NOT_FOUND documentVersionId");
    assert_eq!(world.operator.refused("resubmitValidationRequest", input).await, "INVALID documentVersionId");
    let input = json!({ "id": id, "documentVersionId": version(&world.martin, &second).await, "expectedRevision": 2 });
    let again = world.martin.does("resubmitValidationRequest", input, REQUEST).await["validationRequest"].clone();
    assert_eq!((&again["status"], &again["decisionReason"]), (&json!("PENDING"), &json!(null)));
    assert_eq!(again["documentVersion"]["document"]["name"], "v2.txt");
    let input = json!({ "id": id, "reason": "Parfait" });
    let approved = world.operator.does("approveValidationRequest", input, REQUEST).await["validationRequest"].clone();
    assert_eq!((&approved["status"], &approved["revision"]), (&json!("APPROVED"), &json!(4)));
    assert!(approved["decidedAt"].is_string());
    let steps: Vec<_> = approved["history"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| {
            (step["action"].as_str().unwrap(), step["reason"].as_str(), step["actor"]["displayName"].as_str().unwrap())
        })
        .collect();
    let expected = [
        ("SUBMITTED", None, "martin"),
        ("CHANGES_REQUESTED", Some("Le budget manque"), "manager"),
        ("RESUBMITTED", None, "martin"),
        ("APPROVED", Some("Parfait"), "operator"),
    ];
    assert_eq!(steps, expected);
}
