//! Queries for invoices.

use super::{
    Invoice, InvoiceStatus,
    filter::{AmountRange, BillingFilter, BillingOrder, DateRange, OPEN},
    totals::{self, InvoiceTotals},
};
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    id::Id,
    inline::InlineList,
    lookup,
    request::ContextExt,
};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::Error;
use dossier_domain::calendar;
use entities::invoice::Column;
use sea_orm::{ColumnTrait, Condition};

/// Conditions for invoices. An invoice must meet all of them.
#[derive(InputObject, Default)]
pub struct InvoiceFilter {
    /// Limits the result to the dossier of this client.
    client_id: Option<Id<Client>>,
    /// Limits the result to these statuses.
    status: Option<Vec<InvoiceStatus>>,
    /// Only overdue invoices, or only those that are not overdue.
    overdue: Option<bool>,
    /// Invoices whose number, title or client contains this text. Case and accents are ignored. A blank text matches all.
    search: Option<String>,
    /// Invoices that were issued on these days.
    issued_on: Option<DateRange>,
    /// Invoices that must be paid on these days at the latest.
    due_on: Option<DateRange>,
    /// Invoices whose total is in this range.
    total: Option<AmountRange>,
}

impl Invoice {
    /// Returns the rows that meet the filter, in the given order.
    pub async fn rows(
        ctx: &Context<'_>,
        filter: Option<InvoiceFilter>,
        order: Option<BillingOrder>,
    ) -> Result<Rows<Self>, Error> {
        let filter = filter.unwrap_or_default();
        let InvoiceFilter { client_id: client, status, search, issued_on, total, .. } = filter;
        let (mut rows, mut scan) = BillingFilter { client, status, search, issued_on, total }.rows(ctx, order).await?;
        if let Some(days) = filter.due_on {
            scan = scan.add(days.of(Column::DueOn));
        }
        if let Some(overdue) = filter.overdue {
            let today = calendar::today(&*ctx.tx().await?).await?;
            if overdue {
                rows = rows.indexed(Condition::all().add(Column::Status.is_in(OPEN)));
                scan = scan.add(Column::DueOn.lt(today));
            } else {
                scan = scan.add(Condition::any().add(Column::Status.is_not_in(OPEN)).add(Column::DueOn.gte(today)));
            }
        }
        Ok(rows.scan(scan))
    }
}

/// The queries of this feature, merged into [`crate::graphql::Query`].
#[derive(Default)]
pub struct InvoiceQuery;

#[Object]
impl InvoiceQuery {
    /// An invoice by its id. Null if no such invoice exists or the viewer cannot see it.
    async fn invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "`invoice_…`")] id: Id<Invoice>,
    ) -> Result<Option<Invoice>, Error> {
        let tx = ctx.tx().await?;
        tx.member()?;
        lookup::get(ctx, id.uuid()).await
    }

    /// The invoices that the viewer can see.
    #[allow(clippy::too_many_arguments)]
    async fn invoices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Returns the rows that meet these conditions.")] filter: Option<InvoiceFilter>,
        #[graphql(desc = "The sort order. The default is newest draft first.")] order_by: Option<BillingOrder>,
    ) -> Result<Connection<Invoice>, Error> {
        Invoice::rows(ctx, filter, order_by).await?.page(ctx, Paging { first, after, last, before }).await
    }

    /// The sums of the issued invoices that the viewer can see, one entry for each currency. Usually there is one currency.
    /// Summing costs one point for every 100 scanned rows.
    async fn invoice_totals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Sums the rows that meet these conditions.")] filter: Option<InvoiceFilter>,
    ) -> Result<InlineList<InvoiceTotals>, Error> {
        let rows = Invoice::rows(ctx, filter, None).await?;
        totals::of_invoices(ctx, rows).await
    }
}
