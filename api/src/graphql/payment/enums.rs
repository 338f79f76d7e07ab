//! The GraphQL enum of a payment. It mirrors that of a lower crate, and `remote` makes the compiler compare the values.

use async_graphql::Enum;

/// How money came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::payment::Method")]
pub enum PaymentMethod {
    /// Credit transfer ("virement").
    Transfer,
    /// Payment card.
    Card,
    /// Direct debit ("prélèvement").
    DirectDebit,
    /// Cheque.
    Cheque,
    /// Notes and coins.
    Cash,
}
