//! An event in a dossier, numbered in its organization. This table is the outbox: rows never change, and are read by
//! number.
pub use crate::actor::ActorKind;
use crate::document::Zone;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    /// The sequence, without gaps, in the order of commits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub id: Uuid,
    /// The version of this row's format.
    pub format: i32,
    pub client_id: Uuid,
    pub kind: Kind,
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    pub actor_kind: ActorKind,
    pub actor_id: Option<Uuid>,
    pub actor_name: String,
    /// The id that the caller gave to the mutation. Only the actor may read it.
    pub client_mutation_id: Option<String>,
    pub occurred_at: DateTimeUtc,
    /// Who could see the subject before the event. `present` is false if it did not exist. A null means that the
    /// subject has no such property.
    pub before_present: bool,
    pub before_site_id: Option<Uuid>,
    pub before_zone: Option<Zone>,
    pub before_visible: Option<bool>,
    pub before_internal: Option<bool>,
    pub before_draft: Option<bool>,
    /// Who could see the subject after the event.
    pub after_present: bool,
    pub after_site_id: Option<Uuid>,
    pub after_zone: Option<Zone>,
    pub after_visible: Option<bool>,
    pub after_internal: Option<bool>,
    pub after_draft: Option<bool>,
}

impl ActiveModelBehavior for ActiveModel {}

/// The kind of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(40))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A dossier was created.
    #[default]
    ClientCreated,
    /// A client's data changed.
    ClientUpdated,
    /// A dossier moved to another site.
    ClientMoved,
    /// A dossier was archived.
    ClientArchived,
    /// An archived dossier was restored.
    ClientRestored,
    /// An upload was requested, its verification began, or the upload of a further version was cancelled.
    DocumentUploadRequested,
    /// The bytes of a version arrived and were verified.
    DocumentUploaded,
    /// The verification of an upload failed.
    DocumentUploadFailed,
    /// A version was shown to the client.
    DocumentPublished,
    /// A document was hidden from the client.
    DocumentUnpublished,
    /// A document moved to another zone.
    DocumentMoved,
    /// A document was renamed.
    DocumentRenamed,
    /// A document was moved to the trash, or deleted.
    DocumentDeleted,
    /// A document was taken out of the trash.
    DocumentRestored,
    /// An older version of a document became the newest again.
    DocumentVersionRestored,
    /// A conversation was opened.
    ConversationStarted,
    /// A conversation was closed.
    ConversationClosed,
    /// A message was posted.
    MessagePosted,
    /// The author of a message changed its text.
    MessageEdited,
    /// A message was deleted.
    MessageDeleted,
    /// A validation request was submitted.
    ValidationSubmitted,
    /// A request was submitted again after changes.
    ValidationResubmitted,
    /// A request was shared with the client.
    ValidationShared,
    /// A request was assigned to a member of the agency, or to nobody.
    ValidationAssigned,
    /// The due date of a request was set or removed.
    ValidationDueDateSet,
    /// A document of a pending request got a new version.
    ValidationVersionReplaced,
    /// Somebody commented on a request.
    ValidationCommented,
    /// A request was approved.
    ValidationApproved,
    /// A request was rejected.
    ValidationRejected,
    /// A request was sent back for changes.
    ValidationChangesRequested,
    /// A request was cancelled.
    ValidationCancelled,
    /// A quote was drafted.
    QuoteCreated,
    /// The draft of a quote changed.
    QuoteUpdated,
    /// The draft of a quote was deleted.
    QuoteDeleted,
    /// A quote was numbered and issued.
    QuoteIssued,
    /// The client accepted a quote.
    QuoteAccepted,
    /// The client refused a quote.
    QuoteRefused,
    /// An invoice was drafted.
    InvoiceCreated,
    /// The draft of an invoice changed.
    InvoiceUpdated,
    /// The draft of an invoice was deleted.
    InvoiceDeleted,
    /// An invoice was numbered and issued.
    InvoiceIssued,
    /// A payment for an invoice was recorded.
    PaymentRecorded,
    /// A payment was reversed.
    PaymentReversed,
    /// A credit note was drafted.
    CreditNoteCreated,
    /// The draft of a credit note changed.
    CreditNoteUpdated,
    /// The draft of a credit note was deleted.
    CreditNoteDeleted,
    /// A credit note was numbered and issued.
    CreditNoteIssued,
    /// The viewer does not see the subject any more: it was deleted, hidden or moved. It is delivered, and never
    /// stored.
    Removed,
    /// The cursor cannot be used any more. The subscriber reads its data again, and continues after this event's
    /// cursor. It is delivered, and never stored.
    ResyncRequired,
}

/// The kind of an event's subject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubjectKind {
    #[default]
    Client,
    Document,
    Conversation,
    Message,
    ValidationRequest,
    Invoice,
}
