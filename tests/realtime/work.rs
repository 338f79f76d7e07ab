//! Random work of people.

use super::writer::Writer;
use crate::support::json;
use std::time::Duration;

/// The position of a person.
#[derive(Clone, Copy)]
pub enum Position {
    /// An owner or an operator, who also move dossiers.
    Agency,
    Manager,
    Staff,
    Client,
}

const ZONES: [&str; 5] = ["PRIVATE", "DOCUMENTS", "VISIOS", "CHAT", "ASSETS"];

impl Writer {
    /// Works until the run ends.
    pub async fn work(mut self, post: Position, pause: Duration) {
        while self.workload.is_running() {
            // A step may be impossible, because there is no object for it, or somebody was faster.
            let _ = match post {
                Position::Agency | Position::Manager => self.agency(post).await,
                Position::Staff => self.staff().await,
                Position::Client => self.client().await,
            };
            tokio::time::sleep(pause).await;
        }
    }

    async fn agency(&mut self, post: Position) -> Option<()> {
        match self.random.below(100) {
            0..12 => self.card(post).await,
            12..42 => self.document().await,
            42..62 => self.talk(true).await,
            62..88 => self.request().await,
            _ => self.bill().await,
        }
    }

    async fn staff(&mut self) -> Option<()> {
        match self.random.below(100) {
            0..50 => self.talk(false).await,
            50..80 => self.submit().await,
            _ => self.uploads("DOCUMENTS").await,
        }
    }

    async fn client(&mut self) -> Option<()> {
        match self.random.below(100) {
            0..50 => self.talk(false).await,
            50..75 => self.submit().await,
            75..90 => self.uploads("ASSETS").await,
            _ => {
                let input = json!({ "id": self.one("Client")?, "phone": self.name() });
                self.does("updateClient", input, "").await.map(drop)
            }
        }
    }

    async fn card(&mut self, post: Position) -> Option<()> {
        let (id, text) = (self.one("Client")?, self.name());
        let movable = self.one("Movable");
        let (name, input) = match (post, self.random.below(10)) {
            (Position::Agency, 0..3) => {
                let site = self.random.one(&self.sites)?;
                ("updateClient", json!({ "id": movable?, "siteId": site }))
            }
            (Position::Agency, 3) => {
                let input = json!({ "name": text, "track": "ONE", "siteId": self.random.one(&self.sites)? });
                return self.create("Client", "createClient", input, "client").await.map(drop);
            }
            (_, 4) => ("archiveClient", json!({ "id": movable? })),
            (_, 5) => ("restoreClient", json!({ "id": movable? })),
            (_, 6) => ("updateClient", json!({ "id": id, "internalNotes": text })),
            _ => ("updateClient", json!({ "id": id, "name": text })),
        };
        self.does(name, input, "").await.map(drop)
    }

    async fn document(&mut self) -> Option<()> {
        let zone = self.random.one(&ZONES)?;
        if self.random.percent(25) {
            return self.uploads(zone).await;
        }
        let (id, text) = (self.one("Document")?, self.name());
        let (name, input) = match self.random.below(20) {
            0..7 => ("publishDocument", json!({ "id": id })),
            7..11 => ("unpublishDocument", json!({ "id": id })),
            11..16 => ("renameDocument", json!({ "id": id, "name": text })),
            16..19 => ("moveDocument", json!({ "id": id, "zone": zone })),
            _ => ("deleteDocument", json!({ "id": id })),
        };
        self.does(name, input, "").await.map(drop)
    }

    async fn talk(&mut self, decides: bool) -> Option<()> {
        let text = self.name();
        let thread = self.one("Conversation").filter(|_| self.random.percent(85));
        let Some(thread) = thread else {
            let input = json!({ "clientId": self.one("Client")?, "subject": text, "body": text });
            return self.create("Conversation", "startConversation", input, "conversation").await.map(drop);
        };
        if decides && self.random.percent(4) {
            return self.does("closeConversation", json!({ "id": thread }), "").await.map(drop);
        }
        let internal = decides && self.random.percent(40);
        let input = json!({ "conversationId": thread, "body": text, "internal": internal });
        self.does("postMessage", input, "").await.map(drop)
    }

    async fn submit(&mut self) -> Option<()> {
        let input = json!({ "clientId": self.one("Client")?, "title": self.name() });
        let name = "submitValidationRequest";
        self.create("ValidationRequest", name, input, "validationRequest").await.map(drop)
    }

    async fn request(&mut self) -> Option<()> {
        if self.random.percent(30) {
            return self.submit().await;
        }
        let (id, reason) = (self.one("ValidationRequest")?, self.name());
        let (name, input) = match self.random.below(12) {
            0..2 => ("approveValidationRequest", json!({ "id": id })),
            2 => ("rejectValidationRequest", json!({ "id": id, "reason": reason })),
            3..6 => ("requestChanges", json!({ "id": id, "reason": reason })),
            6..8 => ("resubmitValidationRequest", json!({ "id": id })),
            8..11 => ("shareValidationRequest", json!({ "id": id })),
            _ => ("cancelValidationRequest", json!({ "id": id })),
        };
        self.does(name, input, "").await.map(drop)
    }

    async fn bill(&mut self) -> Option<()> {
        let line = json!({ "description": "Heures", "quantity": "1.5", "unitPrice": "80.00", "vatRate": "20" });
        let (quote, invoice) = (self.one("Quote"), self.one("Invoice"));
        let (title, client) = (self.name(), self.one("Client")?);
        let new = json!({ "clientId": client, "title": title, "lines": [line] });
        match self.random.below(10) {
            0..2 => return self.create("Quote", "createQuote", new, "quote").await.map(drop),
            2..5 => return self.create("Invoice", "createInvoice", new, "invoice").await.map(drop),
            5 => self.does("issueQuote", json!({ "id": quote? }), "").await,
            6 => self.does("updateQuote", json!({ "id": quote?, "title": title }), "").await,
            7 => self.does("updateInvoice", json!({ "id": invoice?, "title": title }), "").await,
            8 => self.does("issueInvoice", json!({ "id": invoice? }), "").await,
            _ => {
                let input = json!({ "invoiceId": invoice?, "amount": "1.00", "method": "TRANSFER" });
                self.does("recordPayment", input, "").await
            }
        }
        .map(drop)
    }
}
