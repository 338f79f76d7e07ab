//! Queries for credit notes.

use super::CreditNote;
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    id::Id,
    inline::InlineList,
    invoice::{self, AmountRange, BillingFilter, BillingOrder, BillingTotals, CreditNoteStatus, DateRange},
    lookup,
    request::ContextExt,
};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::Error;

/// Conditions for credit notes. A credit note must meet all of them.
#[derive(InputObject, Default)]
pub struct CreditNoteFilter {
    /// Limits the result to the dossier of this client.
    client_id: Option<Id<Client>>,
    /// Limits the result to these statuses.
    status: Option<Vec<CreditNoteStatus>>,
    /// Credit notes whose number, title or client contains this text. Case and accents are ignored. A blank text
    /// matches all.
    search: Option<String>,
    /// Credit notes that were issued on these days.
    issued_on: Option<DateRange>,
    /// Credit notes whose total is in this range.
    total: Option<AmountRange>,
}

impl CreditNote {
    /// Returns the rows that meet the filter, in the given order.
    pub async fn rows(
        ctx: &Context<'_>,
        filter: Option<CreditNoteFilter>,
        order: Option<BillingOrder>,
    ) -> Result<Rows<Self>, Error> {
        let filter = filter.unwrap_or_default();
        let CreditNoteFilter { client_id: client, status, search, issued_on, total, .. } = filter;
        let (rows, scan) = BillingFilter { client, status, search, issued_on, total }.rows(ctx, order).await?;
        Ok(rows.scan(scan))
    }
}

/// The queries of this feature, merged into [`crate::graphql::Query`].
#[derive(Default)]
pub struct CreditNoteQuery;

#[Object]
impl CreditNoteQuery {
    /// A credit note by its id. Null if no such credit note exists or the viewer cannot see it.
    async fn credit_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "`credit_note_…`")] id: Id<CreditNote>,
    ) -> Result<Option<CreditNote>, Error> {
        let tx = ctx.tx().await?;
        tx.member()?;
        lookup::get(ctx, id.uuid()).await
    }

    /// The credit notes that the viewer can see.
    #[allow(clippy::too_many_arguments)]
    async fn credit_notes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Returns the rows that meet these conditions.")] filter: Option<CreditNoteFilter>,
        #[graphql(desc = "The sort order. The default is newest draft first.")] order_by: Option<BillingOrder>,
    ) -> Result<Connection<CreditNote>, Error> {
        CreditNote::rows(ctx, filter, order_by).await?.page(ctx, Paging { first, after, last, before }).await
    }

    /// The sums of the issued credit notes that the viewer can see, one entry for each currency. Usually there is one currency.
    /// Summing costs one point for every 100 scanned rows.
    async fn credit_note_totals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Sums the rows that meet these conditions.")] filter: Option<CreditNoteFilter>,
    ) -> Result<InlineList<BillingTotals>, Error> {
        let rows = CreditNote::rows(ctx, filter, None).await?;
        invoice::totals(ctx, rows).await
    }
}
