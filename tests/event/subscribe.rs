use crate::support::{World, json};

const EVENTS: &str = "subscription($client: ID, $after: String) {
    dossierEvents(clientId: $client, after: $after) {
        cursor type subjectId actor { displayName kind } client { name } subject { __typename ... on Document { name } }
    }
}";

#[tokio::test]
async fn a_document_from_a_client_appears_in_an_open_hub_at_once() {
    let world = World::new().await;
    let mut hub = world.operator.subscribe(EVENTS, json!({})).await;
    let mut neighbour = world.durand.subscribe(EVENTS, json!({})).await;
    let mut stranger = world.stranger.subscribe(EVENTS, json!({})).await;
    let id = world.martin.uploads(&world.martin_id, "ASSETS", "logo.txt", "le logo").await;
    assert_eq!(hub.next().await["dossierEvents"]["type"], "DOCUMENT_UPLOAD_REQUESTED");
    let event = hub.next().await["dossierEvents"].clone();
    assert_eq!(event["type"], "DOCUMENT_UPLOADED");
    assert_eq!(event["subjectId"], id);
    assert_eq!(event["actor"], json!({ "displayName": "martin", "kind": "CLIENT" }));
    assert_eq!(event["client"]["name"], "Martin");
    assert_eq!(event["subject"], json!({ "__typename": "Document", "name": "logo.txt" }));
    assert!(neighbour.silent().await);
    assert!(stranger.silent().await);
}

#[tokio::test]
async fn a_subscriber_resumes_from_its_cursor() {
    let world = World::new().await;
    let start = world.operator.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].clone();
    for name in ["a.txt", "b.txt", "c.txt"] {
        world.operator.uploads(&world.martin_id, "DOCUMENTS", name, name).await;
    }
    let mut hub = world.operator.subscribe(EVENTS, json!({ "after": start })).await;
    let mut types = Vec::new();
    let mut middle = json!(null);
    for step in 0..6 {
        let event = hub.next().await["dossierEvents"].clone();
        types.push(event["subject"]["name"].as_str().unwrap().to_owned());
        if step == 3 {
            middle = event["cursor"].clone();
        }
    }
    assert_eq!(types, ["a.txt", "a.txt", "b.txt", "b.txt", "c.txt", "c.txt"]);
    assert!(hub.silent().await);
    let mut again = world.operator.subscribe(EVENTS, json!({ "after": middle })).await;
    assert_eq!(again.next().await["dossierEvents"]["subject"]["name"], "c.txt");
    assert_eq!(again.next().await["dossierEvents"]["type"], "DOCUMENT_UPLOADED");
    assert!(again.silent().await);
}

#[tokio::test]
async fn a_removal_is_delivered_once_and_contains_only_the_id() {
    let world = World::new().await;
    let id = world.operator.uploads(&world.martin_id, "DOCUMENTS", "livrable.txt", "v1").await;
    let mut portal = world.martin.subscribe(EVENTS, json!({})).await;
    world.operator.does("renameDocument", json!({ "id": id, "name": "secret.txt" }), "").await;
    assert!(portal.silent().await);
    world.operator.does("publishDocument", json!({ "id": id }), "").await;
    assert_eq!(portal.next().await["dossierEvents"]["type"], "DOCUMENT_PUBLISHED");
    world.operator.does("unpublishDocument", json!({ "id": id }), "").await;
    let event = portal.next().await["dossierEvents"].clone();
    let expected = json!({ "cursor": event["cursor"], "type": "REMOVED", "subjectId": id, "actor": null, "client": null, "subject": null });
    assert_eq!(event, expected);
    world.operator.does("renameDocument", json!({ "id": id, "name": "encore.txt" }), "").await;
    world.operator.does("deleteDocument", json!({ "id": id }), "").await;
    assert!(portal.silent().await);
}

#[tokio::test]
async fn a_moved_dossier_is_removed_for_its_old_site() {
    let world = World::new().await;
    let mut paris = world.manager.subscribe(EVENTS, json!({})).await;
    let lyon = dossier_core::id::encode("site", world.lyon);
    world.operator.does("updateClient", json!({ "id": world.martin_id, "siteId": lyon }), "").await;
    let event = paris.next().await["dossierEvents"].clone();
    assert_eq!((&event["type"], &event["subjectId"]), (&json!("REMOVED"), &json!(world.martin_id)));
    world.operator.does("updateClient", json!({ "id": world.martin_id, "name": "Ailleurs" }), "").await;
    assert!(paris.silent().await);
}

#[tokio::test]
async fn an_unusable_cursor_gives_a_resync() {
    let world = World::new().await;
    let foreign = world.stranger.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].clone();
    for (name, wrong) in [("Neuf", json!("nonsense")), ("Vieux", foreign)] {
        let mut hub = world.operator.subscribe(EVENTS, json!({ "after": wrong })).await;
        let event = hub.next().await["dossierEvents"].clone();
        assert_eq!(event["type"], "RESYNC_REQUIRED");
        let mut again = world.operator.subscribe(EVENTS, json!({ "after": event["cursor"] })).await;
        world.operator.does("updateClient", json!({ "id": world.martin_id, "name": name }), "").await;
        assert_eq!(again.next().await["dossierEvents"]["type"], "CLIENT_UPDATED");
    }
}

#[tokio::test]
async fn anonymous_subscriptions_are_refused() {
    let world = World::new().await;
    let mut stream = world.anonymous.subscribe(EVENTS, json!({})).await;
    let message = stream.message().await;
    assert!(message.to_string().contains("UNAUTHENTICATED"), "{message:#}");
}

#[tokio::test]
async fn clients_get_no_events_about_internal_rows() {
    let world = World::new().await;
    let id = world.martin.uploads(&world.martin_id, "DOCUMENTS", "brief.txt", "v1").await;
    let seen = async || {
        let query = "query($client: ID!, $document: ID!) {
            client(id: $client) { revision updatedAt }
            node(id: $document) { ... on Document { revision updatedAt latestVersion { number } } }
        }";
        world.martin.query(query, json!({ "client": world.martin_id, "document": id })).await
    };
    let before = seen().await;
    let mut portal = world.martin.subscribe(EVENTS, json!({})).await;
    let mut hub = world.operator.subscribe(EVENTS, json!({})).await;
    world.operator.does("updateClient", json!({ "id": world.martin_id, "internalNotes": "difficile" }), "").await;
    let sha256 = crate::support::actors::sha256(b"v2");
    let input = json!({ "documentId": id, "contentType": "text/plain", "size": 2, "sha256": sha256 });
    let parts = "version { id } parts { url headers { name value } offset size }";
    let upload = world.operator.does("requestUpload", input, parts).await;
    world.operator.send_parts(&upload, b"v2").await;
    world.operator.does("completeUpload", json!({ "versionId": upload["version"]["id"] }), "").await;
    for expected in ["CLIENT_UPDATED", "DOCUMENT_UPLOAD_REQUESTED", "DOCUMENT_UPLOADED"] {
        assert_eq!(hub.next().await["dossierEvents"]["type"], expected);
    }
    assert!(portal.silent().await);
    assert_eq!(seen().await, before);
    world.operator.does("publishDocument", json!({ "id": id }), "").await;
    assert_eq!(portal.next().await["dossierEvents"]["type"], "DOCUMENT_PUBLISHED");
}
