//! What a payment shows.

use super::PaymentMethod;
use super::node::Payment;
use crate::graphql::{
    connection::Rows,
    id::Id,
    invoice::{Invoice, Money},
    lookup,
    request::ContextExt,
    scalar::Date,
};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_data::{Columns, Order};
use entities::{invoice, payment::Column};
use sea_orm::Condition;

impl Payment {
    /// All, the oldest first.
    pub fn rows() -> Rows<Self> {
        Rows::all(Condition::all(), Order { column: None, id: Column::Id, descending: false })
    }
}

/// Money that came in for an invoice, or the reversal of it. Neither ever changes.
#[Object]
impl Payment {
    /// `payment_…`
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// In the invoice's currency; negative for a reversal.
    async fn amount(&self, ctx: &Context<'_>) -> Result<Option<Money>, Error> {
        let mut currency = Columns::NONE;
        currency.add([invoice::Column::Id, invoice::Column::Currency]);
        let invoice = ctx.tx().await?.get_columns::<invoice::Entity>(self.0.invoice_id, currency).await?;
        Ok(invoice.map(|invoice| Money::new(self.0.amount, &invoice.currency)))
    }

    /// How it came; of a reversal, how what it takes back came.
    async fn method(&self) -> PaymentMethod {
        self.0.method.into()
    }

    /// The day it came in; of a reversal, the day it was taken back.
    async fn received_on(&self) -> Date {
        Date(self.0.received_on)
    }

    /// What the bank or the payer calls it.
    async fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// Of a reversal: why the payment was taken back.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// Of a reversal: the payment that it takes back.
    async fn reverses(&self, ctx: &Context<'_>) -> Result<Option<Payment>, Error> {
        lookup::find(ctx, self.0.reverses_id).await
    }

    /// The reversal that took it back; null while it stands.
    async fn reversed_by(&self, ctx: &Context<'_>) -> Result<Option<Payment>, Error> {
        Self::rows().of(Column::ReversesId, self.0.id).one(ctx).await
    }

    /// The invoice that it pays.
    async fn invoice(&self, ctx: &Context<'_>) -> Result<Option<Invoice>, Error> {
        lookup::get(ctx, self.0.invoice_id).await
    }

    /// The name, at the time, of who recorded it.
    async fn recorded_by(&self) -> &str {
        &self.0.recorder_name
    }

    /// When it was recorded.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}
