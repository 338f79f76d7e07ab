//! Keeping leases, and giving them back.

use super::{Lease, Sql};
use crate::Error;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult};
use std::time::Duration;
use uuid::Uuid;

/// A job that this worker still has.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Kept {
    pub(crate) id: Uuid,
    pub(crate) lease_number: i64,
    /// Whether its lease was extended.
    pub(crate) extended: bool,
    pub(crate) cancel_requested: bool,
}

/// Extends leases of this worker, and returns those that it still has. Only named jobs are extended: a claim whose commit
/// was not answered must expire. A lease that has expired is not extended: its job does not count any more where limits
/// are concerned.
///
/// On `PostgreSQL` a job is left out while another transaction has its row locked, as a handler does that records the
/// outcome with its own changes. To wait for it would cost the other jobs their leases. `SQLite` locks no rows: all
/// writers wait for each other, whatever they change.
pub(crate) async fn extend(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    worker: Uuid,
    lease: Duration,
    leases: &[Lease],
) -> Result<Vec<Kept>, Error> {
    let mut sql = Sql::new(tx, now);
    let (time, until) = (sql.now(), sql.after(lease)?);
    let held = format!("{} AND leased_until > {time}", held(&mut sql, worker, leases));
    let text = if tx.get_database_backend() == DbBackend::Postgres {
        let unlocked = format!("SELECT id FROM job WHERE {held} {}", sql.skip_locked());
        format!(
            "WITH extended AS (UPDATE job SET leased_until = {until} WHERE id IN ({unlocked}) RETURNING id) \
             SELECT id, lease_number, id IN (SELECT id FROM extended) AS extended, cancel_requested \
             FROM job WHERE {held}"
        )
    } else {
        format!(
            "UPDATE job SET leased_until = {until} WHERE {held} \
             RETURNING id, lease_number, true AS extended, cancel_requested"
        )
    };
    Ok(Kept::find_by_statement(sql.statement(text)).all(tx).await?)
}

/// Hands jobs back that this worker has not finished: they are due at once, and the attempt does not count. Returns how
/// many it still had.
pub(crate) async fn release(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    worker: Uuid,
    leases: &[Lease],
) -> Result<u64, Error> {
    let mut sql = Sql::new(tx, now);
    let time = sql.now();
    let held = held(&mut sql, worker, leases);
    let statement = sql.statement(format!(
        "UPDATE job SET state = 'QUEUED', run_at = {time}, attempts = attempts - 1, leased_by = NULL, \
         leased_until = NULL WHERE {held}"
    ));
    Ok(tx.execute_raw(statement).await?.rows_affected())
}

/// The condition of jobs that are running under one of these leases.
fn held(sql: &mut Sql, worker: Uuid, leases: &[Lease]) -> String {
    let worker = sql.bind(worker);
    let pairs: Vec<_> = leases
        .iter()
        .map(|lease| format!("id = {} AND lease_number = {}", sql.bind(lease.job), sql.bind(lease.number)))
        .collect();
    let pairs = if pairs.is_empty() { "1 = 0".to_owned() } else { pairs.join(" OR ") };
    format!("state = 'RUNNING' AND leased_by = {worker} AND ({pairs})")
}
