//! What can go wrong in the queue, and in a handler.

use sea_orm::DbErr;
use std::{error::Error as StdError, fmt::Display, time::Duration};

/// Why a call to the queue failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A statement failed.
    #[error("a statement of the job queue failed")]
    Statement(#[from] DbErr),
    /// A transaction could not be opened or committed.
    #[error("a transaction of the job queue failed")]
    Transaction(#[source] Box<dyn StdError + Send + Sync>),
    /// The payload is longer than `MAX_PAYLOAD`.
    #[error("the payload of a job of kind `{kind}` has {bytes} bytes, and may have {max}", max = crate::text::MAX_PAYLOAD)]
    PayloadTooLong {
        /// The kind of the job.
        kind: &'static str,
        /// The length of the payload.
        bytes: usize,
    },
    /// The unique key is longer than `MAX_UNIQUE_KEY`.
    #[error("the unique key of a job of kind `{kind}` has {bytes} bytes, and may have {max}", max = crate::text::MAX_UNIQUE_KEY)]
    UniqueKeyTooLong {
        /// The kind of the job.
        kind: &'static str,
        /// The length of the key.
        bytes: usize,
    },
    /// The payload is no JSON.
    #[error("the payload of a job could not be written as JSON")]
    Payload(#[from] serde_json::Error),
    /// The lease has expired and another process has claimed the job, or the job has an outcome already.
    #[error("the lease of the job is lost")]
    LeaseLost,
    /// A time beyond the calendar.
    #[error("a time beyond the calendar")]
    Time,
}

impl Error {
    /// A transaction could not be opened or committed.
    pub fn transaction(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Transaction(error.into())
    }
}

/// Why a handler failed, and whether the job is to be tried again.
#[derive(Debug)]
pub struct JobError {
    pub(crate) cause: Box<dyn StdError + Send + Sync>,
    pub(crate) retry: Retry,
}

/// When a failed job is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// After the pause of its kind, if attempts are left.
    Backoff,
    /// After this pause, if attempts are left.
    After(Duration),
    /// Never.
    Never,
}

impl JobError {
    /// The job can never succeed: it is dead at once.
    pub fn permanent(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { cause: cause.into(), retry: Retry::Never }
    }

    /// The job may succeed after this pause, such as one that another service has asked for.
    pub fn retry_after(cause: impl Into<Box<dyn StdError + Send + Sync>>, pause: Duration) -> Self {
        Self { cause: cause.into(), retry: Retry::After(pause) }
    }

    /// A failure without an error value behind it. The job is tried again.
    pub fn message(message: impl Display) -> Self {
        Self { cause: message.to_string().into(), retry: Retry::Backoff }
    }
}

/// An error that a handler passes on with `?` is tried again after the pause of the kind.
impl<E: StdError + Send + Sync + 'static> From<E> for JobError {
    fn from(error: E) -> Self {
        Self { cause: Box::new(error), retry: Retry::Backoff }
    }
}
