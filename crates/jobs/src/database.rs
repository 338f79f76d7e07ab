//! Where the queue gets its transactions.

use crate::Error;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// On whose behalf a transaction of the queue begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueViewer {
    /// Leases the jobs of all organizations: sees the table `job` and no other.
    Worker,
    /// Dossier itself, within this organization.
    System(Uuid),
}

/// An organization, and where its days begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrganizationZone {
    /// The organization.
    pub id: Uuid,
    /// Its time zone.
    pub time_zone: Tz,
}

/// Opens transactions. Cheap to clone.
pub trait QueueDatabase: Clone + Send + Sync + 'static {
    /// What is opened.
    type Transaction: QueueTransaction;

    /// Begins a transaction that reads.
    fn begin_read(&self, viewer: QueueViewer) -> impl Future<Output = Result<Self::Transaction, Error>> + Send;

    /// Begins a transaction that writes. On `PostgreSQL` each of its statements must see what others have committed by
    /// then (`READ COMMITTED`); on `SQLite` it must hold the write lock from its start (`BEGIN IMMEDIATE`).
    fn begin_write(&self, viewer: QueueViewer) -> impl Future<Output = Result<Self::Transaction, Error>> + Send;

    /// Returns all organizations whose recurring work is to be scheduled.
    fn organizations(&self) -> impl Future<Output = Result<Vec<OrganizationZone>, Error>> + Send;
}

/// An open transaction. Dropping it undoes what it wrote.
pub trait QueueTransaction: ConnectionTrait + Send + Sync {
    /// Returns the process's time, which counts on `SQLite` alone.
    fn now(&self) -> DateTime<Utc>;

    /// Commits.
    fn commit(self) -> impl Future<Output = Result<(), Error>> + Send;
}
