use super::subjects;
use crate::support::{Actor, Value, World, actors::sha256, json};
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

/// Returns the input of a mutation of several uploads.
async fn of_several(world: &World, case: &str) -> Value {
    if case == "requestUploads" {
        let file = json!({ "clientId": world.martin_id, "zone": "DOCUMENTS", "name": "essai.txt" });
        return json!({ "uploads": [{ "target": { "newDocument": file }, "contentType": "text/plain", "size": 1 }] });
    }
    json!({ "uploads": [{ "versionId": subjects::sent(&world.operator, world).await }] })
}

/// Returns the input of a mutation of the trash, of older versions and of legal holds.
async fn input_of_life(world: &World, actor: &Actor, case: &str) -> Option<Value> {
    let own = async || if actor.may_upload(world).await { actor } else { &world.operator };
    Some(match case {
        "setLegalHold" => json!({ "id": subjects::client(world).await, "reason": "Essai" }),
        "liftLegalHold" => {
            let id = subjects::client(world).await;
            world.owner.does("setLegalHold", json!({ "id": id, "reason": "Essai" }), "").await;
            json!({ "id": id })
        }
        "restoreDocument of an operator's, visible" => json!({ "id": subjects::deleted(world, true).await }),
        "restoreDocument of an operator's, hidden" | "purgeDocument" => {
            json!({ "id": subjects::deleted(world, false).await })
        }
        "restoreDocument of one's own" => {
            let own = own().await;
            let id = own.uploads(&world.martin_id, "DOCUMENTS", "essai.txt", "essai").await;
            own.does("deleteDocument", json!({ "id": id }), "").await;
            json!({ "id": id })
        }
        "restoreDocumentVersion" => json!({ "versionId": subjects::older(&world.operator, world).await }),
        "restoreDocumentVersion of one's own" => json!({ "versionId": subjects::older(own().await, world).await }),
        _ => return None,
    })
}

async fn input(world: &World, actor: &Actor, case: &str) -> Value {
    if let Some(input) = input_of_life(world, actor, case).await {
        return input;
    }
    let id = match case {
        "createClient" => {
            let site = dossier_core::id::encode("site", world.paris);
            return json!({ "name": "Neuf", "track": "LAB", "siteId": site });
        }
        "updateClient contact" => return json!({ "id": world.martin_id, "phone": "1" }),
        "updateClient card" => return json!({ "id": world.martin_id, "track": "ONE" }),
        "restoreClient" => {
            let id = subjects::client(world).await;
            world.operator.does("archiveClient", json!({ "id": id }), "").await;
            id
        }
        "archiveClient" => subjects::client(world).await,
        "completeUpload of one's own" | "cancelUpload of one's own" => {
            let own = if actor.may_upload(world).await { actor } else { &world.operator };
            return json!({ "versionId": subjects::sent(own, world).await });
        }
        "requestUploads" | "completeUploads of an operator's" => return of_several(world, case).await,
        "completeUpload of an operator's" | "cancelUpload of an operator's" => {
            return json!({ "versionId": subjects::sent(&world.operator, world).await });
        }
        "unpublishDocument" | "deleteDocument of an operator's, visible" => {
            subjects::document(world, "DOCUMENTS", true).await
        }
        "moveDocument" => return json!({ "id": subjects::document(world, "DOCUMENTS", true).await, "zone": "ASSETS" }),
        "renameDocument" => {
            return json!({ "id": subjects::document(world, "DOCUMENTS", true).await, "name": "neuf.txt" });
        }
        "publishDocument" | "deleteDocument of an operator's, hidden" => {
            subjects::document(world, "DOCUMENTS", false).await
        }
        "deleteDocument of one's own" => {
            let own = if actor.may_upload(world).await { actor } else { &world.operator };
            own.uploads(&world.martin_id, "DOCUMENTS", "essai.txt", "essai").await
        }
        "startConversation" => return json!({ "clientId": world.martin_id, "subject": "Essai" }),
        "postMessage" => return json!({ "conversationId": subjects::conversation(world).await, "body": "essai" }),
        "postMessage internal" => {
            return json!({ "conversationId": subjects::conversation(world).await, "body": "essai", "internal": true });
        }
        "signalPresence" => {
            return json!({ "conversationId": subjects::conversation(world).await, "activity": "TYPING" });
        }
        "signalPresence internal" => {
            let conversation = subjects::conversation(world).await;
            return json!({ "conversationId": conversation, "activity": "TYPING", "internal": true });
        }
        "signalPresence at a request" => {
            let request = subjects::request(world, false).await;
            return json!({ "validationRequestId": request, "activity": "VIEWING" });
        }
        "closeConversation" | "markConversationRead" => subjects::conversation(world).await,
        "submitValidationRequest" => return json!({ "clientId": world.martin_id, "title": "Essai" }),
        "resubmitValidationRequest" => subjects::returned_request(world).await,
        "rejectValidationRequest" | "requestChanges" => {
            return json!({ "id": subjects::request(world, false).await, "reason": "essai" });
        }
        "approveValidationRequest" | "cancelValidationRequest of an operator's" => {
            subjects::request(world, false).await
        }
        "cancelValidationRequest of a client's" => subjects::request_of(&world.martin, world).await,
        "cancelValidationRequest of one's own" => {
            let own = if actor.may_upload(world).await { actor } else { &world.operator };
            let id = subjects::request_of(own, world).await;
            if own.name != world.martin.name {
                world.operator.does("shareValidationRequest", json!({ "id": id }), "").await;
            }
            id
        }
        "assignValidationRequest" => {
            return json!({ "id": subjects::request(world, false).await, "assigneeId": subjects::member(world).await });
        }
        "approveValidationRequest internal" | "shareValidationRequest" => subjects::request(world, true).await,
        "setValidationRequestDueDate" => {
            return json!({ "id": subjects::request(world, false).await, "dueOn": "2031-01-31" });
        }
        "commentOnValidationRequest" => {
            return json!({ "id": subjects::request(world, false).await, "body": "essai" });
        }
        "commentOnValidationRequest internal" => {
            return json!({ "id": subjects::request(world, false).await, "body": "essai", "internal": true });
        }
        "editMessage" => return json!({ "id": subjects::message_of(&world.owner, world).await, "body": "neuf" }),
        "deleteMessage" => subjects::message_of(&world.martin, world).await,
        _ => match case.strip_prefix("requestUpload to ") {
            Some(zone) => {
                return json!({
                    "clientId": world.martin_id, "zone": zone, "name": "essai.txt",
                    "contentType": "text/plain", "size": 5, "sha256": sha256(b"essai"),
                });
            }
            None => return input_of_billing(world, case).await,
        },
    };
    json!({ "id": id })
}

/// Returns the input of a mutation of quotes, invoices, credit notes and payments.
async fn input_of_billing(world: &World, case: &str) -> Value {
    let id = match case {
        "createQuote" | "createInvoice" => return subjects::draft(world),
        "updateQuote" => return json!({ "id": subjects::quote(world, false).await, "title": "Neuf" }),
        "issueQuote" | "acceptQuote draft" | "deleteDraft" => subjects::quote(world, false).await,
        "acceptQuote" | "refuseQuote" => subjects::quote(world, true).await,
        "convertQuoteToInvoice" => subjects::accepted_quote(world).await,
        "updateInvoice" => return json!({ "id": subjects::invoice(world, false).await, "title": "Neuf" }),
        "issueInvoice" => subjects::invoice(world, false).await,
        "recordPayment" => {
            return json!({ "invoiceId": subjects::invoice(world, true).await, "amount": "20.00", "method": "CARD" });
        }
        "reversePayment" => return json!({ "id": subjects::payment(world).await, "reason": "essai" }),
        "createCreditNote" => return json!({ "invoiceId": subjects::invoice(world, true).await }),
        "updateCreditNote" => return json!({ "id": subjects::credit_note(world, false).await, "title": "Neuf" }),
        "issueCreditNote" => subjects::credit_note(world, false).await,
        _ => return input_of_people(world, case).await,
    };
    json!({ "id": id })
}

/// Returns the input of a mutation of members, invitations, sites and settings.
async fn input_of_people(world: &World, case: &str) -> Value {
    let id = match case {
        "inviteMember to the agency" => {
            return json!({ "email": subjects::new_address(), "role": "OPERATOR" });
        }
        "inviteMember to a dossier" => {
            return json!({ "email": subjects::new_address(), "role": "CLIENT", "clientId": world.martin_id });
        }
        "resendInvitation to the agency" | "revokeInvitation to the agency" => subjects::invitation(world, false).await,
        "resendInvitation to a dossier" | "revokeInvitation to a dossier" => subjects::invitation(world, true).await,
        "changeMember" => {
            return json!({ "id": subjects::new_member(world, Role::Operator).await, "role": "OWNER" });
        }
        "suspendMember" | "removeMember of the agency" | "transferOwnership" => {
            subjects::new_member(world, Role::Operator).await
        }
        "resumeMember" => {
            let id = subjects::new_member(world, Role::Operator).await;
            world.owner.does("suspendMember", json!({ "id": id }), "").await;
            id
        }
        "resetMemberFactors" => {
            let id = subjects::new_member(world, Role::Operator).await;
            subjects::add_factor(world, &id).await;
            id
        }
        "removeMember of a dossier" => subjects::new_member(world, Role::Client).await,
        "addSite" => return json!({ "name": "Nantes" }),
        "updateSite" => {
            return json!({ "id": dossier_core::id::encode("site", world.paris), "name": "Paris" });
        }
        "updateOrganization" => return json!({ "name": "ATELIER" }),
        "createApiKey" => return json!({ "name": "Essai", "scopes": ["CLIENTS_READ"] }),
        "revokeApiKey" => subjects::api_key(world).await,
        _ => panic!("no input for {case}"),
    };
    json!({ "id": id })
}

impl Actor {
    async fn may_upload(&self, world: &World) -> bool {
        let query = "query($id: ID!) { client(id: $id) { id } }";
        self.send(query, json!({ "id": world.martin_id })).await["data"]["client"].is_object()
    }
}
