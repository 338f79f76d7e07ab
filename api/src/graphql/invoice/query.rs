//! Queries for invoices, and the filters and orders that all billing documents share.

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

/// Conditions for invoices. An invoice must meet all of them.
#[derive(InputObject, Default)]
pub struct InvoiceFilter {
    /// Limits the result to the dossier of this client.
    client_id: Option<Id<Client>>,
    /// Limits the result to these statuses.
    status: Option<Vec<InvoiceStatus>>,
    /// Only overdue invoices, or only those that are not overdue.
    overdue: Option<bool>,
}

/// Sort orders of quotes, invoices and credit notes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Enum)]
pub enum BillingOrder {
    /// Newest draft first.
    #[default]
    CreatedAtDesc,
    /// Oldest draft first.
    CreatedAtAsc,
    /// Most recently changed first.
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

/// Returns the rows that meet the common conditions of quotes, invoices and credit notes.
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

/// The statuses of an invoice with an amount due, which therefore has a last day to pay.
const OPEN: [Status; 2] = [Status::Issued, Status::PartiallyPaid];

impl Invoice {
    /// Returns the rows that meet the filter, in the given order.
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
}
