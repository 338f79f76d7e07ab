//! Queries for quotes.

use super::Quote;
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    id::Id,
    invoice::{BillingOrder, QuoteStatus, matching},
    lookup,
    request::ContextExt,
};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::Error;

/// Conditions for quotes. A quote must meet all of them.
#[derive(InputObject, Default)]
pub struct QuoteFilter {
    /// Limits the result to the dossier of this client.
    client_id: Option<Id<Client>>,
    /// Limits the result to these statuses.
    status: Option<Vec<QuoteStatus>>,
}

impl Quote {
    /// Returns the rows that meet the filter, in the given order.
    pub fn rows(filter: Option<QuoteFilter>, order: Option<BillingOrder>) -> Rows<Self> {
        let filter = filter.unwrap_or_default();
        matching(filter.client_id, filter.status, order)
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
        Quote::rows(filter, order_by).page(ctx, Paging { first, after, last, before }).await
    }
}
