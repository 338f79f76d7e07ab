//! The statements of the queue. Each function runs in the caller's transaction.

mod choose;
mod claim;
mod enqueue;
mod finish;
mod heartbeat;
mod lease;
mod manage;
mod sql;
mod sweep;

pub use enqueue::{Enqueued, NewJob, enqueue};
pub use finish::complete;
pub use lease::Lease;
pub use manage::{
    CancelResult, JobFilter, JobRow, KindDepth, RetryResult, cancel, count_by_kind, find_organization, list, retry,
};
pub use sweep::{Retention, delete_finished};

pub(crate) use choose::{Capacity, KindCapacity};
pub(crate) use claim::{ClaimedJob, Rotation, claim, is_due};
pub(crate) use finish::{Detail, Failure, Progress, cancelled, fail, load, report_progress};
pub(crate) use heartbeat::{extend, release};
pub(crate) use sql::{Sql, database_time};
