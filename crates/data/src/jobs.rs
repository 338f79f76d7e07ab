//! The job queue on this database.

use crate::{
    Database, ReadTx, Transaction, WriteTx, membership,
    options::{Mode, Principal, RlsMode},
    scopes,
    source::Pool,
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use dossier_core::{
    error::Error,
    viewer::{Member, SystemPurpose, Viewer},
};
use dossier_jobs::{
    self as jobs, Enqueued, JobContext, JobKind, Lease, NewJob, OrganizationZone, QueueDatabase, QueueTransaction,
    QueueViewer,
};
use entities::organization;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use std::sync::atomic::Ordering;
use tokio::sync::OwnedSemaphorePermit;

/// A transaction in which the queue changes its own tables.
pub struct QueueTx {
    tx: Transaction,
    now: DateTime<Utc>,
    /// Fields are dropped in this order, so that the permit is released after the transaction.
    _writer: Option<OwnedSemaphorePermit>,
}

impl QueueDatabase for Database {
    type Transaction = QueueTx;

    async fn begin_read(&self, viewer: QueueViewer) -> Result<QueueTx, jobs::Error> {
        self.begin_queue(Mode::Read, viewer).await.map_err(jobs::Error::transaction)
    }

    async fn begin_write(&self, viewer: QueueViewer) -> Result<QueueTx, jobs::Error> {
        self.begin_queue(Mode::Write, viewer).await.map_err(jobs::Error::transaction)
    }

    async fn organizations(&self) -> Result<Vec<OrganizationZone>, jobs::Error> {
        let listing = async {
            let tx = self.read_as(Viewer::platform(SystemPurpose::Jobs)).await?;
            tx.find::<organization::Entity>().all().await
        };
        let rows: Vec<organization::Model> = listing.await.map_err(jobs::Error::transaction)?;
        Ok(rows.into_iter().map(|row| OrganizationZone { id: row.id, time_zone: zone(&row) }).collect())
    }
}

impl Database {
    /// Begins a reading transaction for a job. Its viewer is the member who caused the job, with their present rights,
    /// or Dossier itself within the organization. Fails if the member is suspended.
    pub async fn read_for_job(&self, context: &JobContext) -> Result<ReadTx, Error> {
        self.read_as(self.viewer_of_job(context).await?).await
    }

    /// Begins a writing transaction for a job, with the viewer of [`Database::read_for_job`].
    pub async fn write_for_job(&self, context: &JobContext) -> Result<WriteTx, Error> {
        self.write_as(self.viewer_of_job(context).await?).await
    }

    async fn viewer_of_job(&self, context: &JobContext) -> Result<Viewer, Error> {
        let system = Viewer::system(context.organization(), SystemPurpose::Jobs);
        let Some(membership) = context.caused_by else { return Ok(system) };
        let details = membership::member_details(&self.read_as(system).await?, membership).await?;
        let limit = scopes::limit(context.scopes.as_deref());
        Ok(Viewer::Member(Member::of_job(context.id(), details, limit)))
    }

    async fn begin_queue(&self, mode: Mode, viewer: QueueViewer) -> Result<QueueTx, Error> {
        let viewer = match viewer {
            QueueViewer::Worker => Viewer::worker(),
            QueueViewer::System(organization) => Viewer::system(organization, SystemPurpose::Jobs),
        };
        // A fair semaphore, because SQLite's writers wait in growing sleeps, and some would wait very long.
        let principal = Principal::Viewer(&viewer);
        let writer = match (mode, &self.directory.source_of(&principal).pool) {
            (Mode::Write, Pool::Sqlite(_)) => self.queue_writer.clone().acquire_owned().await.ok(),
            _ => None,
        };
        let (tx, _) = self.begin(mode, &principal).await?;
        Ok(QueueTx { tx, now: self.clock.now(), _writer: writer })
    }
}

fn zone(organization: &organization::Model) -> Tz {
    organization.time_zone.parse().unwrap_or_else(|_| {
        tracing::error!(id = %organization.id, zone = organization.time_zone, "an organization has an unknown time zone");
        Tz::UTC
    })
}

impl QueueTransaction for QueueTx {
    fn now(&self) -> DateTime<Utc> {
        self.now
    }

    async fn commit(self) -> Result<(), jobs::Error> {
        self.tx.commit().await.map_err(jobs::Error::transaction)
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for QueueTx {
    fn get_database_backend(&self) -> DbBackend {
        self.tx.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.tx.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.tx.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.tx.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.tx.query_all_raw(statement).await
    }
}

impl WriteTx {
    /// Enqueues a job of the viewer's organization. It runs only if this transaction commits. A job that a member
    /// causes runs with the rights that the member has by then. All other jobs run as the organization.
    pub async fn enqueue_job<K: JobKind>(&self, job: &K) -> Result<Enqueued, Error> {
        let new = NewJob::new(self.organization()?, job).map_err(failed)?;
        self.enqueue_new_job(match self.viewer.member() {
            Some(member) => new.caused_by(member.membership, scopes::stored(member.limit())),
            None => new,
        })
        .await
    }

    /// Enqueues a job with its own time, priority or unique key, as [`WriteTx::enqueue_job`] does.
    pub async fn enqueue_new_job(&self, job: NewJob) -> Result<Enqueued, Error> {
        if job.organization() != self.organization()? {
            return Err(Error::internal("a job of another organization than the viewer's"));
        }
        let enqueued = job.enqueue(&self.tx, self.now).await.map_err(failed)?;
        if matches!(enqueued, Enqueued::Added(_)) {
            self.has_enqueued.store(true, Ordering::Relaxed);
        }
        Ok(enqueued)
    }

    /// Records that a job is done, in this transaction. Fails if the lease is lost.
    pub async fn complete_job(&self, lease: &Lease) -> Result<(), Error> {
        jobs::complete(&self.tx.with(RlsMode::Whole), self.now, lease).await.map_err(failed)
    }
}

fn failed(error: jobs::Error) -> Error {
    match error {
        jobs::Error::Statement(error) => error.into(),
        error => Error::internal(error),
    }
}
