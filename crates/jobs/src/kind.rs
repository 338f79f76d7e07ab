//! What a kind of job declares.

use crate::Backoff;
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;

/// A kind of job. A value of the type is the payload of one job, and is stored as JSON: fields are added with
/// `#[serde(default)]` and never removed while jobs of the version before may be queued.
pub trait JobKind: Serialize + DeserializeOwned + Send + 'static {
    /// The name that is stored with each job, such as `upload.verify`. It never changes.
    const NAME: &'static str;

    /// How jobs of the kind run.
    const OPTIONS: KindOptions = KindOptions::DEFAULT;

    /// Returns what no two unfinished jobs of the kind in an organization have in common. A job whose key is taken is
    /// not enqueued, also while the other one is running. Workers see the key: it names something, and says nothing
    /// about it.
    fn unique_key(&self) -> Option<String> {
        None
    }
}

/// How jobs of a kind run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindOptions {
    /// Jobs of a higher priority run first. 0 is normal.
    pub priority: i16,
    /// After how many failed attempts a job is dead. A lease that expires counts as one.
    pub max_attempts: u16,
    /// How long an attempt may take before it is stopped and counts as failed.
    pub timeout: Duration,
    /// How long a failed job waits.
    pub backoff: Backoff,
    /// How many jobs run at the same time.
    pub concurrency: Concurrency,
}

/// How many jobs of a kind run at the same time. No number means no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Concurrency {
    /// In one process.
    pub per_process: Option<u32>,
    /// In all processes together.
    pub overall: Option<u32>,
    /// For one organization, in all processes together.
    pub per_organization: Option<u32>,
}

impl KindOptions {
    /// Ten attempts of five minutes within about an hour, two at a time for each organization.
    pub const DEFAULT: Self = Self {
        priority: 0,
        max_attempts: 10,
        timeout: Duration::from_mins(5),
        backoff: Backoff { first: Duration::from_secs(10), max: Duration::from_mins(15) },
        concurrency: Concurrency { per_process: None, overall: None, per_organization: Some(2) },
    };

    /// For recurring work that nobody waits for: a hundred attempts of half an hour within about a day, one at a time in
    /// each process, after all other jobs.
    pub const MAINTENANCE: Self = Self {
        priority: -10,
        max_attempts: 100,
        timeout: Duration::from_mins(30),
        concurrency: Concurrency { per_process: Some(1), overall: None, per_organization: Some(1) },
        ..Self::DEFAULT
    };
}
