//! Deleting finished jobs.

use super::Sql;
use crate::Error;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::time::Duration;
use uuid::Uuid;

/// How long finished jobs are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Jobs that are done or cancelled.
    pub finished: Duration,
    /// Jobs that are dead.
    pub dead: Duration,
}

impl Default for Retention {
    /// A day, and 90 days.
    fn default() -> Self {
        Self { finished: Duration::from_hours(24), dead: Duration::from_hours(90 * 24) }
    }
}

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

/// Deletes up to `limit` jobs of an organization that have been finished for longer than they are kept. Returns how many
/// it deleted: if as many as `limit`, there may be more.
pub async fn delete_finished(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    organization: Uuid,
    retention: Retention,
    limit: u32,
) -> Result<u64, Error> {
    let mut sql = Sql::new(tx, now);
    let organization = sql.bind(organization);
    let (finished, dead) = (sql.before(retention.finished)?, sql.before(retention.dead)?);
    let any = sql.before(retention.finished.min(retention.dead))?;
    let skip_locked = sql.skip_locked();
    let statement = sql.statement(format!(
        "SELECT id FROM job WHERE organization_id = {organization} AND finished_at IS NOT NULL \
         AND finished_at < {any} AND finished_at < CASE WHEN state = 'DEAD' THEN {dead} ELSE {finished} END \
         ORDER BY finished_at LIMIT {limit} {skip_locked}"
    ));
    let jobs: Vec<_> = Id::find_by_statement(statement).all(tx).await?.into_iter().map(|row| row.id).collect();
    if jobs.is_empty() {
        return Ok(0);
    }
    for (table, key) in [("job_detail", "job_id"), ("job", "id")] {
        let mut sql = Sql::new(tx, now);
        let jobs = sql.bind_all(jobs.iter().copied());
        tx.execute_raw(sql.statement(format!("DELETE FROM {table} WHERE {key} IN ({jobs})"))).await?;
    }
    Ok(u64::try_from(jobs.len()).unwrap_or_default())
}
