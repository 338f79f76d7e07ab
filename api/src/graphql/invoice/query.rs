//! Finding invoices; how all that is billed is filtered and ordered.

use super::{Invoice, InvoiceStatus};
use crate::{
    access::Order,
    domain::calendar,
    failure::Failure,
    graphql::{
        client::Client,
        connection::{Connection, Paging, Rows},
        id::Id,
        lists, node,
        request::Ask,
    },
};
use async_graphql::{Context, Enum, InputObject, Object};
use chrono::NaiveDate;
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
    /// As the door takes it.
    pub fn order(self) -> Order<Entity> {
        let (column, descending) = match self {
            Self::CreatedAtDesc => (None, true),
            Self::CreatedAtAsc => (None, false),
            Self::UpdatedAtDesc => (Some(Column::UpdatedAt), true),
        };
        Order { column, id: Column::Id, descending }
    }
}

/// What the filters of quotes, invoices and credit notes have in common.
pub fn matching<S: Into<Status>>(client: Option<Id<Client>>, status: Option<Vec<S>>) -> Condition {
    let mut condition = Condition::all();
    if let Some(client) = client {
        condition = condition.add(Column::ClientId.eq(client.uuid()));
    }
    if let Some(status) = status {
        condition = condition.add(Column::Status.is_in(lists::distinct(status.into_iter().map(S::into).collect())));
    }
    condition
}

/// An open invoice has something due, hence a last day.
fn is_overdue(overdue: bool, today: NaiveDate) -> Condition {
    let open = [Status::Issued, Status::PartiallyPaid];
    if overdue {
        Condition::all().add(Column::Status.is_in(open)).add(Column::DueOn.lt(today))
    } else {
        Condition::any().add(Column::Status.is_not_in(open)).add(Column::DueOn.gte(today))
    }
}

impl Invoice {
    /// The rows that a filter leaves, in an order.
    pub async fn rows(
        ctx: &Context<'_>,
        filter: Option<InvoiceFilter>,
        order: Option<BillingOrder>,
    ) -> Result<Rows<Self>, Failure> {
        let filter = filter.unwrap_or_default();
        let mut condition = matching(filter.client_id, filter.status);
        if let Some(overdue) = filter.overdue {
            condition = condition.add(is_overdue(overdue, calendar::today(&*ctx.unit().await?).await?));
        }
        Ok(Rows::all(condition, order.unwrap_or_default().order()))
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
    ) -> Result<Option<Invoice>, Failure> {
        let unit = ctx.unit().await?;
        unit.member()?;
        node::get(ctx, id.uuid()).await
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
    ) -> Result<Connection<Invoice>, Failure> {
        Invoice::rows(ctx, filter, order_by).await?.page(ctx, Paging { first, after, last, before }).await
    }
}
