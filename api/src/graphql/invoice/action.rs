//! The actions on quotes, invoices and credit notes. They mirror the use cases of the domain. `remote` makes the compiler
//! compare the values.

use async_graphql::Enum;

/// An action on a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "dossier_domain::invoice::QuoteUseCase")]
pub enum QuoteAction {
    /// Change the draft with `updateQuote`.
    Update,
    /// Delete the draft with `deleteDraft`.
    Delete,
    /// Issue the draft with `issueQuote`.
    Issue,
    /// Accept it with `acceptQuote`.
    Accept,
    /// Refuse it with `refuseQuote`.
    Refuse,
    /// Create its invoice with `convertQuoteToInvoice`.
    ConvertToInvoice,
}

/// An action on an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "dossier_domain::invoice::InvoiceUseCase")]
pub enum InvoiceAction {
    /// Change the draft with `updateInvoice`.
    Update,
    /// Delete the draft with `deleteDraft`.
    Delete,
    /// Issue the draft with `issueInvoice`.
    Issue,
    /// Record a payment, up to the amount due, with `recordPayment`.
    RecordPayment,
    /// Create a credit note, up to the amount due, with `createCreditNote`.
    CreateCreditNote,
}

/// An action on a credit note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "dossier_domain::invoice::CreditNoteUseCase")]
pub enum CreditNoteAction {
    /// Change the draft with `updateCreditNote`.
    Update,
    /// Delete the draft with `deleteDraft`.
    Delete,
    /// Issue the draft with `issueCreditNote`.
    Issue,
}
