//! What an invoice shows.

use super::node::Invoice;
use super::{Bill, InvoiceStatus, Money, query::BillingOrder};
use crate::graphql::{
    connection::{Connection, Paging, Rows},
    credit_note::CreditNote,
    id::Id,
    lookup,
    payment::Payment,
    quote::Quote,
    request::ContextExt,
    scalar::Date,
};
use async_graphql::{Context, ID, Object};
use dossier_core::error::Error;
use dossier_domain::{calendar, invoice};
use entities::{invoice::Column, payment};
use sea_orm::Condition;

/// What a client has to pay (facture).
// The macro awaits every field.
#[allow(clippy::unused_async)]
#[Object]
impl Invoice {
    /// `invoice_…`
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    #[graphql(flatten)]
    async fn bill(&self) -> Bill<'_> {
        Bill(&self.0)
    }

    /// Where it stands.
    async fn status(&self) -> Result<InvoiceStatus, Error> {
        self.0.status.try_into()
    }

    /// The last day to pay; set when it is issued, if not before.
    async fn due_on(&self) -> Option<Date> {
        self.0.due_on.map(Date)
    }

    /// Whether something is due and the last day to pay it is over, in the organization's time zone.
    async fn overdue(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        Ok(invoice::overdue(&self.0, calendar::today(&*ctx.tx().await?).await?))
    }

    /// What is still to be paid: the total less what is paid and credited. Nothing while it is a draft.
    async fn amount_due(&self) -> Money {
        self.money(invoice::due(&self.0))
    }

    /// What was paid: payments less reversals.
    async fn paid_total(&self) -> Money {
        self.money(self.0.paid_total)
    }

    /// What issued credit notes took away.
    async fn credited_total(&self) -> Money {
        self.money(self.0.credited_total)
    }

    /// The accepted quote that it was made from; null for others.
    async fn quote(&self, ctx: &Context<'_>) -> Result<Option<Quote>, Error> {
        lookup::find(ctx, self.0.origin_id).await
    }

    /// Payments and their reversals, the oldest first.
    async fn payments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Payment>, Error> {
        let rows = Payment::rows().of(payment::Column::InvoiceId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }

    /// The credit notes that correct it, the oldest first.
    async fn credit_notes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<CreditNote>, Error> {
        let rows = Rows::all(Condition::all(), BillingOrder::CreatedAtAsc.order()).of(Column::OriginId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }
}

impl Invoice {
    fn money(&self, amount: i64) -> Money {
        Money::new(amount, &self.0.currency)
    }
}
