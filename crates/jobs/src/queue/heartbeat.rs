//! Keeping leases, and giving them back.

use super::{Lease, Sql};
use crate::Error;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::time::Duration;
use uuid::Uuid;

/// A job whose lease is kept.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Kept {
    pub(crate) id: Uuid,
    pub(crate) lease_number: i64,
    pub(crate) cancel_requested: bool,
}

/// Extends leases of this worker, and returns those that it still has. Only named jobs are extended: a claim whose commit
/// was not answered must expire. A lease that has expired is not extended: its job does not count any more where limits
/// are concerned.
pub(crate) async fn extend(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    worker: Uuid,
    lease: Duration,
    leases: &[Lease],
) -> Result<Vec<Kept>, Error> {
    let mut sql = Sql::new(tx, now);
    let (time, until) = (sql.now(), sql.after(lease)?);
    let held = held(&mut sql, worker, leases);
    let statement = sql.statement(format!(
        "UPDATE job SET leased_until = {until} WHERE {held} AND leased_until > {time} \
         RETURNING id, lease_number, cancel_requested"
    ));
    Ok(Kept::find_by_statement(statement).all(tx).await?)
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
