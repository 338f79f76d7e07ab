//! The fields of a payment.

use super::node::Payment;
use super::{PaymentAction, PaymentMethod};
use crate::graphql::{
    connection::Rows,
    event::Actor,
    id::Id,
    invoice::{Invoice, Money},
    lookup,
    personal::personal,
    request::ContextExt,
    scalar::Date,
    viewer_can::viewer_can,
};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_data::{Columns, Order};
use dossier_domain::invoice::PaymentUseCase;
use entities::{invoice, payment::Column};
use sea_orm::Condition;

impl Payment {
    /// Returns all rows, oldest first.
    pub fn rows() -> Rows<Self> {
        Rows::all(Condition::all(), Order { column: None, id: Column::Id, descending: false })
    }
}

/// A payment of an invoice, or the reversal of a payment. Neither ever changes.
#[Object]
impl Payment {
    /// The global id, `payment_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The amount in the currency of the invoice. It is negative for a reversal.
    async fn amount(&self, ctx: &Context<'_>) -> Result<Option<Money>, Error> {
        let mut currency = Columns::NONE;
        currency.add([invoice::Column::Id, invoice::Column::Currency]);
        let invoice = ctx.tx().await?.get_columns::<invoice::Entity>(self.0.invoice_id, currency).await?;
        Ok(invoice.map(|invoice| Money::new(self.0.amount, &invoice.currency)))
    }

    /// How the payment was made. A reversal has the method of its payment.
    async fn method(&self) -> PaymentMethod {
        self.0.method.into()
    }

    /// The day on which the money was received, or the day of a reversal.
    async fn received_on(&self) -> Date {
        Date(self.0.received_on)
    }

    /// The reference of the bank or the payer.
    async fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// The reason of a reversal. Null for other payments.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// The payment that a reversal reverses. Null for other payments.
    async fn reverses(&self, ctx: &Context<'_>) -> Result<Option<Payment>, Error> {
        lookup::find(ctx, self.0.reverses_id).await
    }

    /// The reversal of this payment. Null if it was not reversed.
    async fn reversed_by(&self, ctx: &Context<'_>) -> Result<Option<Payment>, Error> {
        Self::rows().of(Column::ReversesId, self.0.id).one(ctx).await
    }

    /// The invoice that was paid.
    async fn invoice(&self, ctx: &Context<'_>) -> Result<Option<Invoice>, Error> {
        lookup::get(ctx, self.0.invoice_id).await
    }

    /// The person who recorded it.
    async fn recorder(&self) -> Actor {
        Actor::from(&self.0)
    }

    /// The name of the person who recorded it, at the time of recording.
    #[graphql(deprecation = "Use `recorder.displayName`.")]
    async fn recorded_by(&self) -> &str {
        &self.0.recorder_name
    }

    /// The actions that the viewer may do with the payment now. They depend on the role of the viewer and the state of
    /// the payment. Other actions would be refused.
    #[graphql(directive = personal::apply())]
    async fn viewer_can(&self, ctx: &Context<'_>) -> Result<Vec<PaymentAction>, Error> {
        viewer_can::<PaymentUseCase, _>(ctx, &self.0).await
    }

    /// When it was recorded.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}
