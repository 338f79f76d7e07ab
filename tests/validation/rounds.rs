//! Rule 14: a decision is about exactly the bytes that were decided on.

use super::submit::{submit, version};
use crate::support::{Actor, Value, World, actors::sha256, json};

const REQUEST: &str = "query($id: ID!) { node(id: $id) { ... on ValidationRequest {
    status revision documentVersions { number sha256 document { name } } previous { id status }
    history(first: 100) { nodes { action actor { displayName } documentVersions { number sha256 } quoteRevision } }
} } }";

async fn read(actor: &Actor, id: &str) -> Value {
    actor.query(REQUEST, json!({ "id": id })).await["node"].clone()
}

async fn submit_about(actor: &Actor, client: &str, documents: &[&String]) -> String {
    let mut versions = Vec::new();
    for document in documents {
        versions.push(version(actor, document).await);
    }
    let input = json!({ "clientId": client, "title": "Livrables", "documentVersionIds": versions });
    let done = actor.does("submitValidationRequest", input, "validationRequest { id }").await;
    done["validationRequest"]["id"].as_str().unwrap().to_owned()
}

/// Uploads a further version of a document.
async fn upload_version(actor: &Actor, document: &str, text: &str) {
    let bytes = text.as_bytes();
    let input = json!({
        "documentId": document, "contentType": "text/plain", "size": bytes.len(), "sha256": sha256(bytes),
    });
    let selection = "version { id } parts { number method url headers { name value } offset size }";
    let upload = actor.does("requestUpload", input, selection).await;
    actor.send_parts(&upload, bytes).await;
    actor.does("completeUpload", json!({ "versionId": upload["version"]["id"] }), "").await;
}

/// Waits for the job that follows a new version.
async fn eventually(actor: &Actor, id: &str, is_reached: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..600 {
        let request = read(actor, id).await;
        if is_reached(&request) {
            return request;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{:#}", read(actor, id).await);
}

fn numbers(versions: &Value) -> Vec<i64> {
    versions.as_array().unwrap().iter().map(|version| version["number"].as_i64().unwrap()).collect()
}

async fn approval(actor: &Actor, document: &str) -> (String, Option<i64>) {
    let query = "query($id: ID!) { node(id: $id) { ... on Document { approval approvedVersion { number } } } }";
    let node = actor.query(query, json!({ "id": document })).await["node"].clone();
    (node["approval"].as_str().unwrap().to_owned(), node["approvedVersion"]["number"].as_i64())
}

#[tokio::test]
async fn a_new_version_of_a_pending_request_begins_a_new_round() {
    let world = World::new().await;
    let _jobs = world.app.run_jobs();
    let brief = world.operator.uploads(&world.martin_id, "DOCUMENTS", "brief.txt", "brief").await;
    let plan = world.operator.uploads(&world.martin_id, "DOCUMENTS", "plan.txt", "plan").await;
    let id = submit_about(&world.operator, &world.martin_id, &[&brief, &plan]).await;
    assert_eq!(numbers(&read(&world.operator, &id).await["documentVersions"]), [1, 1]);
    upload_version(&world.manager, &plan, "plan 2").await;
    let request = eventually(&world.operator, &id, |request| request["revision"] == 2).await;
    assert_eq!(request["status"], "PENDING");
    let versions = json!([
        { "number": 1, "sha256": sha256(b"brief"), "document": { "name": "brief.txt" } },
        { "number": 2, "sha256": sha256(b"plan 2"), "document": { "name": "plan.txt" } },
    ]);
    assert_eq!(request["documentVersions"], versions);
    let steps = request["history"]["nodes"].as_array().unwrap();
    assert_eq!(
        (&steps[1]["action"], &steps[1]["actor"]["displayName"]),
        (&json!("VERSION_REPLACED"), &json!("manager"))
    );
    assert_eq!(
        (numbers(&steps[0]["documentVersions"]), numbers(&steps[1]["documentVersions"])),
        (vec![1, 1], vec![1, 2])
    );
    // Somebody who has read the first round decides nothing about the second.
    let stale = json!({ "id": id, "expectedRevision": 1 });
    assert_eq!(world.operator.refused("approveValidationRequest", stale).await, "CONFLICT");
}

#[tokio::test]
async fn a_new_version_after_a_decision_begins_a_new_request() {
    let world = World::new().await;
    let _jobs = world.app.run_jobs();
    let mut hub = world.owner.subscribe("subscription { validationHub { type validationRequestId } }", json!({})).await;
    let plan = world.operator.uploads(&world.martin_id, "DOCUMENTS", "plan.txt", "plan").await;
    assert_eq!(approval(&world.operator, &plan).await, ("NONE".to_owned(), None));
    let old = submit_about(&world.operator, &world.martin_id, &[&plan]).await;
    world.manager.does("approveValidationRequest", json!({ "id": old }), "").await;
    assert_eq!(approval(&world.operator, &plan).await, ("CURRENT".to_owned(), Some(1)));
    let decided = read(&world.operator, &old).await;
    upload_version(&world.operator, &plan, "plan 2").await;
    for _ in ["submitted", "approved"] {
        assert_eq!(hub.next().await["validationHub"]["validationRequestId"], old.as_str());
    }
    let event = hub.next().await["validationHub"].clone();
    assert_eq!(event["type"], "VALIDATION_SUBMITTED");
    let new = event["validationRequestId"].as_str().unwrap();
    let request = read(&world.operator, new).await;
    assert_eq!((&request["status"], numbers(&request["documentVersions"])), (&json!("PENDING"), vec![2]));
    assert_eq!(request["previous"], json!({ "id": old, "status": "APPROVED" }));
    assert_eq!(read(&world.operator, &old).await, decided);
    assert_eq!(approval(&world.operator, &plan).await, ("OUTDATED".to_owned(), Some(1)));
    // The request that is open now follows the next version. There is no third request.
    upload_version(&world.operator, &plan, "plan 3").await;
    let request = eventually(&world.operator, new, |request| request["revision"] == 2).await;
    assert_eq!(numbers(&request["documentVersions"]), [3]);
    world.manager.does("approveValidationRequest", json!({ "id": new }), "").await;
    assert_eq!(approval(&world.operator, &plan).await, ("CURRENT".to_owned(), Some(3)));
    let about = "query($id: ID!) { validationRequests(filter: { documentId: $id }) { totalCount } }";
    let total = world.operator.query(about, json!({ "id": plan })).await["validationRequests"]["totalCount"].clone();
    assert_eq!(total, 2);
}

#[tokio::test]
async fn a_client_who_uploads_learns_nothing_of_internal_requests() {
    let world = World::new().await;
    let _jobs = world.app.run_jobs();
    let logo = world.martin.uploads(&world.martin_id, "ASSETS", "logo.txt", "logo").await;
    let pending = submit_about(&world.operator, &world.martin_id, &[&logo]).await;
    upload_version(&world.martin, &logo, "logo 2").await;
    let request = eventually(&world.operator, &pending, |request| request["revision"] == 2).await;
    assert_eq!(request["history"]["nodes"][1]["actor"]["displayName"], "martin");
    world.operator.does("rejectValidationRequest", json!({ "id": pending, "reason": "flou" }), "").await;
    upload_version(&world.martin, &logo, "logo 3").await;
    let list = "{ validationRequests(filter: { status: [PENDING] }) { nodes { internal submitter { displayName } } } }";
    let expected = json!([{ "internal": true, "submitter": { "displayName": "martin" } }]);
    for _ in 0..600 {
        if world.operator.query(list, json!({})).await["validationRequests"]["nodes"] == expected {
            let all = "{ validationRequests { totalCount } }";
            assert_eq!(world.martin.query(all, json!({})).await["validationRequests"]["totalCount"], 0);
            assert_eq!(approval(&world.martin, &logo).await, ("NONE".to_owned(), None));
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{:#}", world.operator.query(list, json!({})).await);
}

#[tokio::test]
async fn a_restored_version_is_a_new_version() {
    let world = World::new().await;
    let _jobs = world.app.run_jobs();
    let plan = world.operator.uploads(&world.martin_id, "DOCUMENTS", "plan.txt", "plan").await;
    let first = version(&world.operator, &plan).await;
    upload_version(&world.operator, &plan, "plan 2").await;
    let id = submit_about(&world.operator, &world.martin_id, &[&plan]).await;
    world.operator.does("restoreDocumentVersion", json!({ "versionId": first }), "").await;
    let request = eventually(&world.operator, &id, |request| request["revision"] == 2).await;
    assert_eq!(numbers(&request["documentVersions"]), [3]);
    world.manager.does("approveValidationRequest", json!({ "id": id }), "").await;
    // The same bytes are approved, whichever version has them.
    world.operator.does("restoreDocumentVersion", json!({ "versionId": first }), "").await;
    assert_eq!(approval(&world.operator, &plan).await.0, "CURRENT");
}

/// The agency works on a new version that the client does not see yet. The shared request tells nothing of it.
#[tokio::test]
async fn a_shared_request_follows_a_version_when_it_is_published() {
    let world = World::new().await;
    let _jobs = world.app.run_jobs();
    let brief = world.martin.uploads(&world.martin_id, "DOCUMENTS", "brief.txt", "brief").await;
    let id = submit_about(&world.martin, &world.martin_id, &[&brief]).await;
    let before = read(&world.martin, &id).await;
    upload_version(&world.operator, &brief, "brief 2").await;
    // The job of this version runs after that of the other one.
    let plan = world.operator.uploads(&world.martin_id, "DOCUMENTS", "plan.txt", "plan").await;
    let internal = submit_about(&world.operator, &world.martin_id, &[&plan]).await;
    upload_version(&world.operator, &plan, "plan 2").await;
    eventually(&world.operator, &internal, |request| request["revision"] == 2).await;
    assert_eq!(read(&world.martin, &id).await, before);
    world.operator.does("publishDocument", json!({ "id": brief }), "").await;
    let request = eventually(&world.martin, &id, |request| request["revision"] == 2).await;
    assert_eq!(numbers(&request["documentVersions"]), [2]);
}

#[tokio::test]
async fn clients_learn_of_no_approval_of_a_hidden_version() {
    let world = World::new().await;
    let brief = world.martin.uploads(&world.martin_id, "DOCUMENTS", "brief.txt", "brief").await;
    upload_version(&world.operator, &brief, "brief 2").await;
    let id = submit_about(&world.operator, &world.martin_id, &[&brief]).await;
    world.operator.does("approveValidationRequest", json!({ "id": id }), "").await;
    world.operator.does("shareValidationRequest", json!({ "id": id }), "").await;
    assert_eq!(approval(&world.operator, &brief).await, ("CURRENT".to_owned(), Some(2)));
    assert_eq!(approval(&world.martin, &brief).await, ("NONE".to_owned(), None));
}

#[tokio::test]
async fn four_eyes_are_not_those_of_the_uploader() {
    let world = World::new().await;
    let _jobs = world.app.run_jobs();
    world.owner.does("updateOrganization", json!({ "fourEyes": true }), "").await;
    let plan = world.operator.uploads(&world.martin_id, "DOCUMENTS", "plan.txt", "plan").await;
    let id = submit_about(&world.operator, &world.martin_id, &[&plan]).await;
    upload_version(&world.manager, &plan, "plan 2").await;
    eventually(&world.operator, &id, |request| request["revision"] == 2).await;
    assert_eq!(world.manager.refused("approveValidationRequest", json!({ "id": id })).await, "FORBIDDEN");
    world.owner.does("approveValidationRequest", json!({ "id": id }), "").await;
}

#[tokio::test]
async fn versions_are_named_once_and_in_bounds() {
    let world = World::new().await;
    let plan = world.operator.uploads(&world.martin_id, "DOCUMENTS", "plan.txt", "plan").await;
    let first = version(&world.operator, &plan).await;
    upload_version(&world.operator, &plan, "plan 2").await;
    let second = version(&world.operator, &plan).await;
    let refused = async |versions: Value| {
        let input = json!({ "clientId": world.martin_id, "title": "T", "documentVersionIds": versions });
        world.operator.refused("submitValidationRequest", input).await
    };
    assert_eq!(refused(json!([first, first])).await, "INVALID documentVersionIds");
    assert_eq!(refused(json!([first, second])).await, "INVALID documentVersionIds");
    assert_eq!(refused(json!(vec![first.clone(); 21])).await, "INVALID documentVersionIds");
    let foreign = world.operator.uploads(&world.durand_id, "DOCUMENTS", "d.txt", "d").await;
    assert_eq!(refused(json!([version(&world.operator, &foreign).await])).await, "INVALID documentVersionIds");
}

#[tokio::test]
async fn a_request_is_about_a_quote_or_a_message() {
    let world = World::new().await;
    let lines = json!([{ "description": "Logo", "quantity": "1", "unitPrice": "100.00", "vatRate": "20" }]);
    let draft = json!({ "clientId": world.martin_id, "title": "Devis", "lines": lines });
    let quote = world.operator.does("createQuote", draft, "quote { id revision }").await["quote"].clone();
    let about = "validationRequest { id quote { title } message { body } history { nodes { quoteRevision } } }";
    let input = json!({ "clientId": world.martin_id, "title": "Devis", "quoteId": quote["id"] });
    assert_eq!(world.staff.refused("submitValidationRequest", input.clone()).await, "NOT_FOUND quoteId");
    assert_eq!(world.martin.refused("submitValidationRequest", input.clone()).await, "NOT_FOUND quoteId");
    let request = world.operator.does("submitValidationRequest", input, about).await["validationRequest"].clone();
    assert_eq!(request["quote"]["title"], "Devis");
    world.operator.does("updateQuote", json!({ "id": quote["id"], "title": "Devis modifié" }), "").await;
    let request = world.manager.does("approveValidationRequest", json!({ "id": request["id"] }), about).await;
    let revisions = json!([{ "quoteRevision": 1 }, { "quoteRevision": 2 }]);
    assert_eq!(request["validationRequest"]["history"]["nodes"], revisions);
    let id = request["validationRequest"]["id"].as_str().unwrap();
    world.operator.does("shareValidationRequest", json!({ "id": id }), "").await;
    // A draft stays unknown to those who do not see it.
    for actor in [&world.martin, &world.staff] {
        let steps = read(actor, id).await["history"]["nodes"].clone();
        assert!(steps.as_array().unwrap().iter().all(|step| step["quoteRevision"].is_null()), "{}", actor.name);
    }
    let thread = json!({ "clientId": world.martin_id, "subject": "Texte" });
    let thread = world.martin.does("startConversation", thread, "conversation { id }").await["conversation"].clone();
    let post = json!({ "conversationId": thread["id"], "body": "Bonjour" });
    let message = world.martin.does("postMessage", post, "message { id }").await["message"].clone();
    let input = json!({ "clientId": world.martin_id, "title": "Texte", "messageId": message["id"] });
    let elsewhere = json!({ "clientId": world.durand_id, "title": "Texte", "messageId": message["id"] });
    assert_eq!(world.durand.refused("submitValidationRequest", elsewhere.clone()).await, "NOT_FOUND messageId");
    assert_eq!(world.operator.refused("submitValidationRequest", elsewhere).await, "INVALID messageId");
    let request = world.operator.does("submitValidationRequest", input, about).await["validationRequest"].clone();
    assert_eq!(request["message"]["body"], "Bonjour");
    // An internal request does not exist for the client. One that they see stops their changes.
    let edit = |body: &str| json!({ "id": message["id"], "body": body });
    world.martin.does("editMessage", edit("Bonsoir"), "").await;
    world.operator.does("shareValidationRequest", json!({ "id": request["id"] }), "").await;
    assert_eq!(world.martin.refused("editMessage", edit("Bonne nuit")).await, "CONFLICT");
}

#[tokio::test]
async fn due_dates_are_filtered_sorted_and_counted() {
    let world = World::new().await;
    let due = async |actor: &Actor, id: &str, day: Value| {
        let input = json!({ "id": id, "dueOn": day });
        actor.does("setValidationRequestDueDate", input, "validationRequest { dueOn overdue revision }").await
    };
    let late = submit(&world.operator, &world.martin_id, "En retard").await;
    let early = submit(&world.operator, &world.martin_id, "À l’heure").await;
    submit(&world.operator, &world.martin_id, "Sans date").await;
    let set = due(&world.manager, &late, json!("2020-01-31")).await["validationRequest"].clone();
    assert_eq!(set, json!({ "dueOn": "2020-01-31", "overdue": true, "revision": 2 }));
    due(&world.operator, &early, json!("2099-01-31")).await;
    let list = "query($filter: ValidationRequestFilter) {
        validationRequests(filter: $filter, orderBy: DUE_ON_ASC) { nodes { title } }
        validationRequestCounts(filter: $filter) { total pending approved overdue }
    }";
    let read = async |actor: &Actor, filter: Value| {
        let page = actor.query(list, json!({ "filter": filter })).await;
        let titles = page["validationRequests"]["nodes"].as_array().unwrap().iter();
        let titles: Vec<_> = titles.map(|node| node["title"].as_str().unwrap().to_owned()).collect();
        (titles, page["validationRequestCounts"].clone())
    };
    let (titles, counts) = read(&world.operator, json!({})).await;
    assert_eq!(titles, ["En retard", "À l’heure", "Sans date"]);
    assert_eq!(counts, json!({ "total": 3, "pending": 3, "approved": 0, "overdue": 1 }));
    assert_eq!(read(&world.operator, json!({ "overdue": true })).await.0, ["En retard"]);
    assert_eq!(read(&world.operator, json!({ "overdue": false })).await.0, ["À l’heure", "Sans date"]);
    let days = json!({ "dueOn": { "from": "2099-01-01", "to": "2099-12-31" } });
    assert_eq!(read(&world.operator, days).await.0, ["À l’heure"]);
    assert_eq!(read(&world.martin, json!({})).await.1["total"], 0);
    world.operator.does("approveValidationRequest", json!({ "id": late }), "").await;
    let counts = read(&world.operator, json!({})).await.1;
    assert_eq!(counts, json!({ "total": 3, "pending": 2, "approved": 1, "overdue": 0 }));
    let input = json!({ "id": early, "dueOn": null });
    assert_eq!(world.staff.refused("setValidationRequestDueDate", input.clone()).await, "FORBIDDEN");
    assert_eq!(world.martin.refused("setValidationRequestDueDate", input).await, "NOT_FOUND id");
    let new = json!({ "clientId": world.martin_id, "title": "Pressé", "dueOn": "2020-01-31" });
    assert_eq!(world.martin.refused("submitValidationRequest", new.clone()).await, "FORBIDDEN");
    world.operator.does("submitValidationRequest", new, "").await;
}
