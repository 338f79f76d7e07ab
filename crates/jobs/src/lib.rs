//! A job queue and a scheduler over the tables `job`, `job_detail` and `schedule`, on `SQLite` and `PostgreSQL`.
//!
//! A job is enqueued in the transaction of the change that causes it ([`NewJob::enqueue`]): both are committed, or
//! neither. A [`Runner`] claims due jobs under a lease, runs their handlers, and records the outcome. The lease of a
//! process that dies expires, and another process claims the job again.
//!
//! **A job may run more than once.** Its outcome is recorded once, because recording it is conditional on the number of
//! the lease. A handler that changes the database can record the outcome in its own transaction ([`complete`]). Effects
//! outside of the database may repeat; they carry the job's id, so that the receiver can recognize a repetition.
//!
//! Times are the database's on `PostgreSQL`, so that processes whose clocks differ agree about leases. On `SQLite`, one
//! process runs jobs, and its clock counts.
//!
//! A handler's transaction must end before the lease does. On `PostgreSQL` one that locks the row of its job keeps the
//! lease from being extended. On `SQLite`, a transaction that writes keeps everybody else from writing, and all leases
//! from being extended.
//!
//! The crate knows nothing of GraphQL and HTTP. [`QueueDatabase`] gives it transactions, and with them Row Level
//! Security: claims are made by a viewer that sees the table `job` alone ([`QueueViewer::Worker`]), and all else by the
//! system viewer of the job's organization ([`QueueViewer::System`]).

#![expect(clippy::disallowed_methods, reason = "this crate is the way to the tables of the queue")]

mod backoff;
mod context;
mod database;
mod error;
mod kind;
mod maintenance;
mod queue;
mod registry;
mod runner;
mod schedule;
mod text;
mod wakeup;

pub use backoff::Backoff;
pub use context::{Cancellation, JobContext, StopReason};
pub use database::{OrganizationZone, QueueDatabase, QueueTransaction, QueueViewer};
pub use error::{Error, JobError};
pub use kind::{Concurrency, JobKind, KindOptions};
pub use maintenance::DeleteFinishedJobs;
pub use queue::{
    CancelResult, Enqueued, JobFilter, JobRow, KindDepth, Lease, NewJob, Retention, RetryResult, cancel, complete,
    count_by_kind, delete_finished, enqueue, find_organization, list, retry,
};
pub use registry::Registry;
pub use runner::{Outcome, Runner, RunnerHandle, RunnerSettings};
pub use schedule::{Every, Missed, Occurrence, Recurring, Schedules};
pub use wakeup::Wakeup;
