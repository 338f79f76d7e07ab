//! Recording and reversing payments.

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

/// Money that came in.
#[derive(InputObject)]
pub struct RecordPaymentInput {
    /// The issued invoice that it pays.
    invoice_id: Id<Invoice>,
    /// In the invoice's currency: greater than 0, at most what is due.
    amount: Decimal,
    /// How it came.
    method: PaymentMethod,
    /// When it came, not in the future; by default today.
    received_on: Option<Date>,
    /// What the bank or the payer calls it; up to 200 characters.
    reference: Option<String>,
}

/// Which payment to take back, and why.
#[derive(InputObject)]
pub struct ReversePaymentInput {
    /// The payment; not a reversal.
    id: Id<Payment>,
    /// 1 to 1,000 characters; the client reads it, too.
    reason: String,
}

payload! {
    /// What came of recording a payment.
    RecordPaymentPayload {
        /// The new payment, and through it the invoice; null when there are `userErrors`.
        payment: Payment
    }
}

payload! {
    /// What came of reversing a payment.
    ReversePaymentPayload {
        /// The reversal: a payment of the opposite amount; null when there are `userErrors`.
        payment: Payment
    }
}

/// See [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct PaymentMutation;

#[Object]
impl PaymentMutation {
    /// Records money that came in for an invoice; what pays the rest closes it. Send an idempotency key, so that trying
    /// again after a lost answer does not record it twice.
    async fn record_payment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The payment.")] input: RecordPaymentInput,
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

    /// Takes a payment back, once, by recording the opposite amount: its amount is due again.
    async fn reverse_payment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and why.")] input: ReversePaymentInput,
    ) -> Result<ReversePaymentPayload, Error> {
        let ReversePaymentInput { id, reason } = input;
        ctx.mutate(move |tx| async move { invoice::reverse_payment(tx, id.uuid(), &reason).await }.boxed()).await
    }
}
