//! The GraphQL enums of an event. They mirror the enums of the lower crates. `remote` makes the compiler compare the
//! values.

use async_graphql::Enum;

/// The type of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::event::Kind")]
pub enum EventType {
    /// A client was created.
    ClientCreated,
    /// A client was changed.
    ClientUpdated,
    /// A dossier was moved to another site.
    ClientMoved,
    /// A client was archived.
    ClientArchived,
    /// An archived client was restored.
    ClientRestored,
    /// An upload was requested, its verification began, or the upload of a further version was cancelled.
    DocumentUploadRequested,
    /// The bytes of a version were received and verified.
    DocumentUploaded,
    /// The verification of an upload failed. See `failureReason` of the version.
    DocumentUploadFailed,
    /// A version was published to the client.
    DocumentPublished,
    /// A document was hidden from the client.
    DocumentUnpublished,
    /// A document was moved to another zone.
    DocumentMoved,
    /// A document was renamed.
    DocumentRenamed,
    /// A document was moved to the trash, or deleted. Viewers who may restore it find it in `deletedDocuments`.
    DocumentDeleted,
    /// A document was restored from the trash.
    DocumentRestored,
    /// An older version of a document became the newest again.
    DocumentVersionRestored,
    /// A conversation was started.
    ConversationStarted,
    /// A conversation was closed.
    ConversationClosed,
    /// A message was posted.
    MessagePosted,
    /// The text of a message was changed by its author.
    MessageEdited,
    /// A message was deleted. Its text is empty now.
    MessageDeleted,
    /// A validation request was submitted.
    ValidationSubmitted,
    /// A validation request was submitted again after changes.
    ValidationResubmitted,
    /// An internal validation request was shared with the client.
    ValidationShared,
    /// A validation request was assigned to a member, or to nobody.
    ValidationAssigned,
    /// The due date of a validation request was set or removed.
    ValidationDueDateSet,
    /// A document of a pending validation request got a new version, which replaced the earlier one.
    ValidationVersionReplaced,
    /// Somebody commented on a validation request.
    ValidationCommented,
    /// A validation request was approved.
    ValidationApproved,
    /// A validation request was rejected.
    ValidationRejected,
    /// Changes to a validation request were requested.
    ValidationChangesRequested,
    /// A validation request was withdrawn.
    ValidationCancelled,
    /// A draft of a quote was created.
    QuoteCreated,
    /// A draft of a quote was changed.
    QuoteUpdated,
    /// A draft of a quote was deleted.
    QuoteDeleted,
    /// A quote was issued.
    QuoteIssued,
    /// A quote was accepted.
    QuoteAccepted,
    /// A quote was refused.
    QuoteRefused,
    /// A draft of an invoice was created.
    InvoiceCreated,
    /// A draft of an invoice was changed.
    InvoiceUpdated,
    /// A draft of an invoice was deleted.
    InvoiceDeleted,
    /// An invoice was issued.
    InvoiceIssued,
    /// A payment of an invoice was recorded.
    PaymentRecorded,
    /// A payment was reversed.
    PaymentReversed,
    /// A draft of a credit note was created.
    CreditNoteCreated,
    /// A draft of a credit note was changed.
    CreditNoteUpdated,
    /// A draft of a credit note was deleted.
    CreditNoteDeleted,
    /// A credit note was issued.
    CreditNoteIssued,
    /// The viewer can no longer see the subject, because it was deleted, hidden or moved. Such an event is delivered,
    /// but not stored.
    Removed,
    /// The given cursor is no longer valid. Read the displayed data again, and continue from the cursor of this event.
    /// Such an event is delivered, but not stored.
    ResyncRequired,
}

/// The capacity in which somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::event::ActorKind")]
pub enum ActorKind {
    /// The client of the dossier.
    Client,
    /// A member of the agency.
    Member,
    /// An API key of the agency. Its actions of earlier versions have `MEMBER`.
    ApiKey,
    /// The assistant, Élio.
    Assistant,
    /// Dossier itself.
    System,
}

/// The reason why the client application must read its data again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "dossier_events::Resync")]
pub enum ResyncReason {
    /// This server did not issue the cursor to this organization.
    Malformed,
    /// The events after the cursor are no longer stored.
    TooOld,
    /// The database was restored to an earlier state, and sequences are assigned again.
    OtherEpoch,
    /// The viewer's role or sites have changed since the cursor. Some rows became visible or invisible without an event
    /// of their own.
    AccessChanged,
}
