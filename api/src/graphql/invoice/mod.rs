//! Invoices, and the code that they share with quotes and credit notes.

mod action;
mod billing_document;
mod delete;
mod dossier;
mod filter;
mod mutation;
mod node;
mod object;
mod query;
mod status;
mod totals;

pub use action::{CreditNoteAction, InvoiceAction, QuoteAction};
pub use billing_document::{BillingDocument, LineItemInput, Money};
pub use delete::DraftMutation;
pub use dossier::Billing;
pub use filter::{AmountRange, BillingFilter, BillingOrder, DateRange};
pub use mutation::InvoiceMutation;
pub use node::Invoice;
pub use query::InvoiceQuery;
pub use status::{CreditNoteStatus, InvoiceStatus, QuoteStatus};
pub use totals::{BillingTotals, of as totals};
