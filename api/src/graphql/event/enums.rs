//! The GraphQL enums of an event. They mirror those of the lower crates, and `remote` makes the compiler compare the values.

use async_graphql::Enum;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::event::Kind")]
pub enum EventType {
    /// A dossier was opened.
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
    /// The verification of an upload failed: see `failureReason` of the version.
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

/// In which capacity somebody acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::event::ActorKind")]
pub enum ActorKind {
    /// The client of the dossier.
    Client,
    /// A member of the agency.
    Member,
    /// Élio.
    Assistant,
    /// Dossier itself.
    System,
}

/// Why what is shown must be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "dossier_events::Resync")]
pub enum ResyncReason {
    /// The cursor is none that this server gave to this organization.
    Malformed,
    /// Events behind the cursor are kept no longer.
    TooOld,
    /// The database was put back to an earlier state, and numbers are given anew.
    OtherEpoch,
    /// The viewer's role or sites are not what they were at the cursor: some things came into sight, or left it,
    /// without an event of their own.
    AccessChanged,
}
