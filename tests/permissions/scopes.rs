//! A session that lacks a scope is refused what the scope permits, and nothing else.

use super::{
    actions::{CASES, attempt_by},
    rows,
};
use crate::support::{World, json};
use dossier_core::scope::{Scope, Scopes};

/// The scopes that a case needs.
fn needed(case: &str) -> Vec<Scope> {
    let scope = match case.split(' ').next().unwrap() {
        "createClient" | "updateClient" | "archiveClient" | "restoreClient" | "setLegalHold" | "liftLegalHold" => {
            Scope::ClientsWrite
        }
        "requestUpload"
        | "requestUploads"
        | "completeUpload"
        | "completeUploads"
        | "cancelUpload"
        | "publishDocument"
        | "unpublishDocument"
        | "moveDocument"
        | "renameDocument"
        | "deleteDocument"
        | "restoreDocument"
        | "restoreDocumentVersion"
        | "purgeDocument" => Scope::DocumentsWrite,
        "signalPresence" if case.ends_with("at a request") => Scope::ValidationWrite,
        "markConversationRead" => Scope::ConversationsRead,
        "startConversation" | "postMessage" | "editMessage" | "deleteMessage" | "closeConversation"
        | "signalPresence" => Scope::ConversationsWrite,
        "commentOnValidationRequest" if case.ends_with("internal") => Scope::ValidationDecide,
        "submitValidationRequest"
        | "resubmitValidationRequest"
        | "cancelValidationRequest"
        | "commentOnValidationRequest" => Scope::ValidationWrite,
        "approveValidationRequest"
        | "rejectValidationRequest"
        | "requestChanges"
        | "shareValidationRequest"
        | "setValidationRequestDueDate" => Scope::ValidationDecide,
        // It names a member.
        "assignValidationRequest" => return vec![Scope::ValidationDecide, Scope::MembersRead],
        "acceptQuote" | "refuseQuote" => Scope::BillingAnswer,
        "createQuote"
        | "updateQuote"
        | "issueQuote"
        | "convertQuoteToInvoice"
        | "createInvoice"
        | "updateInvoice"
        | "issueInvoice"
        | "recordPayment"
        | "reversePayment"
        | "createCreditNote"
        | "updateCreditNote"
        | "issueCreditNote"
        | "deleteDraft" => Scope::BillingWrite,
        "inviteMember" if case.ends_with("to a dossier") => Scope::ClientsInvite,
        "resendInvitation" | "revokeInvitation" | "removeMember" if case.ends_with("a dossier") => {
            return vec![Scope::ClientsInvite, Scope::MembersRead];
        }
        "inviteMember" | "resendInvitation" | "revokeInvitation" | "changeMember" | "suspendMember"
        | "resumeMember" | "removeMember" | "transferOwnership" | "resetMemberFactors" => Scope::MembersManage,
        "createApiKey" | "revokeApiKey" => Scope::KeysManage,
        "addSite" | "updateSite" | "updateOrganization" => Scope::OrganizationManage,
        _ => panic!("which scope does {case} need?"),
    };
    vec![scope]
}

/// The scope without which nobody sees a node of this type.
fn needed_to_see(node: &str) -> Option<Scope> {
    match node {
        "Client" => Some(Scope::ClientsRead),
        "Document" | "DocumentVersion" => Some(Scope::DocumentsRead),
        "Conversation" | "Message" => Some(Scope::ConversationsRead),
        "ValidationRequest" | "ValidationStep" | "ValidationComment" => Some(Scope::ValidationRead),
        "Quote" | "Invoice" | "CreditNote" | "Payment" => Some(Scope::BillingRead),
        "Member" | "Invitation" => Some(Scope::MembersRead),
        "ApiKey" => Some(Scope::KeysManage),
        "AuditEntry" => Some(Scope::AuditRead),
        "ExternalIdentity" | "Session" | "Site" => None,
        _ => panic!("which scope is needed to see {node}?"),
    }
}

#[tokio::test]
async fn without_a_scope_its_actions_are_refused_and_no_others() {
    let world = World::new().await;
    let mut outcomes = Vec::new();
    for case in CASES {
        outcomes.push(attempt_by(&world, &world.owner, &world.owner, case).await);
    }
    for missing in Scope::ALL {
        let limit = Scopes::ALL.without(*missing);
        let limited = world.app.limited(&world.owner, limit).await;
        // A person can have a limited number of open uploads.
        world.app.by_hand("UPDATE document_version SET uploader_id = NULL WHERE status = 'PENDING'").await;
        for (case, outcome) in CASES.iter().zip(&outcomes) {
            let found = attempt_by(&world, &world.owner, &limited, case).await;
            if needed(case).into_iter().all(|scope| limit.contains(scope)) {
                assert_eq!(&found, outcome, "{case} without {missing}");
            } else {
                assert!(["FORBIDDEN", "NOT_FOUND"].contains(&found.as_str()), "{case} without {missing}: {found}");
            }
        }
    }
}

#[tokio::test]
async fn without_a_scope_its_rows_are_not_seen_and_all_others_are() {
    let world = World::new().await;
    let rows = rows::rows(&world).await;
    for actor in [&world.owner, &world.manager, &world.martin] {
        let mut all = Vec::new();
        let query = "query($id: ID!) { node(id: $id) { __typename id } }";
        for (_, id) in &rows {
            all.push(actor.query(query, json!({ "id": id })).await["node"].clone());
        }
        for missing in Scope::ALL {
            let limit = Scopes::ALL.without(*missing);
            let limited = world.app.limited(actor, limit).await;
            for ((name, id), seen) in rows.iter().zip(&all) {
                let found = limited.query(query, json!({ "id": id })).await["node"].clone();
                let mut needed: Vec<_> = needed_to_see(name.split(' ').next().unwrap()).into_iter().collect();
                match (*name, actor.name == world.owner.name, actor.name == world.martin.name) {
                    // A client's site is that of their dossier. A manager sees the invitations to the dossiers that they see.
                    ("Site", _, true) | ("Invitation to a dossier", false, false) => needed.push(Scope::ClientsRead),
                    ("Session of the manager", true, _) => needed.push(Scope::MembersManage),
                    _ => {}
                }
                let expected = if needed.iter().all(|scope| limit.contains(*scope)) { seen } else { &json!(null) };
                assert_eq!(&found, expected, "{name} for {} without {missing}", actor.name);
            }
        }
    }
}

/// Sums of money and members' names hang on rows of other scopes.
#[tokio::test]
async fn without_a_scope_its_guarded_fields_are_null() {
    let world = World::new().await;
    let query =
        "query($id: ID!) { client(id: $id) { name phone figures { __typename } invoices(first: 1) { totalCount } } }";
    let variables = || json!({ "id": world.martin_id });
    assert!(world.owner.query(query, variables()).await["client"]["figures"].is_array());
    let limited = world.app.limited(&world.owner, Scopes::ALL.without(Scope::BillingRead)).await;
    let answer = limited.send(query, variables()).await;
    assert_eq!(answer["extensions"]["guarded"], json!([["client", "figures"]]), "{answer:#}");
    assert_eq!(answer["data"]["client"]["figures"], json!(null));
    assert!(answer["data"]["client"]["phone"].is_string());
}

/// What is shared among those who see the same is not shared with a session of the same person that sees less.
#[tokio::test]
async fn a_subscriber_without_a_scope_is_told_nothing_of_it() {
    let world = World::new().await;
    let limited = world.app.limited(&world.owner, Scopes::ALL.without(Scope::DocumentsRead)).await;
    let query = "subscription { dossierEvents { type } }";
    let mut streams = Vec::new();
    for actor in [&world.owner, &limited] {
        streams.push(actor.subscribe(query, json!({})).await);
    }
    world.owner.uploads(&world.martin_id, "DOCUMENTS", "essai.txt", "essai").await;
    let input = json!({ "clientId": world.martin_id, "subject": "Essai" });
    world.owner.does("startConversation", input, "").await;
    let mut told = Vec::new();
    for stream in &mut streams {
        let mut types = Vec::new();
        while types.last().is_none_or(|kind| kind != "CONVERSATION_STARTED") {
            types.push(stream.next().await["dossierEvents"]["type"].as_str().unwrap().to_owned());
        }
        told.push(types);
    }
    assert_eq!(told[0], ["DOCUMENT_UPLOAD_REQUESTED", "DOCUMENT_UPLOADED", "CONVERSATION_STARTED"]);
    assert_eq!(told[1], ["CONVERSATION_STARTED"]);
}
