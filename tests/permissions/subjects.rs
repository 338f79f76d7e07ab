//! Creates rows for the tests of permissions, all in Martin's dossier, and new for each case.

use crate::support::{Actor, Value, World, json};
use dossier_core::viewer::{SystemPurpose, Viewer};
use dossier_domain::{
    external_identity,
    member::{self as members, Changes, NewMember},
};
use entities::{
    invitation as invitations,
    membership::{self, Role},
    user as users,
};

/// Returns a field of the named object of a payload, as text.
fn text(payload: &Value, object: &str, field: &str) -> String {
    payload[object][field].as_str().unwrap_or_else(|| panic!("no {object}.{field} in {payload:#}")).to_owned()
}

async fn made(actor: &Actor, mutation: &str, input: Value, object: &str) -> String {
    text(&actor.does(mutation, input, &format!("{object} {{ id }}")).await, object, "id")
}

pub async fn client(world: &World) -> String {
    crate::support::fixtures::client(&world.operator, "Essai", Some(world.paris)).await
}

pub async fn document(world: &World, zone: &str, published: bool) -> String {
    let id = world.operator.uploads(&world.martin_id, zone, "essai.txt", "essai").await;
    if published {
        world.operator.does("publishDocument", json!({ "id": id }), "").await;
    }
    id
}

/// Returns a document in the trash.
pub async fn deleted(world: &World, published: bool) -> String {
    let id = document(world, "DOCUMENTS", published).await;
    world.operator.does("deleteDocument", json!({ "id": id }), "").await;
    id
}

/// Returns the older of two versions that this person has uploaded.
pub async fn older(actor: &Actor, world: &World) -> String {
    let id = actor.uploads(&world.martin_id, "DOCUMENTS", "essai.txt", "essai").await;
    let older = version(world, &id).await;
    actor.uploads_version(&id, "essai 2").await;
    older
}

/// Announces a version and sends its bytes.
pub async fn sent(actor: &Actor, world: &World) -> String {
    let upload = actor.request_upload(&world.martin_id, "DOCUMENTS", "essai.txt", b"essai").await;
    actor.send_parts(&upload, b"essai").await;
    text(&upload, "version", "id")
}

pub async fn version(world: &World, document: &str) -> String {
    let query = "query($id: ID!) { node(id: $id) { ... on Document { latestVersion { id } } } }";
    text(&world.operator.query(query, json!({ "id": document })).await["node"], "latestVersion", "id")
}

pub async fn conversation(world: &World) -> String {
    let input = json!({ "clientId": world.martin_id, "subject": "Essai" });
    made(&world.operator, "startConversation", input, "conversation").await
}

pub async fn message(world: &World, internal: bool) -> String {
    let input = json!({ "conversationId": conversation(world).await, "body": "essai", "internal": internal });
    made(&world.operator, "postMessage", input, "message").await
}

/// A message of this person.
pub async fn message_of(author: &Actor, world: &World) -> String {
    let input = json!({ "conversationId": conversation(world).await, "body": "essai" });
    made(author, "postMessage", input, "message").await
}

/// Creates a pending request of this actor.
pub async fn request_of(actor: &Actor, world: &World) -> String {
    let input = json!({ "clientId": world.martin_id, "title": "Essai" });
    made(actor, "submitValidationRequest", input, "validationRequest").await
}

/// Creates a pending request. It is internal, or visible to the client.
pub async fn request(world: &World, internal: bool) -> String {
    let id = request_of(&world.operator, world).await;
    if !internal {
        world.operator.does("shareValidationRequest", json!({ "id": id }), "").await;
    }
    id
}

/// Returns the first step of a request's history.
pub async fn step(world: &World, request: &str) -> String {
    let query = "query($id: ID!) { node(id: $id) { ... on ValidationRequest { history(first: 1) { nodes { id } } } } }";
    let request = world.operator.query(query, json!({ "id": request })).await;
    request["node"]["history"]["nodes"][0]["id"].as_str().unwrap().to_owned()
}

/// Returns a comment of an operator on a request.
pub async fn comment(world: &World, request: &str, internal: bool) -> String {
    let input = json!({ "id": request, "body": "essai", "internal": internal });
    let done = world.operator.does("commentOnValidationRequest", input, "comment { id }").await;
    done["comment"]["id"].as_str().unwrap().to_owned()
}

pub async fn returned_request(world: &World) -> String {
    let id = request(world, false).await;
    world.operator.does("requestChanges", json!({ "id": id, "reason": "essai" }), "").await;
    id
}

pub fn draft(world: &World) -> Value {
    let line = json!({ "description": "Essai", "quantity": "1", "unitPrice": "100.00", "vatRate": "20" });
    json!({ "clientId": world.martin_id, "title": "Essai", "lines": [line] })
}

pub async fn quote(world: &World, issued: bool) -> String {
    let id = made(&world.operator, "createQuote", draft(world), "quote").await;
    if issued {
        world.operator.does("issueQuote", json!({ "id": id }), "").await;
    }
    id
}

pub async fn accepted_quote(world: &World) -> String {
    let id = quote(world, true).await;
    world.operator.does("acceptQuote", json!({ "id": id }), "").await;
    id
}

pub async fn invoice(world: &World, issued: bool) -> String {
    let id = made(&world.operator, "createInvoice", draft(world), "invoice").await;
    if issued {
        world.operator.does("issueInvoice", json!({ "id": id }), "").await;
    }
    id
}

pub async fn payment(world: &World) -> String {
    let input = json!({ "invoiceId": invoice(world, true).await, "amount": "20.00", "method": "TRANSFER" });
    made(&world.operator, "recordPayment", input, "payment").await
}

pub async fn credit_note(world: &World, issued: bool) -> String {
    let id =
        made(&world.operator, "createCreditNote", json!({ "invoiceId": invoice(world, true).await }), "creditNote")
            .await;
    if issued {
        world.operator.does("issueCreditNote", json!({ "id": id }), "").await;
    }
    id
}

/// Returns the manager's member, whom all people who see members see.
pub async fn member(world: &World) -> String {
    let members = world.owner.query("{ members(first: 50) { nodes { id role } } }", json!({})).await;
    let nodes = members["members"]["nodes"].as_array().unwrap().clone();
    nodes.iter().find(|node| node["role"] == "MANAGER").unwrap()["id"].as_str().unwrap().to_owned()
}

/// Returns the names of the fields of an object type in the schema's text.
pub fn fields_of(name: &str) -> Vec<String> {
    let sdl = dossier::graphql::sdl();
    let start = sdl.find(&format!("\ntype {name} ")).unwrap();
    let body = &sdl[start..start + sdl[start..].find("\n}").unwrap()];
    let first_words = body.lines().filter_map(|line| line.strip_prefix('\t')?.split(['(', ':']).next());
    // Other lines begin with a description.
    first_words.filter(|word| word.chars().all(char::is_alphanumeric)).map(str::to_owned).collect()
}

/// Returns an address that nobody has.
pub fn new_address() -> String {
    format!("{}@exemple.example", uuid::Uuid::new_v4().simple())
}

/// Makes a member of the agency, or of Martin's dossier.
pub async fn new_member(world: &World, role: Role) -> String {
    let client = (role == Role::Client).then(|| crate::support::fixtures::uuid(&world.martin_id));
    let viewer = Viewer::system(world.organization, SystemPurpose::Command);
    let tx = world.app.parts.database.write_as(viewer).await.unwrap();
    let (email, sites) = (new_address(), Vec::new());
    let new = NewMember { display_name: email.clone(), email, role, sites, client };
    let id = members::add(&tx, None, new).await.unwrap();
    tx.commit().await.unwrap();
    dossier_core::id::encode("membership", id)
}

/// Gives a member a second factor.
pub async fn add_factor(world: &World, member: &str) {
    let database = &world.app.parts.database;
    let viewer = Viewer::system(world.organization, SystemPurpose::Command);
    let tx = database.write_as(viewer).await.unwrap();
    let key = crate::support::fixtures::uuid(member);
    let user = tx.get::<membership::Entity>(key).await.unwrap().unwrap().user_id;
    let before = tx.get::<users::Entity>(user).await.unwrap().unwrap();
    let after = users::Model { totp_confirmed_at: Some(tx.now), ..before.clone() };
    tx.update_without_event(&before, after).await.unwrap();
    tx.commit().await.unwrap();
}

/// Makes an invitation that can be sent again.
pub async fn invitation(world: &World, to_dossier: bool) -> String {
    let client = to_dossier.then_some(&world.martin_id);
    let role = if to_dossier { "CLIENT" } else { "OPERATOR" };
    let input = json!({ "email": new_address(), "role": role, "clientId": client });
    let id = made(&world.owner, "inviteMember", input, "invitation").await;
    let viewer = Viewer::system(world.organization, SystemPurpose::Command);
    let tx = world.app.parts.database.write_as(viewer).await.unwrap();
    let key = crate::support::fixtures::uuid(&id);
    let before = tx.get::<invitations::Entity>(key).await.unwrap().unwrap();
    let after = invitations::Model { sent_at: before.sent_at - chrono::TimeDelta::hours(1), ..before.clone() };
    tx.update_without_event(&before, after).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Makes an API key.
pub async fn api_key(world: &World) -> String {
    made(&world.owner, "createApiKey", json!({ "name": "Essai", "scopes": ["CLIENTS_READ"] }), "apiKey").await
}

/// Returns the newest entry of the audit log.
pub async fn audit_entry(world: &World) -> String {
    let log = world.owner.query("{ auditLog(first: 1) { nodes { id } } }", json!({})).await;
    log["auditLog"]["nodes"][0]["id"].as_str().unwrap().to_owned()
}

/// Makes the owner the owner again, after a transfer.
pub async fn restore_owner(world: &World) {
    let viewer = Viewer::system(world.organization, SystemPurpose::Command);
    let tx = world.app.parts.database.write_as(viewer).await.unwrap();
    let account = world.app.parts.database.account("owner@atelier.example").await.unwrap().unwrap();
    let memberships = members::of_person(&tx, account.id).await.unwrap();
    let changes = Changes { role: Some(Role::Owner), ..Changes::default() };
    members::change(&tx, memberships[0].id, changes).await.unwrap();
    tx.commit().await.unwrap();
}

/// Returns the session of the manager.
/// Links an account at an identity provider to the manager.
pub async fn external_identity(world: &World) -> String {
    let database = &world.app.parts.database;
    let manager = database.account("manager@atelier.example").await.unwrap().unwrap();
    let id = external_identity::add(database, &manager, "https://login.example", "manager").await.unwrap();
    dossier_core::id::encode("externalidentity", id)
}

pub async fn session(world: &World) -> String {
    let query = "{ sessions(first: 1) { nodes { id } } }";
    world.manager.query(query, json!({})).await["sessions"]["nodes"][0]["id"].as_str().unwrap().to_owned()
}
