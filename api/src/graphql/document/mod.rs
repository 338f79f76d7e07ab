//! Documents and their versions.

mod mutation;
mod object;
mod query;
mod upload;

pub use mutation::DocumentMutation;
pub use object::{Document, DocumentVersion};
pub use query::{DocumentFilter, DocumentOrder, DocumentQuery};
