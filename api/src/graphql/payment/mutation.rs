//! Mutations of payments.

use super::{Payment, PaymentMethod};
use crate::graphql::{
    id::Id,
    invoice::Invoice,
    payload::payload,
    request::ContextExt,
    scalar::{Date, Decimal},
};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::Error;
use dossier_domain::invoice::{self, NewPayment};
use futures::FutureExt;

/// Input for recording a payment.
#[derive(InputObject)]
pub struct RecordPaymentInput {
    /// The issued invoice that was paid.
    invoice_id: Id<Invoice>,
    /// The amount in the currency of the invoice: greater than 0, and at most the amount due.
    amount: Decimal,
    /// How the payment was made.
    method: PaymentMethod,
    /// The day on which the money was received, not in the future. The default is today.
    received_on: Option<Date>,
    /// The reference of the bank or the payer, up to 200 characters.
    reference: Option<String>,
}

/// Input for reversing a payment.
#[derive(InputObject)]
pub struct ReversePaymentInput {
    /// The payment. It must not be a reversal.
    id: Id<Payment>,
    /// The reason, 1 to 1,000 characters. The client can read it.
    reason: String,
}

payload! {
    /// The result of recording a payment.
    RecordPaymentPayload {
        /// The new payment, which leads to the invoice. Null if there are `userErrors`.
        payment: Payment
    }
}

payload! {
    /// The result of reversing a payment.
    ReversePaymentPayload {
        /// The reversal, which is a payment of the opposite amount. Null if there are `userErrors`.
        payment: Payment
    }
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct PaymentMutation;

#[Object]
impl PaymentMutation {
    /// Records a payment of an invoice. If nothing remains due, the invoice becomes `PAID`. Send an idempotency key, so
    /// that a retry after a lost response does not record the payment twice.
    async fn record_payment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The payment to record.")] input: RecordPaymentInput,
    ) -> Result<RecordPaymentPayload, Error> {
        let new = NewPayment {
            invoice: input.invoice_id.uuid(),
            amount: input.amount.0,
            method: input.method.into(),
            received_on: input.received_on.map(|day| day.0),
            reference: input.reference,
        };
        ctx.mutate(|tx| invoice::record_payment(tx, new).boxed()).await
    }

    /// Reverses a payment by recording the opposite amount, which becomes due again. A payment can be reversed once.
    async fn reverse_payment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The payment to reverse, and the reason.")] input: ReversePaymentInput,
    ) -> Result<ReversePaymentPayload, Error> {
        let ReversePaymentInput { id, reason } = input;
        ctx.mutate(move |tx| async move { invoice::reverse_payment(tx, id.uuid(), &reason).await }.boxed()).await
    }
}
