//! The author of each action has the same type everywhere.

use crate::support::{
    Actor, Value, World,
    app::Member,
    fixtures::{member, uuid},
    json,
};
use entities::membership::Role;

const ACTOR: &str = "{ memberId displayName kind isViewer }";

/// Lets the person upload, post and submit. Returns the ids of the document, the conversation and the request.
async fn act(world: &World, person: &Actor) -> [String; 3] {
    let id = |payload: Value, object: &str| payload[object]["id"].as_str().unwrap().to_owned();
    let document = person.uploads(&world.martin_id, "DOCUMENTS", "essai.txt", "essai").await;
    let input = json!({ "clientId": world.martin_id, "subject": "Essai", "body": "Bonjour" });
    let conversation = id(person.does("startConversation", input, "conversation { id }").await, "conversation");
    let input = json!({ "clientId": world.martin_id, "title": "Essai" });
    let request =
        id(person.does("submitValidationRequest", input, "validationRequest { id }").await, "validationRequest");
    [document, conversation, request]
}

/// Returns what the viewer reads of the person in each place. Null for what the viewer does not see.
async fn read(viewer: &Actor, [document, conversation, request]: &[String; 3]) -> Vec<Value> {
    let query = format!(
        "query($document: ID!, $conversation: ID!, $request: ID!) {{
            document: node(id: $document) {{ ... on Document {{
                uploader {ACTOR} versions(first: 1) {{ nodes {{ uploader {ACTOR} }} }}
            }} }}
            conversation: node(id: $conversation) {{ ... on Conversation {{
                messages(first: 1) {{ nodes {{ author {ACTOR} }} }}
            }} }}
            request: node(id: $request) {{ ... on ValidationRequest {{
                submitter {ACTOR} history(first: 1) {{ nodes {{ actor {ACTOR} }} }}
            }} }}
        }}"
    );
    let ids = json!({ "document": document, "conversation": conversation, "request": request });
    let found = viewer.query(&query, ids).await;
    let (document, request) = (&found["document"], &found["request"]);
    vec![
        document["uploader"].clone(),
        document["versions"]["nodes"][0]["uploader"].clone(),
        found["conversation"]["messages"]["nodes"][0]["author"].clone(),
        request["submitter"].clone(),
        request["history"]["nodes"][0]["actor"].clone(),
    ]
}

#[tokio::test]
async fn the_id_is_that_of_a_member_whom_the_viewer_sees() {
    let world = World::new().await;
    for person in [&world.operator, &world.manager, &world.staff, &world.martin] {
        let rows = act(&world, person).await;
        world.owner.does("publishDocument", json!({ "id": rows[0] }), "").await;
        let name = person.name.split('@').next().unwrap();
        let membership = member(&world.owner, name).await;
        let kind = if name == "martin" { "CLIENT" } else { "MEMBER" };
        for viewer in [&world.owner, &world.operator, &world.manager, &world.staff, &world.martin] {
            let sees = match viewer.name.split('@').next().unwrap() {
                "owner" | "operator" => true,
                // The members of the manager's site, and its clients.
                "manager" => name != "operator",
                _ => false,
            };
            let expected = json!({
                "memberId": if sees { json!(membership) } else { json!(null) },
                "displayName": name, "kind": kind, "isViewer": viewer.name == person.name,
            });
            let internal = viewer.name == world.martin.name && kind == "MEMBER";
            for (place, found) in read(viewer, &rows).await.iter().enumerate() {
                // A request of the agency is internal.
                let hidden = internal && place >= 3;
                let expected = if hidden { &json!(null) } else { &expected };
                assert_eq!(found, expected, "{} in place {place}, for {}", person.name, viewer.name);
            }
        }
    }
}

#[tokio::test]
async fn a_person_with_two_memberships_acts_in_one_of_them() {
    let world = World::new().await;
    let client = Some(uuid(&world.martin_id));
    let both = Member { email: "operator@atelier.example", client, ..Member::default() };
    let as_client = world.app.member(world.organization, Role::Client, both).await;
    let rows = act(&world, &as_client).await;
    let query = "{ members(first: 100) { nodes { id role displayName } } }";
    let members = world.owner.query(query, json!({})).await["members"]["nodes"].clone();
    let of_client = |row: &&Value| row["role"] == "CLIENT" && row["displayName"] == "operator";
    let id = members.as_array().unwrap().iter().find(of_client).unwrap()["id"].clone();
    for (viewer, id) in [(&world.operator, &id), (&as_client, &json!(null))] {
        let expected = json!({ "memberId": id, "displayName": "operator", "kind": "CLIENT", "isViewer": true });
        for found in read(viewer, &rows).await {
            assert_eq!(found, expected);
        }
    }
}

#[tokio::test]
async fn events_and_payments_say_who_too() {
    let world = World::new().await;
    let cursor =
        async |viewer: &Actor| viewer.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].clone();
    let starts = [cursor(&world.manager).await, cursor(&world.owner).await];
    let line = json!({ "description": "Essai", "quantity": "1", "unitPrice": "100.00", "vatRate": "20" });
    let draft = json!({ "clientId": world.martin_id, "title": "Essai", "lines": [line] });
    let invoice = world.manager.does("createInvoice", draft, "invoice { id }").await["invoice"]["id"].clone();
    world.manager.does("issueInvoice", json!({ "id": invoice }), "").await;
    let payment = json!({ "invoiceId": invoice, "amount": "20.00", "method": "CARD" });
    let selection = format!("payment {{ recorder {ACTOR} recordedBy }}");
    let paid = world.manager.does("recordPayment", payment, &selection).await["payment"].clone();
    let id = member(&world.owner, "manager").await;
    let expected =
        |is_viewer| json!({ "memberId": id, "displayName": "manager", "kind": "MEMBER", "isViewer": is_viewer });
    assert_eq!(paid, json!({ "recorder": expected(true), "recordedBy": "manager" }));
    let query =
        format!("query($after: String) {{ events(after: $after, first: 100) {{ events {{ actor {ACTOR} }} }} }}");
    for ((viewer, is_viewer), start) in [(&world.manager, true), (&world.owner, false)].into_iter().zip(starts) {
        let events = viewer.query(&query, json!({ "after": start })).await["events"]["events"].clone();
        assert_eq!(events, json!(vec![json!({ "actor": expected(is_viewer) }); 3]));
    }
    // Payments of earlier versions do not contain the person.
    world.app.by_hand("UPDATE payment SET recorder_id = NULL").await;
    let query =
        format!("query($id: ID!) {{ invoice(id: $id) {{ payments(first: 1) {{ nodes {{ recorder {ACTOR} }} }} }} }}");
    let found = world.owner.query(&query, json!({ "id": invoice })).await;
    let recorder = &found["invoice"]["payments"]["nodes"][0]["recorder"];
    assert_eq!(recorder, &json!({ "memberId": null, "displayName": "manager", "kind": "MEMBER", "isViewer": false }));
}
