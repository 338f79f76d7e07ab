//! Who could see a subject before and after a change: without it, neither a deletion nor a hidden row could be announced
//! to the right people, for the row no longer says.

use entities::{client, conversation, document, event::SubjectKind, invoice, message, validation_request};
use uuid::Uuid;

/// The properties of a subject that the row rules ask about; none: the subject has no such property.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience {
    /// The site of the dossier.
    pub site: Option<Uuid>,
    /// The zone of a document.
    pub zone: Option<document::Zone>,
    /// Whether a document is published.
    pub visible: Option<bool>,
    /// Whether it is among the agency only.
    pub internal: Option<bool>,
    /// Whether it is not issued yet.
    pub draft: Option<bool>,
}

/// What a fact can be about.
pub trait EventSubject {
    /// What it is.
    const KIND: SubjectKind;

    /// Its key.
    fn id(&self) -> Uuid;

    /// Who can see it, given its dossier.
    fn audience(&self, dossier: &client::Model) -> Audience;
}

impl EventSubject for client::Model {
    const KIND: SubjectKind = SubjectKind::Client;

    fn id(&self) -> Uuid {
        self.id
    }

    fn audience(&self, _: &client::Model) -> Audience {
        Audience { site: self.site_id, ..Audience::default() }
    }
}

impl EventSubject for document::Model {
    const KIND: SubjectKind = SubjectKind::Document;

    fn id(&self) -> Uuid {
        self.id
    }

    fn audience(&self, dossier: &client::Model) -> Audience {
        Audience {
            zone: Some(self.zone),
            visible: Some(self.published_version_id.is_some()),
            ..dossier.audience(dossier)
        }
    }
}

impl EventSubject for conversation::Model {
    const KIND: SubjectKind = SubjectKind::Conversation;

    fn id(&self) -> Uuid {
        self.id
    }

    fn audience(&self, dossier: &client::Model) -> Audience {
        dossier.audience(dossier)
    }
}

impl EventSubject for message::Model {
    const KIND: SubjectKind = SubjectKind::Message;

    fn id(&self) -> Uuid {
        self.id
    }

    fn audience(&self, dossier: &client::Model) -> Audience {
        Audience { internal: Some(self.internal), ..dossier.audience(dossier) }
    }
}

impl EventSubject for validation_request::Model {
    const KIND: SubjectKind = SubjectKind::ValidationRequest;

    fn id(&self) -> Uuid {
        self.id
    }

    fn audience(&self, dossier: &client::Model) -> Audience {
        Audience { internal: Some(self.internal), ..dossier.audience(dossier) }
    }
}

impl EventSubject for invoice::Model {
    const KIND: SubjectKind = SubjectKind::Invoice;

    fn id(&self) -> Uuid {
        self.id
    }

    fn audience(&self, dossier: &client::Model) -> Audience {
        Audience { draft: Some(self.status == invoice::Status::Draft), ..dossier.audience(dossier) }
    }
}
