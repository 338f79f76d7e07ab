//! Documents and their versions.

mod enums;
mod mutation;
mod object;
mod query;
mod upload;

pub use enums::{DocumentStatus, DocumentZone};
pub use mutation::DocumentMutation;
pub use object::{Document, DocumentVersion};
pub use query::{DocumentFilter, DocumentOrder, DocumentQuery};
