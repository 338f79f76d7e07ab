//! Clears the outbox. Each organization sets how long its events are kept.

use chrono::TimeDelta;
use dossier_core::{
    error::Error,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::Database;
use dossier_data::outbox::{CLEARED, CLEARED_BEFORE, RESTORED};
use dossier_jobs::{Every, JobContext, JobError, JobKind, KindOptions, Missed, Recurring};
use entities::{
    event::{Column, Entity},
    organization,
};
use sea_orm::{ColumnTrait, sea_query::Order};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The number of events that one transaction deletes.
const BATCH: i64 = 5_000;

/// Clears the outbox of an organization.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ClearEvents {}

impl JobKind for ClearEvents {
    const NAME: &'static str = "events.clear";

    const OPTIONS: KindOptions = KindOptions::MAINTENANCE;

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}

impl ClearEvents {
    /// Declares that it runs every hour.
    pub fn recurring() -> Recurring {
        Recurring::new(Self::NAME, Every::Hours(1), Missed::MakeUp, |_| Self {})
    }

    /// Runs the job.
    pub async fn run(database: Database, _: Self, context: JobContext) -> Result<(), JobError> {
        Ok(clear(&database, context.organization()).await?)
    }
}

/// Clears the outbox of an organization.
pub async fn clear(database: &Database, organization: Uuid) -> Result<(), Error> {
    while clear_some(database, organization).await? {}
    Ok(())
}

/// Deletes the events of one transaction. Returns whether there may be more. It deletes only from the start, so that a
/// cursor is too old if, and only if, an event after it is deleted.
async fn clear_some(database: &Database, organization: Uuid) -> Result<bool, Error> {
    let tx = database.write_as(Viewer::system(organization, SystemPurpose::Events)).await?;
    let row = tx.get::<organization::Entity>(organization).await?;
    let organization = row.ok_or_else(|| Error::internal("an organization is not there"))?;
    let kept_since = tx.now - TimeDelta::days(organization.event_days.into());
    let ends = tx.ends().await?;
    let kept = tx.find::<Entity>().filter(Column::OccurredAt.gte(kept_since));
    let kept = kept.order_by(Column::Number, Order::Asc).limit(1).one().await?;
    let old = kept.map_or(ends.last, |event| event.number - 1);
    let until = old.min(ends.cleared + BATCH);
    if until <= ends.cleared {
        return Ok(false);
    }
    tx.delete_without_event::<Entity>(Column::Number.lte(until)).await?;
    tx.raise(CLEARED, until).await?;
    tx.raise(CLEARED_BEFORE, kept_since.timestamp()).await?;
    tx.commit().await?;
    tracing::info!(organization = %organization.id, events = until - ends.cleared, "old events were cleared");
    Ok(until < old)
}

/// Starts a new epoch after the database was put back to an earlier state. Older cursors become invalid, because their
/// sequences will be given again.
pub async fn restored(database: &Database) -> Result<usize, Error> {
    let read_tx = database.read_as(Viewer::platform(SystemPurpose::Events)).await?;
    let organizations = read_tx.find::<organization::Entity>().all().await?;
    drop(read_tx);
    for organization in &organizations {
        begin_epoch(database, organization.id).await?;
    }
    Ok(organizations.len())
}

async fn begin_epoch(database: &Database, organization: Uuid) -> Result<(), Error> {
    let tx = database.write_as(Viewer::system(organization, SystemPurpose::Events)).await?;
    // Not simply the next number, because the restored database may have used it before, and an epoch must never
    // repeat.
    tx.raise(RESTORED, tx.now.timestamp()).await?;
    tx.commit().await
}
