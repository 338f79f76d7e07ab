//! Invoices, and the code that they share with quotes and credit notes.

mod action;
mod billing_document;
mod dossier;
mod mutation;
mod node;
mod object;
mod query;
mod status;

pub use action::{CreditNoteAction, InvoiceAction, QuoteAction};
pub use billing_document::{BillingDocument, LineItemInput, Money};
pub use dossier::Billing;
pub use mutation::InvoiceMutation;
pub use node::Invoice;
pub use query::{BillingOrder, InvoiceQuery, matching};
pub use status::{CreditNoteStatus, InvoiceStatus, QuoteStatus};
