//! The story of a document that a client sends, in eight steps, with the view of each person at each step.

use crate::support::{Actor, Value, World, json, socket::Stream};

const EVENTS: &str = "subscription { dossierEvents { type subjectId actor { displayName } } }";
const HUB: &str = "subscription { validationHub { type validationRequest { title status } actor { displayName } } }";
const DOSSIER: &str = "query($id: ID!) { client(id: $id) {
    documents(first: 50, orderBy: CREATED_AT_ASC) { nodes { name status visible } }
    validationRequests(first: 50) { nodes { status } }
    invoices(first: 50) { nodes { number status } }
} }";

/// Returns what each person sees of the dossier: documents, requests, invoices.
async fn views(world: &World) -> Value {
    let mut views = serde_json::Map::new();
    for (name, actor) in world.actors() {
        let answer = actor.send(DOSSIER, json!({ "id": world.martin_id })).await;
        let client = &answer["data"]["client"];
        let view = if client.is_null() {
            json!(null)
        } else {
            let list = |field: &str, value: &str| {
                let nodes = client[field]["nodes"].as_array().unwrap().iter();
                nodes.map(|node| node[value].clone()).collect::<Vec<_>>()
            };
            json!([list("documents", "name"), list("validationRequests", "status"), list("invoices", "status")])
        };
        views.insert(name.to_owned(), view);
    }
    Value::Object(views)
}

/// Returns the expected views: of the agency at the dossier's site, of its client, and of all others, who see nothing.
fn seen(agency: &Value, staff: &Value, client: &Value) -> Value {
    json!({
        "owner": agency, "operator": agency, "manager": agency, "staff": staff, "martin": client,
        "durand": null, "stranger": null, "anonymous": null,
    })
}

async fn next(stream: &mut Stream, field: &str) -> Value {
    stream.next().await[field].clone()
}

async fn id(actor: &Actor, mutation: &str, input: Value, object: &str) -> String {
    let payload = actor.does(mutation, input, &format!("{object} {{ id }}")).await;
    payload[object]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_story() {
    let world = World::new().await;
    let World { operator, manager, martin, .. } = &world;
    let mut hub = operator.subscribe(EVENTS, json!({})).await;
    let mut requests = manager.subscribe(HUB, json!({})).await;
    let mut portal = martin.subscribe(EVENTS, json!({})).await;
    let mut neighbour = world.durand.subscribe(EVENTS, json!({})).await;
    assert_eq!(views(&world).await, seen(&json!([[], [], []]), &json!([[], [], []]), &json!([[], [], []])));

    // 1. The client asks for an upload, and gets only an allowed one.
    let refused = martin.request_upload(&world.martin_id, "PRIVATE", "brief.txt", b"le brief").await;
    assert_eq!(refused["userErrors"][0]["code"], "FORBIDDEN");
    let upload = martin.request_upload(&world.martin_id, "DOCUMENTS", "brief.txt", b"le brief").await;
    assert_eq!(upload["version"]["status"], "PENDING");
    // 2. The bytes go directly to the object store.
    martin.send_parts(&upload, b"le brief").await;
    // 3. The server verifies them. The document is now READY and visible.
    let brief = id(martin, "completeUpload", json!({ "versionId": upload["version"]["id"] }), "document").await;
    let all = json!([["brief.txt"], [], []]);
    assert_eq!(views(&world).await, seen(&all, &all, &all));
    // 4. The open hub and the client's other device show it at once.
    for stream in [&mut hub, &mut portal] {
        assert_eq!(next(stream, "dossierEvents").await["type"], "DOCUMENT_UPLOAD_REQUESTED");
        let event = next(stream, "dossierEvents").await;
        let expected = json!({ "type": "DOCUMENT_UPLOADED", "subjectId": brief, "actor": { "displayName": "martin" } });
        assert_eq!(event, expected);
    }

    // 5. The operator uploads the deliverable, which is hidden.
    let deliverable = operator.uploads(&world.martin_id, "DOCUMENTS", "livrable.txt", "le livrable").await;
    let agency = json!([["brief.txt", "livrable.txt"], [], []]);
    assert_eq!(views(&world).await, seen(&agency, &agency, &all));
    // 6. It waits in the hub until the member in charge approves it. Every open hub shows this at once.
    let query = "query($id: ID!) { node(id: $id) { ... on Document { latestVersion { id } } } }";
    let version = operator.query(query, json!({ "id": deliverable })).await["node"]["latestVersion"]["id"].clone();
    let input = json!({ "clientId": world.martin_id, "title": "Livrable v1", "documentVersionId": version });
    let request = id(operator, "submitValidationRequest", input, "validationRequest").await;
    let agency = json!([["brief.txt", "livrable.txt"], ["PENDING"], []]);
    assert_eq!(views(&world).await, seen(&agency, &agency, &all));
    manager.does("approveValidationRequest", json!({ "id": request }), "").await;
    assert_eq!(next(&mut requests, "validationHub").await["type"], "VALIDATION_SUBMITTED");
    let approved = next(&mut requests, "validationHub").await;
    let expected = json!({
        "type": "VALIDATION_APPROVED", "actor": { "displayName": "manager" },
        "validationRequest": { "title": "Livrable v1", "status": "APPROVED" },
    });
    assert_eq!(approved, expected);
    let agency = json!([["brief.txt", "livrable.txt"], ["APPROVED"], []]);
    assert_eq!(views(&world).await, seen(&agency, &agency, &all));

    // 7. The operator publishes it. The portal shows it at once, and the file can be downloaded.
    operator.does("publishDocument", json!({ "id": deliverable }), "").await;
    let event = next(&mut portal, "dossierEvents").await;
    assert_eq!((&event["type"], &event["subjectId"]), (&json!("DOCUMENT_PUBLISHED"), &json!(deliverable)));
    let all = json!([["brief.txt", "livrable.txt"], [], []]);
    assert_eq!(views(&world).await, seen(&agency, &agency, &all));
    let query = "query($id: ID!) { node(id: $id) { ... on Document { publishedVersion { download { url } } } } }";
    let link =
        martin.query(query, json!({ "id": deliverable })).await["node"]["publishedVersion"]["download"]["url"].clone();
    assert_eq!(martin.fetch(link.as_str().unwrap()).await.text().await.unwrap(), "le livrable");

    // 8. The invoice is issued from the accepted quote. A payment settles it.
    let sold = json!({ "description": "Site", "quantity": "2", "unitPrice": "500.00", "vatRate": "20" });
    let draft = json!({ "clientId": world.martin_id, "title": "Site vitrine", "lines": [sold] });
    let quote = id(operator, "createQuote", draft, "quote").await;
    assert_eq!(martin.refused("acceptQuote", json!({ "id": quote })).await, "NOT_FOUND id");
    operator.does("issueQuote", json!({ "id": quote }), "").await;
    martin.does("acceptQuote", json!({ "id": quote }), "").await;
    let invoice = id(operator, "convertQuoteToInvoice", json!({ "id": quote }), "invoice").await;
    let of = |documents: &Value, request: Value, invoice: Value| json!([documents[0], request, invoice]);
    let with_invoice = |request: &str, status: &str| of(&all, json!([request]), json!([status]));
    let staff = of(&all, json!(["APPROVED"]), json!([]));
    assert_eq!(views(&world).await, seen(&with_invoice("APPROVED", "DRAFT"), &staff, &all));
    operator.does("issueInvoice", json!({ "id": invoice }), "").await;
    let client = of(&all, json!([]), json!(["ISSUED"]));
    assert_eq!(views(&world).await, seen(&with_invoice("APPROVED", "ISSUED"), &staff, &client));
    let pay = json!({ "invoiceId": invoice, "amount": "1200.00", "method": "TRANSFER" });
    operator.does("recordPayment", pay, "").await;
    let client = of(&all, json!([]), json!(["PAID"]));
    assert_eq!(views(&world).await, seen(&with_invoice("APPROVED", "PAID"), &staff, &client));
    let events: Vec<_> = [
        next(&mut portal, "dossierEvents").await,
        next(&mut portal, "dossierEvents").await,
        next(&mut portal, "dossierEvents").await,
        next(&mut portal, "dossierEvents").await,
    ]
    .iter()
    .map(|event| event["type"].as_str().unwrap().to_owned())
    .collect();
    assert_eq!(events, ["QUOTE_ISSUED", "QUOTE_ACCEPTED", "INVOICE_ISSUED", "PAYMENT_RECORDED"]);
    assert!(neighbour.silent().await, "the neighbour heard nothing of it all");
}
