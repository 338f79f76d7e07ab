//! Finding invoices; how all that is billed is filtered and ordered.

use super::{Invoice, InvoiceStatus};
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    id::Id,
    lists, lookup,
    node::Node,
    request::ContextExt,
};
use async_graphql::{Context, Enum, InputObject, Object};
use dossier_core::error::Error;
use dossier_data::Order;
use dossier_domain::calendar;
use entities::invoice::{Column, Entity, Status};
use sea_orm::{ColumnTrait, Condition};

/// Which invoices; all conditions must be met.
#[derive(InputObject, Default)]
pub struct InvoiceFilter {
    /// Of this dossier.
    client_id: Option<Id<Client>>,
    /// With one of these states.
    status: Option<Vec<InvoiceStatus>>,
    /// With something due whose last day is over, or not.
    overdue: Option<bool>,
}

/// In which order quotes, invoices and credit notes come.
#[derive(Clone, Copy, Default, PartialEq, Eq, Enum)]
pub enum BillingOrder {
    /// The last drafted first.
    #[default]
    CreatedAtDesc,
    /// The first drafted first.
    CreatedAtAsc,
    /// The most recently changed first.
    UpdatedAtDesc,
}

impl BillingOrder {
    /// Returns the condition for the query.
    pub fn order(self) -> Order<Entity> {
        let (column, descending) = match self {
            Self::CreatedAtDesc => (None, true),
            Self::CreatedAtAsc => (None, false),
            Self::UpdatedAtDesc => (Some(Column::UpdatedAt), true),
        };
        Order { column, id: Column::Id, descending }
    }
}

/// The rows that a filter of quotes, invoices or credit notes leaves, by what these have in common.
pub fn matching<N: Node<Entity = Entity>, S: Into<Status>>(
    client: Option<Id<Client>>,
    status: Option<Vec<S>>,
    order: Option<BillingOrder>,
) -> Rows<N> {
    let (mut condition, mut indexed) = (Condition::all(), Condition::all());
    if let Some(client) = client {
        condition = condition.add(Column::ClientId.eq(client.uuid()));
    }
    if let Some(status) = status {
        indexed = indexed.add(Column::Status.is_in(lists::distinct(status.into_iter().map(S::into).collect())));
    }
    Rows::all(condition, order.unwrap_or_default().order()).indexed(indexed)
}

/// The states of an invoice that has something due, hence a last day.
const OPEN: [Status; 2] = [Status::Issued, Status::PartiallyPaid];

impl Invoice {
    /// The rows that a filter leaves, in an order.
    pub async fn rows(
        ctx: &Context<'_>,
        filter: Option<InvoiceFilter>,
        order: Option<BillingOrder>,
    ) -> Result<Rows<Self>, Error> {
        let filter = filter.unwrap_or_default();
        let rows = matching(filter.client_id, filter.status, order);
        let Some(overdue) = filter.overdue else { return Ok(rows) };
        let today = calendar::today(&*ctx.tx().await?).await?;
        let all = Condition::all;
        Ok(if overdue {
            rows.indexed(all().add(Column::Status.is_in(OPEN))).scan(all().add(Column::DueOn.lt(today)))
        } else {
            rows.scan(Condition::any().add(Column::Status.is_not_in(OPEN)).add(Column::DueOn.gte(today)))
        })
    }
}

/// See [`crate::graphql::Query`].
#[derive(Default)]
pub struct InvoiceQuery;

#[Object]
impl InvoiceQuery {
    /// One invoice; null when there is none with this id within the viewer's reach.
    async fn invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "`invoice_…`")] id: Id<Invoice>,
    ) -> Result<Option<Invoice>, Error> {
        let tx = ctx.tx().await?;
        tx.member()?;
        lookup::get(ctx, id.uuid()).await
    }

    /// The invoices within the viewer's reach.
    #[allow(clippy::too_many_arguments)]
    async fn invoices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those that meet all of this.")] filter: Option<InvoiceFilter>,
        #[graphql(desc = "The order; by default the last drafted first.")] order_by: Option<BillingOrder>,
    ) -> Result<Connection<Invoice>, Error> {
        Invoice::rows(ctx, filter, order_by).await?.page(ctx, Paging { first, after, last, before }).await
    }
}
