//! A fact that happened in a dossier, numbered in its organization. The outbox: never changed, read by number.
use crate::document::Zone;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    /// Without gaps, in the order of commits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub id: Uuid,
    /// Version of this row's format.
    pub format: i32,
    pub client_id: Uuid,
    pub kind: Kind,
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    pub actor_kind: ActorKind,
    pub actor_id: Option<Uuid>,
    pub actor_name: String,
    pub occurred_at: DateTimeUtc,
    /// Who could see the subject before: `present` is false when it did not exist; a null means that the subject has
    /// no such property.
    pub before_present: bool,
    pub before_site_id: Option<Uuid>,
    pub before_zone: Option<Zone>,
    pub before_visible: Option<bool>,
    pub before_internal: Option<bool>,
    pub before_draft: Option<bool>,
    /// Who could see the subject after.
    pub after_present: bool,
    pub after_site_id: Option<Uuid>,
    pub after_zone: Option<Zone>,
    pub after_visible: Option<bool>,
    pub after_internal: Option<bool>,
    pub after_draft: Option<bool>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(40))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A dossier was opened.
    #[default]
    ClientCreated,
    /// A client's card changed.
    ClientUpdated,
    /// A dossier moved to another site.
    ClientMoved,
    /// A dossier was closed.
    ClientArchived,
    /// An archived dossier was opened again.
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
    /// A document went to another zone.
    DocumentMoved,
    /// A document got another name.
    DocumentRenamed,
    /// A document was removed.
    DocumentDeleted,
    /// A thread was opened.
    ConversationStarted,
    /// A thread was closed.
    ConversationClosed,
    /// A message was written.
    MessagePosted,
    /// Something was put before the agency.
    ValidationSubmitted,
    /// It was put before the agency again, after changes.
    ValidationResubmitted,
    /// A request was shown to the client.
    ValidationShared,
    /// A request was given to a member of the agency, or to nobody.
    ValidationAssigned,
    /// A request was accepted.
    ValidationApproved,
    /// A request was turned down.
    ValidationRejected,
    /// A request was sent back for changes.
    ValidationChangesRequested,
    /// A request was withdrawn.
    ValidationCancelled,
    /// A quote was drafted.
    QuoteCreated,
    /// A draft of a quote changed.
    QuoteUpdated,
    /// A quote was numbered and sent.
    QuoteIssued,
    /// The client accepted a quote.
    QuoteAccepted,
    /// The client refused a quote.
    QuoteRefused,
    /// An invoice was drafted.
    InvoiceCreated,
    /// A draft of an invoice changed.
    InvoiceUpdated,
    /// An invoice was numbered and sent.
    InvoiceIssued,
    /// Money came in for an invoice.
    PaymentRecorded,
    /// A payment was taken back.
    PaymentReversed,
    /// A credit note was drafted.
    CreditNoteCreated,
    /// A credit note was numbered and sent.
    CreditNoteIssued,
    /// What it is about is gone from the viewer's sight: deleted, hidden or moved. Told, never stored.
    Removed,
    /// The cursor that was given leads nowhere: read what is shown again, and go on from this event's cursor. Told,
    /// never stored.
    ResyncRequired,
}

/// What a fact is about.
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

/// In which capacity somebody acted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ActorKind {
    /// The client of the dossier.
    #[default]
    Client,
    /// A member of the agency.
    Member,
    /// Élio.
    Assistant,
    /// Dossier itself.
    System,
}
