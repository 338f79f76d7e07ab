//! Recording what became of an attempt, within the job's organization. Each call is conditional on the lease.

use super::{Lease, Sql};
use crate::Error;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::time::Duration;
use uuid::Uuid;

/// The content of a claimed job.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Detail {
    pub(crate) payload: String,
    pub(crate) caused_by: Option<Uuid>,
    pub(crate) checkpoint: Option<String>,
    pub(crate) scopes: Option<String>,
}

/// Reads the content of a job while the lease is held; none once it is lost.
pub(crate) async fn load(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    lease: &Lease,
) -> Result<Option<Detail>, Error> {
    let mut sql = Sql::new(tx, now);
    let held = held(&mut sql, lease);
    let statement = sql.statement(format!(
        "SELECT payload, caused_by, scopes, checkpoint FROM job_detail \
             JOIN job ON job.id = job_detail.job_id WHERE {held}"
    ));
    Ok(Detail::find_by_statement(statement).one(tx).await?)
}

/// Records that the job is done. A handler calls it in the transaction of its own changes if these must be made once:
/// nothing is committed then if the lease is lost.
pub async fn complete(tx: &impl ConnectionTrait, now: DateTime<Utc>, lease: &Lease) -> Result<(), Error> {
    let mut sql = Sql::new(tx, now);
    let (time, held) = (sql.now(), held(&mut sql, lease));
    let statement = sql.statement(format!("UPDATE job SET state = 'DONE', finished_at = {time}, {FREE} WHERE {held}"));
    if tx.execute_raw(statement).await?.rows_affected() == 1 {
        return Ok(());
    }
    // The handler has recorded it, or the answer to the commit did not arrive.
    if is_done(tx, now, lease).await? { Ok(()) } else { Err(Error::LeaseLost) }
}

async fn is_done(tx: &impl ConnectionTrait, now: DateTime<Utc>, lease: &Lease) -> Result<bool, Error> {
    let mut sql = Sql::new(tx, now);
    let (organization, job, number) = (sql.bind(lease.organization), sql.bind(lease.job), sql.bind(lease.number));
    let statement = sql.statement(format!(
        "SELECT 1 AS done FROM job WHERE organization_id = {organization} AND id = {job} \
         AND lease_number = {number} AND state = 'DONE'"
    ));
    Ok(tx.query_one_raw(statement).await?.is_some())
}

/// A failed attempt.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// Why, within the bounds of what is stored.
    pub(crate) error: String,
    /// The pause before the next attempt; none if the job is dead.
    pub(crate) retry_after: Option<Duration>,
}

/// Records a failed attempt.
pub(crate) async fn fail(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    lease: &Lease,
    failure: &Failure,
) -> Result<(), Error> {
    let mut sql = Sql::new(tx, now);
    let change = match failure.retry_after {
        Some(pause) => format!("state = 'QUEUED', run_at = {}", sql.after(pause)?),
        // A lease that expired in the last attempt was claimed once more, to come here.
        None => format!(
            "state = 'DEAD', finished_at = {}, \
             attempts = CASE WHEN attempts > max_attempts THEN max_attempts ELSE attempts END",
            sql.now()
        ),
    };
    let held = held(&mut sql, lease);
    let statement = sql.statement(format!("UPDATE job SET {change}, {FREE} WHERE {held}"));
    changed(tx.execute_raw(statement).await?.rows_affected())?;
    let mut sql = Sql::new(tx, now);
    let (error, job) = (sql.bind(failure.error.clone()), sql.bind(lease.job));
    tx.execute_raw(sql.statement(format!("UPDATE job_detail SET error = {error} WHERE job_id = {job}"))).await?;
    Ok(())
}

/// Records that the attempt ended because the job is cancelled.
pub(crate) async fn cancelled(tx: &impl ConnectionTrait, now: DateTime<Utc>, lease: &Lease) -> Result<(), Error> {
    let mut sql = Sql::new(tx, now);
    let (time, held) = (sql.now(), held(&mut sql, lease));
    let statement =
        sql.statement(format!("UPDATE job SET state = 'CANCELLED', finished_at = {time}, {FREE} WHERE {held}"));
    changed(tx.execute_raw(statement).await?.rows_affected())
}

/// How far a job has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) done: u64,
    pub(crate) total: Option<u64>,
    /// The checkpoint that belongs to it, if it is a new one.
    pub(crate) checkpoint: Option<String>,
}

/// Stores how far the job has come.
pub(crate) async fn report_progress(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    lease: &Lease,
    progress: &Progress,
) -> Result<(), Error> {
    let stored = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let mut sql = Sql::new(tx, now);
    let (done, total) = (sql.bind(stored(progress.done)), sql.bind(progress.total.map(stored)));
    let checkpoint = sql.bind(progress.checkpoint.clone());
    let job = sql.bind(lease.job);
    let held = held(&mut sql, lease);
    let statement = sql.statement(format!(
        "UPDATE job_detail SET progress_done = {done}, progress_total = {total}, \
         checkpoint = coalesce({checkpoint}, checkpoint) \
         WHERE job_id = {job} AND EXISTS (SELECT 1 FROM job WHERE {held})"
    ));
    tx.execute_raw(statement).await?;
    Ok(())
}

/// What a job that is not running has no more.
const FREE: &str = "leased_by = NULL, leased_until = NULL";

/// The condition of a job that is running under this lease.
fn held(sql: &mut Sql, lease: &Lease) -> String {
    let (organization, job, number) = (sql.bind(lease.organization), sql.bind(lease.job), sql.bind(lease.number));
    format!(
        "job.organization_id = {organization} AND job.id = {job} AND job.lease_number = {number} \
         AND job.state = 'RUNNING'"
    )
}

fn changed(rows: u64) -> Result<(), Error> {
    if rows == 1 { Ok(()) } else { Err(Error::LeaseLost) }
}
