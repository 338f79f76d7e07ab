//! Adding jobs.

use super::Sql;
use crate::{
    Error, JobKind, KindOptions,
    text::{MAX_PAYLOAD, MAX_UNIQUE_KEY},
};
use chrono::{DateTime, Utc};
use dossier_core::clock::new_id;
use sea_orm::ConnectionTrait;
use std::time::Duration;
use uuid::Uuid;

/// A job that is about to be enqueued.
#[derive(Clone, Debug)]
pub struct NewJob {
    organization: Uuid,
    kind: &'static str,
    options: KindOptions,
    payload: String,
    unique_key: Option<String>,
    caused_by: Option<Uuid>,
    scopes: Option<String>,
    run: Run,
}

/// When a job is to run.
#[derive(Clone, Copy, Debug)]
enum Run {
    After(Duration),
    At(DateTime<Utc>),
}

/// What became of a new job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enqueued {
    /// It is queued under this id, once the transaction is committed.
    Added(Uuid),
    /// An unfinished job has its unique key; nothing was added.
    Duplicate,
}

/// Enqueues a job of an organization, to run as soon as the transaction is committed.
pub async fn enqueue<K: JobKind>(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    organization: Uuid,
    job: &K,
) -> Result<Enqueued, Error> {
    NewJob::new(organization, job)?.enqueue(tx, now).await
}

impl NewJob {
    /// A job of an organization, with the options of its kind. Fails if the payload or the unique key is too long.
    pub fn new<K: JobKind>(organization: Uuid, job: &K) -> Result<Self, Error> {
        let payload = serde_json::to_string(job)?;
        if payload.len() > MAX_PAYLOAD {
            return Err(Error::PayloadTooLong { kind: K::NAME, bytes: payload.len() });
        }
        let new = Self {
            organization,
            kind: K::NAME,
            options: K::OPTIONS,
            payload,
            unique_key: None,
            caused_by: None,
            scopes: None,
            run: Run::After(Duration::ZERO),
        };
        match job.unique_key() {
            Some(key) => new.with_unique_key(key),
            None => Ok(new),
        }
    }

    /// Runs the job on behalf of a membership, with the rights that it has by then, within these scopes.
    #[must_use]
    pub fn caused_by(self, membership: Uuid, scopes: Option<String>) -> Self {
        Self { caused_by: Some(membership), scopes, ..self }
    }

    /// Runs the job this long after the statement that enqueues it.
    #[must_use]
    pub fn run_after(self, pause: Duration) -> Self {
        Self { run: Run::After(pause), ..self }
    }

    /// Runs the job at this time.
    #[must_use]
    pub fn run_at(self, time: DateTime<Utc>) -> Self {
        Self { run: Run::At(time), ..self }
    }

    /// Runs the job with another priority than that of its kind.
    #[must_use]
    pub fn with_priority(mut self, priority: i16) -> Self {
        self.options.priority = priority;
        self
    }

    /// Gives the job another unique key than its own.
    pub fn with_unique_key(self, key: String) -> Result<Self, Error> {
        if key.len() > MAX_UNIQUE_KEY {
            return Err(Error::UniqueKeyTooLong { kind: self.kind, bytes: key.len() });
        }
        Ok(Self { unique_key: Some(key), ..self })
    }

    /// Returns the organization that the job belongs to.
    pub fn organization(&self) -> Uuid {
        self.organization
    }

    pub(crate) fn has_unique_key(&self) -> bool {
        self.unique_key.is_some()
    }

    /// Adds the job in the caller's transaction. `now` is the process's time. The viewer need not see the tables.
    pub async fn enqueue(self, tx: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Enqueued, Error> {
        let id = new_id(now);
        let mut sql = Sql::new(tx, now);
        let run_at = match self.run {
            Run::At(time) => sql.bind(time),
            Run::After(pause) => sql.after(pause)?,
        };
        let (created_at, job, organization) = (sql.now(), sql.bind(id), sql.bind(self.organization));
        let (kind, unique_key) = (sql.bind(self.kind), sql.bind(self.unique_key));
        let (priority, max_attempts) =
            (sql.bind(self.options.priority), sql.bind(i32::from(self.options.max_attempts.max(1))));
        // Nothing is returned, and no index is named: either would need a viewer who sees the row.
        let insert = sql.statement(format!(
            "INSERT INTO job (id, organization_id, kind, unique_key, priority, state, run_at, attempts, max_attempts, \
             lease_number, cancel_requested, created_at) \
             VALUES ({job}, {organization}, {kind}, {unique_key}, {priority}, 'QUEUED', {run_at}, 0, {max_attempts}, \
             0, false, {created_at}) ON CONFLICT DO NOTHING"
        ));
        if tx.execute_raw(insert).await?.rows_affected() == 0 {
            return Ok(Enqueued::Duplicate);
        }
        let mut sql = Sql::new(tx, now);
        let (job, organization) = (sql.bind(id), sql.bind(self.organization));
        let (payload, caused_by, scopes) = (sql.bind(self.payload), sql.bind(self.caused_by), sql.bind(self.scopes));
        let insert = sql.statement(format!(
            "INSERT INTO job_detail (job_id, organization_id, payload, caused_by, scopes, progress_done) \
             VALUES ({job}, {organization}, {payload}, {caused_by}, {scopes}, 0)"
        ));
        tx.execute_raw(insert).await?;
        Ok(Enqueued::Added(id))
    }
}
