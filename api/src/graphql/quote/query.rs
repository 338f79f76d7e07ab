//! Finding quotes.

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

/// Which quotes; all conditions must be met.
#[derive(InputObject, Default)]
pub struct QuoteFilter {
    /// Of this dossier.
    client_id: Option<Id<Client>>,
    /// With one of these states.
    status: Option<Vec<QuoteStatus>>,
}

impl Quote {
    /// The rows that a filter leaves, in an order.
    pub fn rows(filter: Option<QuoteFilter>, order: Option<BillingOrder>) -> Rows<Self> {
        let filter = filter.unwrap_or_default();
        matching(filter.client_id, filter.status, order)
    }
}

/// See [`crate::graphql::Query`].
#[derive(Default)]
pub struct QuoteQuery;

#[Object]
impl QuoteQuery {
    /// One quote; null when there is none with this id within the viewer's reach.
    async fn quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "`quote_…`")] id: Id<Quote>,
    ) -> Result<Option<Quote>, Error> {
        let tx = ctx.tx().await?;
        tx.member()?;
        lookup::get(ctx, id.uuid()).await
    }

    /// The quotes within the viewer's reach.
    #[allow(clippy::too_many_arguments)]
    async fn quotes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those that meet all of this.")] filter: Option<QuoteFilter>,
        #[graphql(desc = "The order; by default the last drafted first.")] order_by: Option<BillingOrder>,
    ) -> Result<Connection<Quote>, Error> {
        Quote::rows(filter, order_by).page(ctx, Paging { first, after, last, before }).await
    }
}
