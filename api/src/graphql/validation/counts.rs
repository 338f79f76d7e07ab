//! Counts of requests by status.

use super::ValidationRequest;
use crate::graphql::{connection::Rows, request::ContextExt};
use async_graphql::{Context, SimpleObject};
use dossier_core::error::Error;
use dossier_data::Sum;
use dossier_domain::{calendar, validation::overdue};
use entities::validation_request::{Column, Status};
use sea_orm::ActiveEnum;

/// The numbers of validation requests.
#[derive(SimpleObject)]
pub struct ValidationRequestCounts {
    /// All requests.
    total: u64,
    /// The requests that wait for a decision.
    pending: u64,
    /// The requests that wait for changes by their submitters.
    changes_requested: u64,
    /// The approved requests.
    approved: u64,
    /// The rejected requests.
    rejected: u64,
    /// The withdrawn requests.
    cancelled: u64,
    /// The undecided requests whose due date is over.
    overdue: u64,
}

/// Returns the numbers of these requests.
pub async fn of(ctx: &Context<'_>, rows: Rows<ValidationRequest>) -> Result<ValidationRequestCounts, Error> {
    let today = calendar::today(&*ctx.tx().await?).await?;
    let late = rows.and_scan(overdue(today)).sums(ctx, &[Column::Status], &[]).await?;
    let sums = rows.sums(ctx, &[Column::Status], &[]).await?;
    let count = |status: Status| {
        let of_status = |sum: &&Sum| sum.by.first() == Some(&status.to_value());
        sums.iter().filter(of_status).map(|sum| sum.count).sum()
    };
    Ok(ValidationRequestCounts {
        total: sums.iter().map(|sum| sum.count).sum(),
        pending: count(Status::Pending),
        changes_requested: count(Status::ChangesRequested),
        approved: count(Status::Approved),
        rejected: count(Status::Rejected),
        cancelled: count(Status::Cancelled),
        overdue: late.iter().map(|sum| sum.count).sum(),
    })
}
