//! The GraphQL enums of a payment. They mirror the enums of the lower crates. `remote` makes the compiler compare the
//! values.

use async_graphql::Enum;

/// How a payment was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::payment::Method")]
pub enum PaymentMethod {
    /// Credit transfer (virement).
    Transfer,
    /// Payment card.
    Card,
    /// Direct debit (prélèvement).
    DirectDebit,
    /// Cheque.
    Cheque,
    /// Notes and coins.
    Cash,
}

/// An action on a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "dossier_domain::invoice::PaymentUseCase")]
pub enum PaymentAction {
    /// Reverse it with `reversePayment`.
    Reverse,
}
