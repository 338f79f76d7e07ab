//! Recurring work, declared in code.

mod every;
mod scheduler;

pub use every::Every;
pub(crate) use scheduler::Scheduler;

use crate::{Error, JobKind, NewJob};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// One time at which recurring work of an organization is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The organization.
    pub organization: Uuid,
    /// The time at which the work is due, however late it is done.
    pub at: DateTime<Utc>,
}

/// What becomes of occurrences at which no process was running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missed {
    /// The last of them is made up.
    MakeUp,
    /// None is made up that was missed by more than 15 minutes.
    Skip,
}

/// Work that is enqueued again and again, for each organization.
pub struct Recurring {
    pub(crate) name: &'static str,
    pub(crate) every: Every,
    pub(crate) missed: Missed,
    job: Box<dyn Fn(Occurrence) -> Result<NewJob, Error> + Send + Sync>,
}

impl Recurring {
    /// Declares recurring work under a name that never changes. A job without a unique key gets the occurrence as one;
    /// with a key of its own, no job is added while the one before is unfinished.
    pub fn new<K: JobKind>(
        name: &'static str,
        every: Every,
        missed: Missed,
        job: impl Fn(Occurrence) -> K + Send + Sync + 'static,
    ) -> Self {
        let job = move |occurrence: Occurrence| {
            let new = NewJob::new(occurrence.organization, &job(occurrence))?;
            if new.has_unique_key() {
                return Ok(new);
            }
            new.with_unique_key(format!("{name} {}", occurrence.at.to_rfc3339()))
        };
        Self { name, every, missed, job: Box::new(job) }
    }

    pub(crate) fn job(&self, occurrence: Occurrence) -> Result<NewJob, Error> {
        (self.job)(occurrence)
    }
}

/// All recurring work.
#[derive(Default)]
pub struct Schedules(pub(crate) Vec<Recurring>);

impl Schedules {
    /// Adds recurring work.
    ///
    /// # Panics
    ///
    /// If the name is taken.
    #[must_use]
    pub fn with(mut self, recurring: Recurring) -> Self {
        let taken = self.0.iter().any(|other| other.name == recurring.name);
        assert!(!taken, "two schedules are called `{}`", recurring.name);
        self.0.push(recurring);
        self
    }
}
