//! `viewerCan` lists exactly the mutations that succeed: each listed one is called and succeeds, and each other one is
//! called and refused, for each role and a row in each state.

use super::{
    actions::{OF_PEOPLE, OWN_ACCOUNT, send},
    states::{Place, STATES},
    subjects,
};
use crate::support::{
    Actor, Value, World,
    actors::sha256,
    json,
    schema::{Schema, base},
};
use async_graphql::parser::types::TypeKind;
use dossier_core::scope::{Scope, Scopes};
use entities::{document::Zone, membership::Role};
use sea_orm::{ActiveEnum, Iterable};
use std::collections::{BTreeMap, BTreeSet};

/// Mutations that need no existing row, or more than its state.
const NOT_LISTED: [&str; 6] =
    ["createClient", "requestUploads", "completeUpload", "completeUploads", "markConversationRead", "signalPresence"];

/// Returns the types with `viewerCan`, each with its actions.
fn actions() -> BTreeMap<String, Vec<String>> {
    let schema = Schema::read();
    let kinds = schema.objects().filter_map(|kind| {
        let field = schema.fields(kind).iter().find(|field| field.node.name.node == "viewerCan")?;
        let Some(TypeKind::Enum(actions)) = schema.kind(base(&field.node.ty.node)) else { panic!("{kind}") };
        let names = actions.values.iter().map(|value| value.node.value.node.to_string());
        Some((kind.to_owned(), names.collect()))
    });
    kinds.collect()
}

/// Returns the mutation of an action, and its input.
fn call(kind: &str, action: &str, id: &str) -> (&'static str, Value) {
    let line = json!({ "description": "Essai", "unitPrice": "0.50", "vatRate": "0" });
    let of_client = json!({ "clientId": id, "title": "Essai" });
    let (mutation, further) = match (kind, action) {
        ("Client", "UPDATE_CONTACT") => ("updateClient", json!({ "phone": "1" })),
        ("Client", "UPDATE") => ("updateClient", json!({ "track": "ONE" })),
        ("Client", "ARCHIVE") => ("archiveClient", json!({})),
        ("Client", "RESTORE") => ("restoreClient", json!({})),
        ("Client", "SET_LEGAL_HOLD") => ("setLegalHold", json!({ "reason": "essai" })),
        ("Client", "LIFT_LEGAL_HOLD") => ("liftLegalHold", json!({})),
        ("Client", "START_CONVERSATION") => {
            return ("startConversation", json!({ "clientId": id, "subject": "Essai" }));
        }
        ("Client", "SUBMIT_VALIDATION_REQUEST") => return ("submitValidationRequest", of_client),
        ("Client", "CREATE_QUOTE") => return ("createQuote", of_client),
        ("Client", "CREATE_INVOICE") => return ("createInvoice", of_client),
        ("Document", "UPLOAD_VERSION") => {
            let file = json!({ "contentType": "text/plain", "size": 5, "sha256": sha256(b"essai"), "documentId": id });
            return ("requestUpload", file);
        }
        ("Document", "PUBLISH") => ("publishDocument", json!({})),
        ("Document", "UNPUBLISH") => ("unpublishDocument", json!({})),
        ("Document", "MOVE") => ("moveDocument", json!({ "zone": "VISIOS" })),
        ("Document", "RENAME") => ("renameDocument", json!({ "name": "neuf.txt" })),
        ("Document", "DELETE") => ("deleteDocument", json!({})),
        ("Document", "RESTORE") => ("restoreDocument", json!({})),
        ("Document", "PURGE") => ("purgeDocument", json!({})),
        ("DocumentVersion", "RESTORE") => return ("restoreDocumentVersion", json!({ "versionId": id })),
        ("DocumentVersion", "CANCEL_UPLOAD") => return ("cancelUpload", json!({ "versionId": id })),
        ("Conversation", "POST_MESSAGE") => return ("postMessage", json!({ "conversationId": id, "body": "essai" })),
        ("Conversation", "POST_INTERNAL_MESSAGE") => {
            return ("postMessage", json!({ "conversationId": id, "body": "essai", "internal": true }));
        }
        ("Conversation", "CLOSE") => ("closeConversation", json!({})),
        ("Message", "EDIT") => ("editMessage", json!({ "body": "neuf" })),
        ("Message", "DELETE") => ("deleteMessage", json!({})),
        ("ValidationRequest", "APPROVE") => ("approveValidationRequest", json!({})),
        ("ValidationRequest", "REJECT") => ("rejectValidationRequest", json!({ "reason": "essai" })),
        ("ValidationRequest", "REQUEST_CHANGES") => ("requestChanges", json!({ "reason": "essai" })),
        ("ValidationRequest", "RESUBMIT") => ("resubmitValidationRequest", json!({})),
        ("ValidationRequest", "CANCEL") => ("cancelValidationRequest", json!({})),
        ("ValidationRequest", "ASSIGN") => ("assignValidationRequest", json!({ "assigneeId": null })),
        ("ValidationRequest", "SHARE") => ("shareValidationRequest", json!({})),
        ("ValidationRequest", "SET_DUE_DATE") => ("setValidationRequestDueDate", json!({ "dueOn": "2031-01-31" })),
        ("ValidationRequest", "COMMENT") => ("commentOnValidationRequest", json!({ "body": "essai" })),
        ("ValidationRequest", "COMMENT_INTERNALLY") => {
            ("commentOnValidationRequest", json!({ "body": "essai", "internal": true }))
        }
        ("Quote", "UPDATE") => ("updateQuote", json!({ "title": "Neuf" })),
        ("Quote", "ISSUE") => ("issueQuote", json!({})),
        ("Quote", "ACCEPT") => ("acceptQuote", json!({})),
        ("Quote", "REFUSE") => ("refuseQuote", json!({})),
        ("Quote", "CONVERT_TO_INVOICE") => ("convertQuoteToInvoice", json!({})),
        ("Invoice", "UPDATE") => ("updateInvoice", json!({ "title": "Neuf" })),
        ("Invoice", "ISSUE") => ("issueInvoice", json!({})),
        ("Invoice", "RECORD_PAYMENT") => {
            return ("recordPayment", json!({ "invoiceId": id, "amount": "1.00", "method": "CARD" }));
        }
        ("Invoice", "CREATE_CREDIT_NOTE") => return ("createCreditNote", json!({ "invoiceId": id, "lines": [line] })),
        ("Quote" | "Invoice" | "CreditNote", "DELETE") => ("deleteDraft", json!({})),
        ("CreditNote", "UPDATE") => ("updateCreditNote", json!({ "title": "Neuf" })),
        ("CreditNote", "ISSUE") => ("issueCreditNote", json!({})),
        ("Payment", "REVERSE") => ("reversePayment", json!({ "reason": "essai" })),
        _ => panic!("which mutation is {kind}.{action}?"),
    };
    let mut input = further;
    input["id"] = json!(id);
    (mutation, input)
}

/// Returns what the viewer can do with a row. Nothing with a row that they do not see.
async fn viewer_can(viewer: &Actor, kind: &str, id: &str) -> Vec<String> {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ viewerCan }} }} }}");
    let mut node = viewer.query(&query, json!({ "id": id })).await["node"].clone();
    if node.is_null() && kind == "Document" {
        let query = "{ deletedDocuments(first: 100) { nodes { id viewerCan } } }";
        let trash = viewer.query(query, json!({})).await["deletedDocuments"]["nodes"].clone();
        node = trash.as_array().unwrap().iter().find(|node| node["id"] == id).cloned().unwrap_or_default();
    }
    let listed = node["viewerCan"].as_array().into_iter().flatten();
    listed.map(|action| action.as_str().unwrap().to_owned()).collect()
}

/// Tries all actions on a row in this state.
async fn try_state(world: &World, role: Role, kind: &str, state: &str, actions: &[String]) {
    let place = Place::new(world, role).await;
    let id = place.row(kind, state).await;
    let listed = viewer_can(&place.actor, kind, &id).await;
    let what = |action: &str| format!("{kind}.{action}, {state}, as {}; listed: {listed:?}", role.to_value());
    for action in actions.iter().filter(|action| !listed.contains(action)) {
        let (mutation, input) = call(kind, action, &id);
        let outcome = send(&place.actor, mutation, input).await;
        assert!(["FORBIDDEN", "NOT_FOUND", "CONFLICT"].contains(&outcome.as_str()), "{}: {outcome}", what(action));
    }
    for (nth, action) in listed.iter().enumerate() {
        // A refusal changes nothing, but a success does.
        let outcome = if nth == 0 {
            let (mutation, input) = call(kind, action, &id);
            send(&place.actor, mutation, input).await
        } else {
            let place = Place::new(world, role).await;
            let (mutation, input) = call(kind, action, &place.row(kind, state).await);
            send(&place.actor, mutation, input).await
        };
        assert_eq!(outcome, "ok", "{}", what(action));
    }
}

async fn try_kinds(world: &World, kinds: &[&str]) {
    let actions = actions();
    for (kind, state) in STATES.iter().filter(|(kind, _)| kinds.contains(kind)) {
        for role in Role::iter() {
            try_state(world, role, kind, state, &actions[*kind]).await;
        }
    }
}

#[tokio::test]
async fn exactly_the_listed_actions_succeed_in_dossiers() {
    try_kinds(&World::new().await, &["Client", "Conversation", "Message"]).await;
}

#[tokio::test]
async fn exactly_the_listed_actions_succeed_on_documents() {
    try_kinds(&World::new().await, &["Document", "DocumentVersion"]).await;
}

#[tokio::test]
async fn exactly_the_listed_actions_succeed_on_requests() {
    try_kinds(&World::new().await, &["ValidationRequest"]).await;
}

#[tokio::test]
async fn exactly_the_listed_actions_succeed_where_four_eyes_are_required() {
    let world = World::new().await;
    world.app.by_hand("UPDATE organization SET four_eyes = true").await;
    try_kinds(&world, &["ValidationRequest"]).await;
}

#[tokio::test]
async fn exactly_the_listed_actions_succeed_in_billing() {
    try_kinds(&World::new().await, &["Quote", "Invoice", "CreditNote", "Payment"]).await;
}

#[tokio::test]
async fn uploads_to_exactly_the_listed_zones_succeed() {
    let world = World::new().await;
    for role in Role::iter() {
        for state in ["active", "archived"] {
            let place = Place::new(&world, role).await;
            let id = place.row("Client", state).await;
            let query = "query($id: ID!) { client(id: $id) { viewerCanUploadTo } }";
            let listed = place.actor.query(query, json!({ "id": id })).await["client"]["viewerCanUploadTo"].clone();
            for zone in Zone::iter().map(|zone| zone.to_value()) {
                let input = json!({
                    "clientId": id, "zone": zone, "name": "essai.txt",
                    "contentType": "text/plain", "size": 5, "sha256": sha256(b"essai"),
                });
                let outcome = send(&place.actor, "requestUpload", input).await;
                let is_listed = listed.as_array().unwrap().contains(&json!(zone));
                assert_eq!(outcome == "ok", is_listed, "{zone}, {state}, as {role:?}: {outcome}, {listed}");
            }
        }
    }
}

#[tokio::test]
async fn a_session_without_the_scope_can_do_nothing() {
    let world = World::new().await;
    let document = subjects::document(&world, "DOCUMENTS", false).await;
    let limited = world.app.limited(&world.owner, Scopes::ALL.without(Scope::DocumentsWrite)).await;
    assert!(!viewer_can(&world.owner, "Document", &document).await.is_empty());
    assert!(viewer_can(&limited, "Document", &document).await.is_empty());
}

#[test]
fn every_type_and_every_mutation_is_covered() {
    let actions = actions();
    let tried: BTreeSet<_> = STATES.iter().map(|(kind, _)| (*kind).to_owned()).collect();
    assert_eq!(tried, actions.keys().cloned().collect());
    let called = actions.iter().flat_map(|(kind, all)| all.iter().map(move |action| call(kind, action, "").0));
    let covered: BTreeSet<_> =
        called.chain(NOT_LISTED).chain(OWN_ACCOUNT).chain(OF_PEOPLE).map(str::to_owned).collect();
    assert_eq!(covered, subjects::fields_of("Mutation").into_iter().collect());
}
