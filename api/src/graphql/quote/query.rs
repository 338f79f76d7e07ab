//! Queries for quotes.

use super::Quote;
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    id::Id,
    inline::InlineList,
    invoice::{self, AmountRange, BillingFilter, BillingOrder, BillingTotals, DateRange, QuoteStatus},
    lookup,
    request::ContextExt,
};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::Error;
use entities::invoice::Column;

/// Conditions for quotes. A quote must meet all of them.
#[derive(InputObject, Default)]
pub struct QuoteFilter {
    /// Limits the result to the dossier of this client.
    client_id: Option<Id<Client>>,
    /// Limits the result to these statuses.
    status: Option<Vec<QuoteStatus>>,
    /// Quotes whose number, title or client contains this text. Case and accents are ignored. A blank text
    /// matches all.
    search: Option<String>,
    /// Quotes that were issued on these days.
    issued_on: Option<DateRange>,
    /// Quotes that can be accepted until these days.
    valid_until: Option<DateRange>,
    /// Quotes whose total is in this range.
    total: Option<AmountRange>,
}

impl Quote {
    /// Returns the rows that meet the filter, in the given order.
    pub async fn rows(
        ctx: &Context<'_>,
        filter: Option<QuoteFilter>,
        order: Option<BillingOrder>,
    ) -> Result<Rows<Self>, Error> {
        let filter = filter.unwrap_or_default();
        let QuoteFilter { client_id: client, status, search, issued_on, total, .. } = filter;
        let (rows, mut scan) = BillingFilter { client, status, search, issued_on, total }.rows(ctx, order).await?;
        if let Some(days) = filter.valid_until {
            scan = scan.add(days.of(Column::ValidUntil));
        }
        Ok(rows.scan(scan))
    }
}

/// The queries of this feature, merged into [`crate::graphql::Query`].
#[derive(Default)]
pub struct QuoteQuery;

#[Object]
impl QuoteQuery {
    /// A quote by its id. Null if no such quote exists or the viewer cannot see it.
    async fn quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "`quote_…`")] id: Id<Quote>,
    ) -> Result<Option<Quote>, Error> {
        let tx = ctx.tx().await?;
        tx.member()?;
        lookup::get(ctx, id.uuid()).await
    }

    /// The quotes that the viewer can see.
    #[allow(clippy::too_many_arguments)]
    async fn quotes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Returns the rows that meet these conditions.")] filter: Option<QuoteFilter>,
        #[graphql(desc = "The sort order. The default is newest draft first.")] order_by: Option<BillingOrder>,
    ) -> Result<Connection<Quote>, Error> {
        Quote::rows(ctx, filter, order_by).await?.page(ctx, Paging { first, after, last, before }).await
    }

    /// The sums of the issued quotes that the viewer can see, one entry for each currency. Usually there is one currency.
    /// Summing costs one point for every 100 scanned rows.
    async fn quote_totals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Sums the rows that meet these conditions.")] filter: Option<QuoteFilter>,
    ) -> Result<InlineList<BillingTotals>, Error> {
        let rows = Quote::rows(ctx, filter, None).await?;
        invoice::totals(ctx, rows).await
    }
}
