//! Finding credit notes.

use super::CreditNote;
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    id::Id,
    invoice::{BillingOrder, CreditNoteStatus, matching},
    lookup,
    request::ContextExt,
};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::Error;

/// Which credit notes; all conditions must be met.
#[derive(InputObject, Default)]
pub struct CreditNoteFilter {
    /// Of this dossier.
    client_id: Option<Id<Client>>,
    /// With one of these states.
    status: Option<Vec<CreditNoteStatus>>,
}

impl CreditNote {
    /// The rows that a filter leaves, in an order.
    pub fn rows(filter: Option<CreditNoteFilter>, order: Option<BillingOrder>) -> Rows<Self> {
        let filter = filter.unwrap_or_default();
        matching(filter.client_id, filter.status, order)
    }
}

/// See [`crate::graphql::Query`].
#[derive(Default)]
pub struct CreditNoteQuery;

#[Object]
impl CreditNoteQuery {
    /// One credit note; null when there is none with this id within the viewer's reach.
    async fn credit_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "`credit_note_…`")] id: Id<CreditNote>,
    ) -> Result<Option<CreditNote>, Error> {
        let tx = ctx.tx().await?;
        tx.member()?;
        lookup::get(ctx, id.uuid()).await
    }

    /// The credit notes within the viewer's reach.
    #[allow(clippy::too_many_arguments)]
    async fn credit_notes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those that meet all of this.")] filter: Option<CreditNoteFilter>,
        #[graphql(desc = "The order; by default the last drafted first.")] order_by: Option<BillingOrder>,
    ) -> Result<Connection<CreditNote>, Error> {
        CreditNote::rows(filter, order_by).page(ctx, Paging { first, after, last, before }).await
    }
}
