//! Credit notes: how issued invoices are corrected.

mod mutation;
mod object;
mod query;

pub use mutation::CreditNoteMutation;
pub use object::CreditNote;
pub use query::{CreditNoteFilter, CreditNoteQuery};
