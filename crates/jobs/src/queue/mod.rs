//! The statements of the queue. Each function runs in the caller's transaction.

mod choose;
mod claim;
mod enqueue;
mod finish;
mod heartbeat;
mod manage;
mod sql;
mod sweep;

pub use enqueue::{Enqueued, NewJob, enqueue};
pub use finish::complete;
pub use manage::{
    CancelResult, JobFilter, JobRow, KindDepth, RetryResult, cancel, count_by_kind, find_organization, list, retry,
};
pub use sweep::{Retention, delete_finished};

pub(crate) use choose::{Capacity, KindCapacity};
pub(crate) use claim::{ClaimedJob, Rotation, claim, is_due};
pub(crate) use finish::{Detail, Failure, cancelled, fail, load, report_progress};
pub(crate) use heartbeat::{extend, release};
pub(crate) use sql::{Sql, database_time};

use uuid::Uuid;

/// One claim of a job. Of several claims of the same job, only the latest can record an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lease {
    /// The job.
    pub job: Uuid,
    /// The organization that the job belongs to.
    pub organization: Uuid,
    /// The number of the claim.
    pub number: i64,
}
