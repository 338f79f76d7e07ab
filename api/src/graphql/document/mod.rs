//! Documents and their versions.

mod enums;
mod mutation;
mod node;
mod object;
mod query;
mod transfer;
mod trash;
mod upload;
mod upload_mutation;

pub use enums::{
    DocumentAction, DocumentApproval, DocumentStatus, DocumentVersionAction, DocumentZone, UploadFailureReason,
};
pub use mutation::DocumentMutation;
pub use node::{Document, DocumentVersion};
pub use query::{DocumentFilter, DocumentOrder, DocumentQuery};
pub use trash::TrashMutation;
pub use upload_mutation::UploadMutation;
