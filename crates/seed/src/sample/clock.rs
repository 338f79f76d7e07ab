//! The time of the sample.

use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::clock::Clock;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// The hands of the sample's clock, which are set before each act.
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
    /// So many days ago.
    pub fn set(&self, days_ago: i64) {
        let then = self.today - TimeDelta::days(days_ago);
        self.micros.store(then.timestamp_micros(), Ordering::Relaxed);
    }

    /// The clock they belong to; it moves on by a second whenever it is read, so that what is made one after the other
    /// is ordered.
    pub fn clock(&self) -> Clock {
        let clock = self.clone();
        Clock::new(move || {
            let micros = clock.micros.fetch_add(1_000_000, Ordering::Relaxed);
            DateTime::from_timestamp_micros(micros).unwrap_or(clock.today)
        })
    }
}
