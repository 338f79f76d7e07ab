//! Kinds of jobs for tests.

use dossier_jobs::{Backoff, Concurrency, JobKind, KindOptions};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A short pause between attempts.
const SOON: Backoff = Backoff { first: Duration::from_millis(20), max: Duration::from_millis(40) };

/// Runs the test's handler with the number.
#[derive(Serialize, Deserialize)]
pub struct Numbered {
    pub number: usize,
}

impl JobKind for Numbered {
    const NAME: &'static str = "test.numbered";
    const OPTIONS: KindOptions = KindOptions {
        max_attempts: 3,
        timeout: Duration::from_secs(2),
        backoff: SOON,
        concurrency: Concurrency { per_process: None, overall: Some(6), per_organization: Some(3) },
        ..KindOptions::DEFAULT
    };
}

/// The same with a higher priority, and one at a time.
#[derive(Serialize, Deserialize)]
pub struct Urgent {
    pub number: usize,
}

impl JobKind for Urgent {
    const NAME: &'static str = "test.urgent";
    const OPTIONS: KindOptions = KindOptions {
        priority: 5,
        concurrency: Concurrency { per_process: None, overall: Some(1), per_organization: None },
        ..Numbered::OPTIONS
    };
}

/// A job that is queued once per key.
#[derive(Serialize, Deserialize)]
pub struct Unique(pub String);

impl JobKind for Unique {
    const NAME: &'static str = "test.unique";

    fn unique_key(&self) -> Option<String> {
        Some(self.0.clone())
    }
}

/// Writes to a file at its start, and then takes a while.
#[derive(Serialize, Deserialize)]
pub struct Effect {
    pub milliseconds: u64,
}

/// The maximum number of running jobs with an effect.
pub const EFFECTS: u32 = 20;

/// The maximum per organization.
pub const EFFECTS_PER_ORGANIZATION: u32 = 9;

impl JobKind for Effect {
    const NAME: &'static str = "test.effect";
    const OPTIONS: KindOptions = KindOptions {
        max_attempts: 100,
        backoff: SOON,
        concurrency: Concurrency {
            per_process: None,
            overall: Some(EFFECTS),
            per_organization: Some(EFFECTS_PER_ORGANIZATION),
        },
        ..KindOptions::DEFAULT
    };
}
