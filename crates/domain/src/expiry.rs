//! Deletes expired rows.

use chrono::TimeDelta;
use dossier_core::{
    error::Error,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::{Database, IDEMPOTENCY_KEPT_FOR};
use dossier_jobs::{Every, JobContext, JobError, JobKind, KindOptions, Missed, Recurring};
use entities::{idempotency_record as record, invitation, session};
use sea_orm::ColumnTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long an invitation is kept after it expires.
const INVITATIONS_KEPT_FOR: TimeDelta = TimeDelta::days(90);

/// Deletes an organization's expired sessions, invitations and idempotency records.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct DeleteExpired {}

impl JobKind for DeleteExpired {
    const NAME: &'static str = "expired.delete";

    const OPTIONS: KindOptions = KindOptions::MAINTENANCE;

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}

impl DeleteExpired {
    /// Declares that it runs every six hours.
    pub fn recurring() -> Recurring {
        Recurring::new(Self::NAME, Every::Hours(6), Missed::MakeUp, |_| Self {})
    }

    /// Runs the job.
    pub async fn run(database: Database, _: Self, context: JobContext) -> Result<(), JobError> {
        Ok(delete_expired(&database, context.organization()).await?)
    }
}

async fn delete_expired(database: &Database, organization: Uuid) -> Result<(), Error> {
    let tx = database.write_as(Viewer::system(organization, SystemPurpose::Jobs)).await?;
    let sessions = tx.delete_without_event::<session::Entity>(session::Column::ExpiresAt.lte(tx.now)).await?;
    let records =
        tx.delete_without_event::<record::Entity>(record::Column::CreatedAt.lt(tx.now - IDEMPOTENCY_KEPT_FOR)).await?;
    let invitations =
        tx.delete_without_event::<invitation::Entity>(invitation::Column::ExpiresAt.lt(tx.now - INVITATIONS_KEPT_FOR));
    let invitations = invitations.await?;
    tx.commit().await?;
    tracing::debug!(%organization, sessions, records, invitations, "deleted expired rows");
    Ok(())
}
