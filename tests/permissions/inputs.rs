//! The input of each case of [`super::actions::CASES`].

use super::subjects;
use crate::support::{Actor, Value, World, actors::sha256, json};
use entities::membership::Role;

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

pub async fn input(world: &World, actor: &Actor, case: &str) -> Value {
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
