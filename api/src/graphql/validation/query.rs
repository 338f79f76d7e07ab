//! Queries for validation requests.

use super::{
    ValidationRequest, ValidationStatus,
    counts::{self, ValidationRequestCounts},
};
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    document::Document,
    guard::usable,
    id::Id,
    invoice::DateRange,
    lists,
    personal::personal,
    request::ContextExt,
};
use async_graphql::{Context, Enum, InputObject, Object};
use dossier_core::error::Error;
use dossier_data::Order;
use dossier_domain::{calendar, validation::overdue};
use dossier_policy::fields;
use entities::{
    document,
    validation_request::{Column, Entity, Status},
    validation_version as version,
};
use sea_orm::{
    ColumnTrait, Condition,
    sea_query::{ExprTrait, Query},
};
use uuid::Uuid;

/// Conditions for validation requests. A request must meet all of them.
#[derive(InputObject, Default)]
pub struct ValidationRequestFilter {
    /// Limits the result to these statuses.
    status: Option<Vec<ValidationStatus>>,
    /// Limits the result to the dossier of this client.
    client_id: Option<Id<Client>>,
    /// Only requests that are assigned to the viewer, or only those that are not. Allowed only for roles that can read
    /// `ValidationRequest.assignee`.
    #[graphql(directive = personal::apply())]
    assigned_to_me: Option<bool>,
    /// Only internal requests, or only those that the client can see.
    internal: Option<bool>,
    /// Only undecided requests whose due date is over, or only others.
    overdue: Option<bool>,
    /// Only requests whose due date is within these days.
    due_on: Option<DateRange>,
    /// Only requests about a version of this document.
    document_id: Option<Id<Document>>,
}

/// Sort orders of validation requests.
#[derive(Clone, Copy, Default, PartialEq, Eq, Enum)]
pub enum ValidationRequestOrder {
    /// Newest first.
    #[default]
    CreatedAtDesc,
    /// Oldest first.
    CreatedAtAsc,
    /// Most recent step first.
    UpdatedAtDesc,
    /// Earliest due date first. Requests without a due date come last.
    DueOnAsc,
}

impl ValidationRequestOrder {
    fn order(self) -> Order<Entity> {
        let (column, descending) = match self {
            Self::CreatedAtDesc => (None, true),
            Self::CreatedAtAsc => (None, false),
            Self::UpdatedAtDesc => (Some(Column::UpdatedAt), true),
            Self::DueOnAsc => (Some(Column::DueOrder), false),
        };
        Order { column, id: Column::Id, descending }
    }
}

impl ValidationRequest {
    /// Returns the rows that meet the filter, in the given order.
    pub async fn rows(
        ctx: &Context<'_>,
        filter: Option<ValidationRequestFilter>,
        order: Option<ValidationRequestOrder>,
    ) -> Result<Rows<Self>, Error> {
        let filter = filter.unwrap_or_default();
        let (mut condition, mut indexed, mut scan) = (Condition::all(), Condition::all(), Condition::all());
        if let Some(statuses) = filter.status {
            indexed = indexed.add(Column::Status.is_in(lists::distinct(statuses).into_iter().map(Status::from)));
        }
        if let Some(client) = filter.client_id {
            condition = condition.add(Column::ClientId.eq(client.uuid()));
        }
        if let Some(mine) = filter.assigned_to_me {
            usable(ctx, fields::VALIDATION_ASSIGNEE, "filter.assignedToMe").await?;
            let me = ctx.tx().await?.member()?.membership;
            let others = || Condition::any().add(Column::AssigneeId.is_null()).add(Column::AssigneeId.ne(me));
            if mine {
                indexed = indexed.add(Column::AssigneeId.eq(me));
            } else {
                scan = scan.add(others());
            }
        }
        if let Some(internal) = filter.internal {
            scan = scan.add(Column::Internal.eq(internal));
        }
        if let Some(late) = filter.overdue {
            let late_rows = overdue(calendar::today(&*ctx.tx().await?).await?);
            scan = scan.add(if late { late_rows } else { late_rows.not() });
        }
        if let Some(days) = filter.due_on {
            scan = scan.add(days.of(Column::DueOn));
        }
        if let Some(document) = filter.document_id {
            condition = condition.add(about(ctx, document.uuid()).await?);
        }
        Ok(Rows::all(condition, order.unwrap_or_default().order()).indexed(indexed).scan(scan))
    }
}

/// Returns the condition of the requests about a document. Nobody learns which requests are about a document that they
/// cannot see.
async fn about(ctx: &Context<'_>, document: Uuid) -> Result<Condition, Error> {
    let tx = ctx.tx().await?;
    let document = tx.get::<document::Entity>(document).await?.map(|row| row.id);
    let rounds = Query::select()
        .column(version::Column::RoundId)
        .from(version::Entity)
        .and_where(version::Column::OrganizationId.into_expr().eq(tx.organization()?))
        .and_where(version::Column::DocumentId.into_expr().eq(document.unwrap_or_default()))
        .take();
    Ok(Condition::all().add(Column::RoundId.in_subquery(rounds)))
}

/// The queries of this feature, merged into [`crate::graphql::Query`].
#[derive(Default)]
pub struct ValidationQuery;

#[Object]
impl ValidationQuery {
    /// The validation requests that the viewer can see.
    #[allow(clippy::too_many_arguments)]
    async fn validation_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Returns the rows that meet these conditions.")] filter: Option<ValidationRequestFilter>,
        #[graphql(desc = "The sort order. The default is newest first.")] order_by: Option<ValidationRequestOrder>,
    ) -> Result<Connection<ValidationRequest>, Error> {
        ValidationRequest::rows(ctx, filter, order_by).await?.page(ctx, Paging { first, after, last, before }).await
    }

    /// The numbers of the validation requests that the viewer can see, by status. Counting costs one point for every 100
    /// scanned rows.
    async fn validation_request_counts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Counts the rows that meet these conditions.")] filter: Option<ValidationRequestFilter>,
    ) -> Result<ValidationRequestCounts, Error> {
        let rows = ValidationRequest::rows(ctx, filter, None).await?;
        counts::of(ctx, rows).await
    }
}
