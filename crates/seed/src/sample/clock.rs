//! The clock of the sample.

use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::clock::Clock;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// A settable time. Each action sets it first.
#[derive(Clone)]
pub struct SampleClock {
    today: DateTime<Utc>,
    micros: Arc<AtomicI64>,
}

impl Default for SampleClock {
    fn default() -> Self {
        let today = Clock::default().now();
        Self { today, micros: Arc::new(AtomicI64::new(today.timestamp_micros())) }
    }
}

impl SampleClock {
    /// Sets the time to this many days ago.
    pub fn set(&self, days_ago: i64) {
        let then = self.today - TimeDelta::days(days_ago);
        self.micros.store(then.timestamp_micros(), Ordering::Relaxed);
    }

    /// Returns the clock. Each reading advances it by a second, so that rows have the order of their creation.
    pub fn clock(&self) -> Clock {
        let clock = self.clone();
        Clock::new(move || {
            let micros = clock.micros.fetch_add(1_000_000, Ordering::Relaxed);
            DateTime::from_timestamp_micros(micros).unwrap_or(clock.today)
        })
    }
}
