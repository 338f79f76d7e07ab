//! Rows in each state that decides what can be done with them.

use crate::{
    invoice::support::age,
    support::{
        Actor, Value, World,
        app::Member,
        fixtures::{client, uuid},
        json,
    },
};
use entities::membership::Role;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The types, each with the states of its rows. “Own” means of the person who tries, and “archived” means in an archived
/// dossier.
pub const STATES: &[(&str, &str)] = &[
    ("Client", "active"),
    ("Client", "archived"),
    ("Client", "held"),
    ("Conversation", "open"),
    ("Conversation", "closed"),
    ("Conversation", "open, archived"),
    ("Conversation", "closed, archived"),
    ("Message", "own"),
    ("Message", "of somebody else"),
    ("Message", "own, closed"),
    ("Message", "own, deleted"),
    ("Message", "own, archived"),
    ("Document", "hidden"),
    ("Document", "visible"),
    ("Document", "private"),
    ("Document", "pending"),
    ("Document", "own"),
    ("Document", "own, in a request"),
    ("Document", "own, pending"),
    ("Document", "own, archived"),
    ("Document", "visible, archived"),
    ("Document", "deleted"),
    ("Document", "deleted, visible"),
    ("Document", "own, deleted"),
    ("Document", "own, deleted, archived"),
    ("Document", "deleted, held"),
    ("DocumentVersion", "pending"),
    ("DocumentVersion", "own, pending"),
    ("DocumentVersion", "own, failed"),
    ("DocumentVersion", "own, pending, archived"),
    ("DocumentVersion", "visible"),
    ("DocumentVersion", "older"),
    ("DocumentVersion", "older, archived"),
    ("DocumentVersion", "own, older"),
    ("DocumentVersion", "older, deleted"),
    ("ValidationRequest", "pending, internal"),
    ("ValidationRequest", "pending"),
    ("ValidationRequest", "returned"),
    ("ValidationRequest", "approved"),
    ("ValidationRequest", "rejected"),
    ("ValidationRequest", "cancelled"),
    ("ValidationRequest", "pending, archived"),
    ("ValidationRequest", "own, pending"),
    ("ValidationRequest", "own, returned"),
    ("ValidationRequest", "own, resubmitted by the owner"),
    ("Quote", "draft"),
    ("Quote", "draft, empty"),
    ("Quote", "draft, past"),
    ("Quote", "issued"),
    ("Quote", "issued, past"),
    ("Quote", "accepted"),
    ("Quote", "refused"),
    ("Quote", "converted"),
    ("Quote", "draft, archived"),
    ("Quote", "accepted, archived"),
    ("Invoice", "draft"),
    ("Invoice", "draft, empty"),
    ("Invoice", "draft, past"),
    ("Invoice", "issued"),
    ("Invoice", "partially paid"),
    ("Invoice", "paid"),
    ("Invoice", "credited"),
    ("Invoice", "issued, archived"),
    ("CreditNote", "draft"),
    ("CreditNote", "draft of a paid invoice"),
    ("CreditNote", "issued"),
    ("CreditNote", "draft, archived"),
    ("Payment", "recorded"),
    ("Payment", "reversed"),
    ("Payment", "reversal"),
];

/// A dossier of its own, and a person with a role who sees it.
pub struct Place<'w> {
    world: &'w World,
    pub actor: Actor,
    client: String,
}

impl<'w> Place<'w> {
    pub async fn new(world: &'w World, role: Role) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let client = client(&world.operator, "Essai", Some(world.paris)).await;
        let actor = if role == Role::Client {
            let email = format!("client-{}@client.example", NEXT.fetch_add(1, Ordering::Relaxed));
            let member = Member { email: &email, client: Some(uuid(&client)), ..Member::default() };
            world.app.member(world.organization, role, member).await
        } else {
            world.actor(role).clone()
        };
        Self { world, actor, client }
    }

    /// Creates a row in this state, and returns its id.
    pub async fn row(&self, kind: &str, state: &str) -> String {
        let of = state.trim_end_matches(", archived");
        let id = match kind {
            "Client" if of == "held" => {
                self.hold().await;
                self.client.clone()
            }
            "Client" => self.client.clone(),
            "Conversation" => self.conversation(of == "closed").await,
            "Message" => self.message(of).await,
            "Document" => self.document(of).await,
            "DocumentVersion" => self.version(of).await,
            "ValidationRequest" => self.request(of).await,
            "Quote" => self.quote(of).await,
            "Invoice" => self.invoice(of).await,
            "CreditNote" => self.credit_note(of).await,
            "Payment" => self.payment(of).await,
            _ => panic!("how is a {kind} created?"),
        };
        if state.ends_with("archived") {
            self.world.operator.does("archiveClient", json!({ "id": self.client }), "").await;
        }
        id
    }

    async fn hold(&self) {
        self.world.owner.does("setLegalHold", json!({ "id": self.client, "reason": "essai" }), "").await;
    }

    async fn conversation(&self, closed: bool) -> String {
        let input = json!({ "clientId": self.client, "subject": "Essai" });
        let id = make(&self.world.operator, "startConversation", input, "conversation").await;
        if closed {
            self.world.operator.does("closeConversation", json!({ "id": id }), "").await;
        }
        id
    }

    async fn message(&self, state: &str) -> String {
        let conversation = self.conversation(false).await;
        let author = if state == "of somebody else" { &self.world.manager } else { &self.actor };
        let input = json!({ "conversationId": conversation, "body": "essai" });
        let id = make(author, "postMessage", input, "message").await;
        match state {
            "own, closed" => {
                self.world.operator.does("closeConversation", json!({ "id": conversation }), "").await;
            }
            "own, deleted" => drop(self.actor.does("deleteMessage", json!({ "id": id }), "").await),
            _ => {}
        }
        id
    }

    async fn document(&self, state: &str) -> String {
        let operator = &self.world.operator;
        let upload = async |actor: &Actor, zone| actor.uploads(&self.client, zone, "essai.txt", "essai").await;
        match state {
            "hidden" => upload(operator, "DOCUMENTS").await,
            "private" => upload(operator, "PRIVATE").await,
            "visible" => {
                let id = upload(operator, "DOCUMENTS").await;
                operator.does("publishDocument", json!({ "id": id }), "").await;
                id
            }
            "pending" => self.pending(operator, "document").await,
            "own, pending" => self.pending(&self.actor, "document").await,
            "own" => upload(&self.actor, "ASSETS").await,
            "deleted" | "deleted, visible" | "deleted, held" | "own, deleted" => {
                let before = match state {
                    "deleted, visible" => "visible",
                    "own, deleted" => "own",
                    _ => "hidden",
                };
                let id = Box::pin(self.document(before)).await;
                operator.does("deleteDocument", json!({ "id": id }), "").await;
                if state == "deleted, held" {
                    self.hold().await;
                }
                id
            }
            "own, in a request" => {
                let id = upload(&self.actor, "ASSETS").await;
                let version = latest_version(&self.actor, &id).await;
                let input = json!({ "clientId": self.client, "title": "Essai", "documentVersionId": version });
                operator.does("submitValidationRequest", input, "").await;
                id
            }
            _ => panic!("how does a document become {state}?"),
        }
    }

    async fn version(&self, state: &str) -> String {
        match state {
            "pending" => self.pending(&self.world.operator, "version").await,
            "own, pending" => self.pending(&self.actor, "version").await,
            "own, failed" => {
                let upload = self.actor.request_upload(&self.client, "ASSETS", "essai.txt", b"essai").await;
                self.actor.send_parts(&upload, b"faux!").await;
                let id = upload["version"]["id"].as_str().unwrap().to_owned();
                self.actor.refused("completeUpload", json!({ "versionId": id })).await;
                id
            }
            "older" | "own, older" | "older, deleted" => {
                let actor = if state == "own, older" { &self.actor } else { &self.world.operator };
                let id = actor.uploads(&self.client, "ASSETS", "essai.txt", "essai").await;
                let older = latest_version(actor, &id).await;
                actor.uploads_version(&id, "essai 2").await;
                if state == "older, deleted" {
                    actor.does("deleteDocument", json!({ "id": id }), "").await;
                }
                older
            }
            "visible" => latest_version(&self.world.operator, &self.document("visible").await).await,
            _ => panic!("how does a version become {state}?"),
        }
    }

    /// Requests an upload, and returns the id of its version or document.
    async fn pending(&self, actor: &Actor, object: &str) -> String {
        let upload = actor.request_upload(&self.client, "ASSETS", "essai.txt", b"essai").await;
        upload[object]["id"].as_str().unwrap().to_owned()
    }

    async fn request(&self, state: &str) -> String {
        let (own, state) = state.strip_prefix("own, ").map_or((false, state), |state| (true, state));
        let submitter = if own { &self.actor } else { &self.world.operator };
        // Nobody decides their own request if four eyes are required.
        let decider = if submitter.name == self.world.owner.name { &self.world.operator } else { &self.world.owner };
        let input = json!({ "clientId": self.client, "title": "Essai" });
        let id = make(submitter, "submitValidationRequest", input, "validationRequest").await;
        let (plain, reason) = (json!({ "id": id }), json!({ "id": id, "reason": "essai" }));
        if !own && state != "pending, internal" {
            decider.does("shareValidationRequest", plain.clone(), "").await;
        }
        match state {
            "pending, internal" | "pending" => {}
            "returned" => drop(decider.does("requestChanges", reason, "").await),
            "approved" => drop(decider.does("approveValidationRequest", plain, "").await),
            "rejected" => drop(decider.does("rejectValidationRequest", reason, "").await),
            "cancelled" => drop(decider.does("cancelValidationRequest", plain, "").await),
            "resubmitted by the owner" => {
                decider.does("requestChanges", reason, "").await;
                self.world.owner.does("resubmitValidationRequest", plain, "").await;
            }
            _ => panic!("how does a request become {state}?"),
        }
        id
    }

    fn draft(&self, is_empty: bool) -> Value {
        let line = json!({ "description": "Essai", "unitPrice": "100.00", "vatRate": "20" });
        let lines = if is_empty { json!([]) } else { json!([line]) };
        json!({ "clientId": self.client, "title": "Essai", "lines": lines })
    }

    async fn quote(&self, state: &str) -> String {
        let operator = &self.world.operator;
        let mut draft = self.draft(state == "draft, empty");
        if state == "draft, past" {
            draft["validUntil"] = json!("2020-01-01");
        }
        let id = make(operator, "createQuote", draft, "quote").await;
        let plain = json!({ "id": id });
        if state.starts_with("draft") {
            return id;
        }
        operator.does("issueQuote", plain.clone(), "").await;
        match state {
            "issued" => {}
            "issued, past" => age(self.world, &id, PAST).await,
            "refused" => drop(operator.does("refuseQuote", plain, "").await),
            "accepted" => drop(operator.does("acceptQuote", plain, "").await),
            "converted" => {
                operator.does("acceptQuote", plain.clone(), "").await;
                operator.does("convertQuoteToInvoice", plain, "").await;
            }
            _ => panic!("how does a quote become {state}?"),
        }
        id
    }

    async fn invoice(&self, state: &str) -> String {
        let operator = &self.world.operator;
        let mut draft = self.draft(state == "draft, empty");
        if state == "draft, past" {
            draft["dueOn"] = json!("2020-01-01");
        }
        let id = make(operator, "createInvoice", draft, "invoice").await;
        if state.starts_with("draft") {
            return id;
        }
        operator.does("issueInvoice", json!({ "id": id }), "").await;
        match state {
            "issued" => {}
            "partially paid" => drop(self.pay(&id, "20.00").await),
            "paid" => drop(self.pay(&id, "120.00").await),
            "credited" => {
                let credit = make(operator, "createCreditNote", json!({ "invoiceId": id }), "creditNote").await;
                operator.does("issueCreditNote", json!({ "id": credit }), "").await;
            }
            _ => panic!("how does an invoice become {state}?"),
        }
        id
    }

    async fn credit_note(&self, state: &str) -> String {
        let invoice = self.invoice("issued").await;
        let input = json!({ "invoiceId": invoice });
        let id = make(&self.world.operator, "createCreditNote", input, "creditNote").await;
        match state {
            "draft" => {}
            "draft of a paid invoice" => drop(self.pay(&invoice, "20.00").await),
            "issued" => drop(self.world.operator.does("issueCreditNote", json!({ "id": id }), "").await),
            _ => panic!("how does a credit note become {state}?"),
        }
        id
    }

    async fn payment(&self, state: &str) -> String {
        let id = self.pay(&self.invoice("issued").await, "20.00").await;
        if state == "recorded" {
            return id;
        }
        let input = json!({ "id": id, "reason": "essai" });
        let reversal = make(&self.world.operator, "reversePayment", input, "payment").await;
        if state == "reversed" { id } else { reversal }
    }

    async fn pay(&self, invoice: &str, amount: &str) -> String {
        let input = json!({ "invoiceId": invoice, "amount": amount, "method": "TRANSFER" });
        make(&self.world.operator, "recordPayment", input, "payment").await
    }
}

/// A day before all tests.
const PAST: chrono::NaiveDate = chrono::NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();

async fn make(actor: &Actor, mutation: &str, input: Value, object: &str) -> String {
    let payload = actor.does(mutation, input, &format!("{object} {{ id }}")).await;
    payload[object]["id"].as_str().unwrap().to_owned()
}

async fn latest_version(actor: &Actor, document: &str) -> String {
    let query = "query($id: ID!) { node(id: $id) { ... on Document { latestVersion { id } } } }";
    let node = actor.query(query, json!({ "id": document })).await["node"].clone();
    node["latestVersion"]["id"].as_str().unwrap().to_owned()
}
