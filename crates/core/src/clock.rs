//! Time and chance come from here, so that a test can hold them still.

use chrono::{DateTime, SubsecRound, Utc};
use std::sync::Arc;
use uuid::{ContextV7, Timestamp, Uuid};

/// Where the time comes from.
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
    /// A clock that reads `now`.
    pub fn new(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time, to the microsecond: finer would not survive `PostgreSQL`.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)().trunc_subsecs(6)
    }
}

/// A new key: `UUIDv7`, so that keys made later sort later, also within one millisecond of one process.
pub fn new_id(now: DateTime<Utc>) -> Uuid {
    static CONTEXT: std::sync::Mutex<ContextV7> = std::sync::Mutex::new(ContextV7::new());
    let context = CONTEXT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(&*context, seconds, now.timestamp_subsec_nanos()))
}
