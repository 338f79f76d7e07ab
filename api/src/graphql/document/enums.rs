//! The GraphQL enums of a document. They mirror the enums of the lower crates. `remote` makes the compiler compare the
//! values.

use async_graphql::Enum;

/// A part of a dossier with its own visibility rules. The agency's local `_bmad/` workbench is not a zone and stays
/// local.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::document::Zone")]
pub enum DocumentZone {
    /// Notes, drafts and work in progress. Never visible to the client.
    Private,
    /// Briefs and deliverables.
    Documents,
    /// Recordings of calls and their transcripts.
    Visios,
    /// Exported conversations.
    Chat,
    /// PDF files of quotes, invoices and receipts.
    Invoices,
    /// Logos, images and other files from the client.
    Assets,
}

/// Whether a document is approved as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DocumentApproval {
    /// No version was approved.
    None,
    /// The newest version was approved.
    Current,
    /// An earlier version was approved, and the document has changed since.
    Outdated,
}

/// The status of an upload. A document has the status of its latest upload until one is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::document::Status")]
pub enum DocumentStatus {
    /// The upload was requested, and some bytes are still missing.
    Pending,
    /// The bytes were received, and are being compared with the announced size, media type and SHA-256.
    Verifying,
    /// The file is stored, and its size, media type and SHA-256 are verified.
    Ready,
    /// The verification failed, see `failureReason`. After `TYPE_MISMATCH`, `STORE_UNAVAILABLE` and `SCANNER_UNAVAILABLE`,
    /// the bytes are kept: call `completeUpload` again. Otherwise, repeat `requestUpload` with the same idempotency key to
    /// get new URLs. A failed upload is deleted after 7 days.
    Failed,
}

/// The reason why an upload failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::document_version::FailureReason")]
pub enum UploadFailureReason {
    /// The number of bytes differs from the announced size.
    SizeMismatch,
    /// The SHA-256 of the bytes differs from the announced one.
    #[graphql(name = "SHA256_MISMATCH")]
    Sha256Mismatch,
    /// The bytes are of another kind than the announced media type, see `recognizedContentType`. Complete the upload with
    /// the right type.
    TypeMismatch,
    /// The file is an executable program, which is not accepted.
    TypeNotAccepted,
    /// The object store ended the upload before it was complete.
    UploadLost,
    /// The object store could not be read for too long.
    StoreUnavailable,
    /// The member who completed the upload may no longer add documents to the dossier, or the dossier was archived.
    NotPermitted,
    /// The scanner found malware in the file.
    MalwareFound,
    /// The scanner for malware did not answer for too long.
    ScannerUnavailable,
}

/// An action on a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "dossier_domain::document::DocumentUseCase")]
pub enum DocumentAction {
    /// Upload a new version with `requestUpload`.
    UploadVersion,
    /// Publish a version with `publishDocument`. It is also listed if another version is published.
    Publish,
    /// Hide it from the client with `unpublishDocument`. It is also listed for a hidden document, which it does not
    /// change.
    Unpublish,
    /// Move it to another zone with `moveDocument`.
    Move,
    /// Rename it with `renameDocument`.
    Rename,
    /// Move it to the trash with `deleteDocument`.
    Delete,
    /// Restore it from the trash with `restoreDocument`.
    Restore,
    /// Remove it from the trash for good with `purgeDocument`.
    Purge,
}

/// An action on a version of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "dossier_domain::upload::UploadUseCase")]
pub enum DocumentVersionAction {
    /// Cancel its upload with `cancelUpload`.
    CancelUpload,
    /// Make it the newest version again with `restoreDocumentVersion`.
    Restore,
}
