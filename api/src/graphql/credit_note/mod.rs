//! Credit notes, which correct issued invoices.

mod mutation;
mod node;
mod object;
mod query;

pub use mutation::CreditNoteMutation;
pub use node::CreditNote;
pub use query::{CreditNoteFilter, CreditNoteQuery};
