//! What the operator sees and does.

use super::Sql;
use crate::Error;
use chrono::{DateTime, Utc};
use entities::{
    job::{self, State},
    job_detail,
};
use sea_orm::{
    ActiveEnum, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    SqlErr,
};
use std::collections::HashMap;
use uuid::Uuid;

/// A job with what is known of its content.
#[derive(Clone, Debug)]
pub struct JobRow {
    /// What workers see.
    pub job: job::Model,
    /// The rest; none if it is not visible.
    pub detail: Option<job_detail::Model>,
}

/// Which jobs are listed.
#[derive(Clone, Debug, Default)]
pub struct JobFilter {
    /// In this state.
    pub state: Option<State>,
    /// Of this kind.
    pub kind: Option<String>,
}

/// Lists jobs of an organization, newest first.
pub async fn list(
    tx: &impl ConnectionTrait,
    organization: Uuid,
    filter: &JobFilter,
    limit: u64,
) -> Result<Vec<JobRow>, Error> {
    let mut jobs = job::Entity::find().order_by_desc(job::Column::Id).limit(limit);
    jobs = jobs.filter(job::Column::OrganizationId.eq(organization));
    if let Some(state) = filter.state {
        jobs = jobs.filter(job::Column::State.eq(state));
    }
    if let Some(kind) = &filter.kind {
        jobs = jobs.filter(job::Column::Kind.eq(kind.as_str()));
    }
    let jobs = jobs.all(tx).await?;
    let ids = jobs.iter().map(|job| job.id);
    let details = job_detail::Entity::find()
        .filter(job_detail::Column::OrganizationId.eq(organization))
        .filter(job_detail::Column::JobId.is_in(ids));
    let details = details.all(tx).await?;
    let mut details: HashMap<_, _> = details.into_iter().map(|detail| (detail.job_id, detail)).collect();
    Ok(jobs.into_iter().map(|job| JobRow { detail: details.remove(&job.id), job }).collect())
}

/// Returns the organization of a job, if the viewer sees the job.
pub async fn find_organization(tx: &impl ConnectionTrait, job: Uuid) -> Result<Option<Uuid>, Error> {
    Ok(job::Entity::find_by_id(job).one(tx).await?.map(|job| job.organization_id))
}

/// How many jobs of a kind are in a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindDepth {
    /// The kind.
    pub kind: String,
    /// Queued, running or dead.
    pub state: State,
    /// How many.
    pub jobs: u64,
    /// For how many seconds the first of them has been due.
    pub oldest_seconds: u64,
}

#[derive(FromQueryResult)]
struct DepthRow {
    kind: String,
    state: String,
    jobs: i64,
    oldest: DateTime<Utc>,
}

/// Counts the unfinished and the dead jobs that the viewer sees, by kind and state.
pub async fn count_by_kind(tx: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<KindDepth>, Error> {
    let now = super::database_time(tx, now).await?;
    // Each part is found by a partial index of its own.
    let parts = ["QUEUED", "RUNNING", "DEAD"].map(|state| {
        format!(
            "SELECT kind, '{state}' AS state, count(*) AS jobs, min(run_at) AS oldest FROM job \
             WHERE state = '{state}' GROUP BY kind"
        )
    });
    let rows = DepthRow::find_by_statement(Sql::new(tx, now).statement(parts.join(" UNION ALL "))).all(tx).await?;
    let depth = |row: DepthRow| {
        let oldest_seconds = u64::try_from((now - row.oldest).num_seconds()).unwrap_or_default();
        let jobs = u64::try_from(row.jobs).unwrap_or_default();
        Ok(KindDepth { kind: row.kind, state: State::try_from_value(&row.state)?, jobs, oldest_seconds })
    };
    rows.into_iter().map(depth).collect()
}

/// What came of a cancellation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelResult {
    /// The job will not run any more.
    Cancelled,
    /// The job is running, and its handler is asked to stop.
    Requested,
    /// The job has succeeded or was cancelled before.
    Finished,
    /// The organization has no such job.
    NotFound,
}

/// Cancels a job of an organization: one that is queued or dead at once, one that is running once its handler has stopped.
pub async fn cancel(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    organization: Uuid,
    job: Uuid,
) -> Result<CancelResult, Error> {
    let Some(state) = lock(tx, now, organization, job).await? else { return Ok(CancelResult::NotFound) };
    let mut sql = Sql::new(tx, now);
    let (change, result) = match state {
        State::Queued | State::Dead => {
            (format!("state = 'CANCELLED', finished_at = {}", sql.now()), CancelResult::Cancelled)
        }
        State::Running => ("cancel_requested = true".to_owned(), CancelResult::Requested),
        State::Done | State::Cancelled => return Ok(CancelResult::Finished),
    };
    let job = sql.bind(job);
    tx.execute_raw(sql.statement(format!("UPDATE job SET {change} WHERE id = {job}"))).await?;
    Ok(result)
}

/// What came of a retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryResult {
    /// The job is due at once, with all its attempts.
    Queued,
    /// The job is running already.
    Running,
    /// The job has succeeded.
    Done,
    /// An unfinished job has the same unique key. The transaction cannot go on.
    Duplicate,
    /// The organization has no such job.
    NotFound,
}

/// Makes a dead, cancelled or waiting job of an organization due at once, with all its attempts.
pub async fn retry(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    organization: Uuid,
    job: Uuid,
) -> Result<RetryResult, Error> {
    match lock(tx, now, organization, job).await? {
        None => return Ok(RetryResult::NotFound),
        Some(State::Running) => return Ok(RetryResult::Running),
        Some(State::Done) => return Ok(RetryResult::Done),
        Some(State::Queued | State::Dead | State::Cancelled) => {}
    }
    let mut sql = Sql::new(tx, now);
    let (time, job) = (sql.now(), sql.bind(job));
    let statement = sql.statement(format!(
        "UPDATE job SET state = 'QUEUED', run_at = {time}, attempts = 0, cancel_requested = false, finished_at = NULL \
         WHERE id = {job}"
    ));
    match tx.execute_raw(statement).await {
        Ok(_) => Ok(RetryResult::Queued),
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            Ok(RetryResult::Duplicate)
        }
        Err(error) => Err(error.into()),
    }
}

/// Reads the state of a job, which nobody else changes until the transaction ends.
async fn lock(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    organization: Uuid,
    job: Uuid,
) -> Result<Option<State>, Error> {
    let mut sql = Sql::new(tx, now);
    let (organization, job, for_update) = (sql.bind(organization), sql.bind(job), sql.for_update());
    let statement = sql
        .statement(format!("SELECT state FROM job WHERE organization_id = {organization} AND id = {job} {for_update}"));
    let Some(row) = tx.query_one_raw(statement).await? else { return Ok(None) };
    let state: String = row.try_get_by_index(0)?;
    Ok(Some(State::try_from_value(&state)?))
}
