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

/// Whether the bytes are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::document::Status")]
pub enum DocumentStatus {
    /// Announced; the upload is not complete.
    Pending,
    /// Stored, its size, type and SHA-256 verified.
    Ready,
}
