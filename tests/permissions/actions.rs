use super::{inputs::input, subjects};
use crate::support::{Actor, Value, World, json};
use entities::{document::Zone, membership::Role};
use sea_orm::{ActiveEnum, Iterable};
use std::{collections::BTreeSet, fmt::Write};

/// The cases: a mutation, and the object to which it is applied.
pub const CASES: &[&str] = &[
    "createClient",
    "updateClient contact",
    "updateClient card",
    "archiveClient",
    "restoreClient",
    "setLegalHold",
    "liftLegalHold",
    "requestUpload to PRIVATE",
    "requestUpload to DOCUMENTS",
    "requestUpload to VISIOS",
    "requestUpload to CHAT",
    "requestUpload to INVOICES",
    "requestUpload to ASSETS",
    "requestUploads",
    "completeUpload of one's own",
    "completeUpload of an operator's",
    "completeUploads of an operator's",
    "cancelUpload of one's own",
    "cancelUpload of an operator's",
    "publishDocument",
    "unpublishDocument",
    "moveDocument",
    "renameDocument",
    "deleteDocument of an operator's, visible",
    "deleteDocument of an operator's, hidden",
    "deleteDocument of one's own",
    "restoreDocument of an operator's, visible",
    "restoreDocument of an operator's, hidden",
    "restoreDocument of one's own",
    "purgeDocument",
    "restoreDocumentVersion",
    "restoreDocumentVersion of one's own",
    "startConversation",
    "postMessage",
    "postMessage internal",
    "closeConversation",
    "signalPresence",
    "signalPresence internal",
    "signalPresence at a request",
    "submitValidationRequest",
    "resubmitValidationRequest",
    "approveValidationRequest",
    "approveValidationRequest internal",
    "rejectValidationRequest",
    "requestChanges",
    "cancelValidationRequest of one's own",
    "cancelValidationRequest of an operator's",
    "cancelValidationRequest of a client's",
    "assignValidationRequest",
    "shareValidationRequest",
    "setValidationRequestDueDate",
    "commentOnValidationRequest",
    "commentOnValidationRequest internal",
    "markConversationRead",
    "editMessage",
    "deleteMessage",
    "createQuote",
    "updateQuote",
    "issueQuote",
    "acceptQuote",
    "acceptQuote draft",
    "refuseQuote",
    "convertQuoteToInvoice",
    "createInvoice",
    "updateInvoice",
    "issueInvoice",
    "recordPayment",
    "reversePayment",
    "createCreditNote",
    "updateCreditNote",
    "issueCreditNote",
    "deleteDraft",
    "inviteMember to the agency",
    "inviteMember to a dossier",
    "resendInvitation to the agency",
    "resendInvitation to a dossier",
    "revokeInvitation to the agency",
    "revokeInvitation to a dossier",
    "changeMember",
    "suspendMember",
    "resumeMember",
    "removeMember of the agency",
    "removeMember of a dossier",
    "createApiKey",
    "revokeApiKey",
    "resetMemberFactors",
    "transferOwnership",
    "addSite",
    "updateSite",
    "updateOrganization",
];

/// Mutations of the caller's own account and sessions, which need no permission.
pub const OWN_ACCOUNT: [&str; 31] = [
    "signIn",
    "completeSignIn",
    "signOut",
    "refreshSession",
    "endSession",
    "endAllSessions",
    "switchMembership",
    "changePassword",
    "requestPasswordReset",
    "resetPassword",
    "requestEmailChange",
    "confirmEmailChange",
    "updateProfile",
    "enrollTotp",
    "confirmTotp",
    "removeTotp",
    "regenerateRecoveryCodes",
    "confirmIdentity",
    "beginPasskeyRegistration",
    "addPasskey",
    "updatePasskey",
    "removePasskey",
    "beginPasskeyAuthentication",
    "signInWithPasskey",
    "beginExternalSignIn",
    "completeExternalSignIn",
    "linkExternalIdentity",
    "removeExternalIdentity",
    "openInvitation",
    "acceptInvitation",
    "leaveOrganization",
];

#[tokio::test]
async fn who_may_do_what() {
    let world = World::new().await;
    let mut matrix = String::new();
    for case in CASES {
        let _ = write!(matrix, "{case}:");
        for (name, actor) in world.actors() {
            let _ = write!(matrix, " {name}={}", attempt(&world, actor, case).await);
        }
        matrix.push('\n');
    }
    insta::assert_snapshot!(matrix);
}

#[tokio::test]
async fn every_role_and_every_zone_is_tried() {
    let world = World::new().await;
    let actors = world.actors().map(|(_, actor)| &actor.name);
    for role in Role::iter() {
        let actor = world.actor(role);
        assert!(actors.contains(&&actor.name), "{role:?}");
        assert_eq!(actor.query("{ viewer { role } }", json!({})).await["viewer"]["role"], role.to_value());
    }
    for zone in Zone::iter() {
        assert!(CASES.contains(&format!("requestUpload to {}", zone.to_value()).as_str()), "{zone:?}");
    }
}

/// Mutations of members, invitations, sites, settings and API keys. They change no row of a dossier.
pub const OF_PEOPLE: [&str; 14] = [
    "inviteMember",
    "resendInvitation",
    "revokeInvitation",
    "changeMember",
    "suspendMember",
    "resumeMember",
    "removeMember",
    "transferOwnership",
    "resetMemberFactors",
    "addSite",
    "updateSite",
    "updateOrganization",
    "createApiKey",
    "revokeApiKey",
];

fn leaves_no_event(case: &str) -> bool {
    let mutation = case.split(' ').next().unwrap();
    let without = ["signalPresence", "markConversationRead", "purgeDocument"];
    without.contains(&mutation) || OF_PEOPLE.contains(&mutation)
}

#[tokio::test]
async fn every_mutation_leaves_its_events() {
    let world = World::new().await;
    let mut told = String::new();
    let query = "query($after: String) { events(after: $after, first: 100) { events { type } hasMore } }";
    for case in CASES {
        let input = input(&world, &world.owner, case).await;
        let start = world.owner.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].clone();
        let outcome = send(&world.owner, case, input).await;
        let page = world.owner.query(query, json!({ "after": start })).await["events"].clone();
        let types = page["events"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap());
        // The cursor of an owner who has become an operator does not continue.
        let types: Vec<_> = types.filter(|kind| *kind != "RESYNC_REQUIRED").collect();
        assert_eq!(types.is_empty(), leaves_no_event(case) || outcome != "ok", "{case}: {outcome}, {types:?}");
        let _ = writeln!(told, "{case}: {outcome} {}", types.join(" "));
    }
    insta::assert_snapshot!(told);
}

#[tokio::test]
async fn every_mutation_leaves_its_audit_entries() {
    let world = World::new().await;
    let mut recorded = String::new();
    let query = "{ auditLog(first: 10) { nodes { sequence action } } }";
    let log = async || world.owner.query(query, json!({})).await["auditLog"]["nodes"].as_array().unwrap().clone();
    for case in CASES {
        let input = input(&world, &world.owner, case).await;
        let last = log().await[0]["sequence"].as_i64().unwrap();
        let outcome = send(&world.owner, case, input).await;
        if *case == "transferOwnership" {
            subjects::restore_owner(&world).await;
        }
        let entries = log().await;
        let new = entries.iter().filter(|entry| entry["sequence"].as_i64().unwrap() > last).rev();
        let actions: Vec<_> = new.map(|entry| entry["action"].as_str().unwrap()).collect();
        assert!(outcome == "ok" || actions.is_empty(), "{case}: {outcome}, {actions:?}");
        let _ = writeln!(recorded, "{case}: {outcome} {}", actions.join(" "));
    }
    insta::assert_snapshot!(recorded);
}

#[test]
fn every_mutation_is_covered() {
    let tried = CASES.iter().map(|case| case.split(' ').next().unwrap());
    let known: BTreeSet<_> = tried.chain(OWN_ACCOUNT).map(str::to_owned).collect();
    assert_eq!(known, subjects::fields_of("Mutation").into_iter().collect());
}

/// Tries the mutation on a new object, and returns the outcome.
pub async fn attempt(world: &World, actor: &Actor, case: &str) -> String {
    attempt_by(world, actor, actor, case).await
}

/// The same, by a session of a person who has made what is their own in another.
pub async fn attempt_by(world: &World, person: &Actor, actor: &Actor, case: &str) -> String {
    let input = input(world, person, case).await;
    let outcome = send(actor, case, input).await;
    if case == "transferOwnership" && outcome == "ok" {
        subjects::restore_owner(world).await;
    }
    outcome
}

/// Sends a mutation, and returns its outcome.
pub async fn send(actor: &Actor, case: &str, input: Value) -> String {
    let mutation = case.split(' ').next().unwrap();
    // Each item of a mutation of several has an outcome of its own.
    let several = ["requestUploads", "completeUploads"].contains(&mutation);
    let results = if several { "results { userErrors { code } }" } else { "" };
    let document = crate::support::actors::mutation(mutation, results);
    let answer = actor.send(&document, json!({ "input": input })).await;
    if let Some(code) = answer["errors"][0]["extensions"]["code"].as_str() {
        return code.to_owned();
    }
    let payload = &answer["data"][mutation];
    let payload = if several { &payload["results"][0] } else { payload };
    match payload["userErrors"].as_array().map(Vec::as_slice) {
        Some([]) => "ok".to_owned(),
        Some([error]) => error["code"].as_str().unwrap().to_owned(),
        _ => panic!("{case}: {answer:#}"),
    }
}
