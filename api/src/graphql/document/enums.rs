//! The GraphQL enums of a document. They mirror those of the lower crates, and `remote` makes the compiler compare the values.

use async_graphql::Enum;

/// A part of a dossier, with visibility rules of its own. The agency's local `_bmad/` workbench is none: it stays
/// local.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::document::Zone")]
pub enum DocumentZone {
    /// Notes, drafts, work in progress: never shown to the client.
    Private,
    /// Briefs and deliverables.
    Documents,
    /// Recordings of calls and their transcripts.
    Visios,
    /// Exported conversations.
    Chat,
    /// PDF of quotes, invoices and receipts.
    Invoices,
    /// Logos, images, what the client brought.
    Assets,
}

/// How far an upload has come. A document has the status of its latest upload until one is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::document::Status")]
pub enum DocumentStatus {
    /// Requested. The bytes have not all arrived.
    Pending,
    /// The bytes have arrived, and are being compared with what was announced.
    Verifying,
    /// Stored. Size, type and SHA-256 are verified.
    Ready,
    /// The bytes were not accepted: see `failureReason`. Send `requestUpload` again with the same idempotency key to get
    /// new URLs. A failed upload is deleted after 24 hours.
    Failed,
}

/// Why an upload failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::document_version::FailureReason")]
pub enum UploadFailureReason {
    /// The number of bytes differs from the announced size.
    SizeMismatch,
    /// The SHA-256 of the bytes differs from the announced one.
    #[graphql(name = "SHA256_MISMATCH")]
    Sha256Mismatch,
    /// The bytes are of another type than the announced one.
    TypeMismatch,
    /// Files of this type are not accepted, such as programs.
    TypeNotAccepted,
    /// The object store ended the upload before it was complete.
    UploadLost,
    /// The object store could not be read for too long.
    StoreUnavailable,
    /// The member who completed the upload may no longer add to the dossier, or the dossier was archived.
    NotPermitted,
}
