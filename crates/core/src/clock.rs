//! The source of time and of new keys. A test can replace the clock.

use chrono::{DateTime, SubsecRound, Utc};
use std::sync::Arc;
use uuid::{ContextV7, Timestamp, Uuid};

/// A source of the current time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Default for Clock {
    fn default() -> Self {
        Self::new(
            #[expect(clippy::disallowed_methods, reason = "this is the clock that the others are banned for")]
            Utc::now,
        )
    }
}

impl Clock {
    /// Creates a clock that calls `now`.
    pub fn new(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Returns the current time, truncated to the microsecond, because `PostgreSQL` stores no finer unit.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)().trunc_subsecs(6)
    }
}

/// Creates a key: a `UUIDv7`. Later keys sort after earlier ones, also within one millisecond of one process.
pub fn new_id(now: DateTime<Utc>) -> Uuid {
    static CONTEXT: std::sync::Mutex<ContextV7> = std::sync::Mutex::new(ContextV7::new());
    let context = CONTEXT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(&*context, seconds, now.timestamp_subsec_nanos()))
}
