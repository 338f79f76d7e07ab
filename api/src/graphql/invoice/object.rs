//! The fields of an invoice.

use super::node::Invoice;
use super::{BillingDocument, InvoiceAction, InvoiceStatus, Money, filter::BillingOrder};
use crate::graphql::{
    connection::{Connection, Paging, Rows},
    credit_note::CreditNote,
    id::Id,
    lookup,
    payment::Payment,
    personal::personal,
    quote::Quote,
    request::ContextExt,
    scalar::Date,
    viewer_can::viewer_can,
};
use async_graphql::{Context, ID, Object};
use dossier_core::error::Error;
use dossier_domain::{
    calendar,
    invoice::{self, InvoiceUseCase},
};
use entities::{invoice::Column, payment};
use sea_orm::Condition;

/// An invoice (facture).
// The macro awaits every field.
#[allow(clippy::unused_async)]
#[Object]
impl Invoice {
    /// The global id, `invoice_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    #[graphql(flatten)]
    async fn billing_document(&self) -> BillingDocument<'_> {
        BillingDocument(&self.0)
    }

    /// The status.
    async fn status(&self) -> Result<InvoiceStatus, Error> {
        self.0.status.try_into()
    }

    /// The last day to pay. If it is not set before, issuing sets it.
    async fn due_on(&self) -> Option<Date> {
        self.0.due_on.map(Date)
    }

    /// Whether an amount is due and the last day to pay is over in the organization's time zone.
    async fn overdue(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        Ok(invoice::overdue(&self.0, calendar::today(&*ctx.tx().await?).await?))
    }

    /// The amount still to be paid: the total minus payments and credits. Zero for a draft.
    async fn amount_due(&self) -> Money {
        self.money(invoice::due(&self.0))
    }

    /// The paid amount: payments minus reversals.
    async fn paid_total(&self) -> Money {
        self.money(self.0.paid_total)
    }

    /// The sum of the issued credit notes.
    async fn credited_total(&self) -> Money {
        self.money(self.0.credited_total)
    }

    /// The actions that the viewer may do with the invoice now. They depend on the role of the viewer and the state of
    /// the invoice. Other actions would be refused.
    #[graphql(directive = personal::apply())]
    async fn viewer_can(&self, ctx: &Context<'_>) -> Result<Vec<InvoiceAction>, Error> {
        viewer_can::<InvoiceUseCase, _>(ctx, &self.0).await
    }

    /// The accepted quote from which the invoice was created. Null for other invoices.
    async fn quote(&self, ctx: &Context<'_>) -> Result<Option<Quote>, Error> {
        lookup::find(ctx, self.0.origin_id).await
    }

    /// The payments and their reversals, oldest first.
    async fn payments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Payment>, Error> {
        let rows = Payment::rows().of(payment::Column::InvoiceId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }

    /// The credit notes that correct the invoice, oldest first.
    async fn credit_notes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
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
