//! Limits the work of one operation: the size of its response, and the time for which it runs without waiting.

use async_graphql::Value;
use std::{
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
    time::{Duration, Instant},
};
use tokio::{sync::Notify, task::yield_now};

/// The largest response, in bytes of memory before it is written as JSON.
pub const MAX_ANSWER: usize = 32 << 20;

/// The approximate memory that a value takes besides its text: its map entry, its name, and the value itself.
const OVERHEAD: usize = 96;

/// The number of turns in which an operation may use up its time. It is low because the fields of one turn share their
/// database reads.
const TURNS: u32 = 30;

/// The memory and time that an operation may still use.
pub struct Budget {
    bytes: AtomicUsize,
    exhausted: Notify,
    started: Instant,
    /// The length of a turn. When it is over, other tasks and the time limit run.
    turn: Duration,
    /// When the current turn began, in milliseconds after `started`.
    turn_began: AtomicU64,
}

impl Budget {
    /// Creates the budget of an operation that may take this long.
    pub fn new(limit: Duration) -> Self {
        Self {
            bytes: AtomicUsize::new(MAX_ANSWER),
            exhausted: Notify::new(),
            started: Instant::now(),
            turn: limit / TURNS,
            turn_began: AtomicU64::new(0),
        }
    }

    /// Takes the memory of a value. Returns false if not enough is left. The operation then ends, and the caller must
    /// not add the value to its response.
    #[must_use]
    pub fn take(&self, value: &Value) -> bool {
        let left = self.bytes.load(Ordering::Relaxed).checked_sub(size(value));
        self.bytes.store(left.unwrap_or_default(), Ordering::Relaxed);
        if left.is_none() {
            self.exhausted.notify_one();
        }
        left.is_some()
    }

    /// Waits until the response is too large.
    pub async fn exceeded(&self) {
        self.exhausted.notified().await;
    }

    /// Ends the current turn if it has taken too long. Returns whether it ended.
    pub async fn end_long_turn(&self) -> bool {
        let now = || u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let lasted = now().saturating_sub(self.turn_began.load(Ordering::Relaxed));
        let is_long = Duration::from_millis(lasted) > self.turn;
        if is_long {
            yield_now().await;
            self.turn_began.store(now(), Ordering::Relaxed);
        }
        is_long
    }
}

/// Returns the approximate memory of a value that a caller has sent.
pub fn input_size(value: &Value) -> usize {
    let below = match value {
        Value::String(text) => text.len(),
        Value::List(items) => items.iter().map(input_size).sum(),
        Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + input_size(value)).sum(),
        _ => 0,
    };
    OVERHEAD + below
}

/// Returns the approximate memory of a value in a response. Objects in a list are excluded because they are counted
/// when they are resolved.
fn size(value: &Value) -> usize {
    let below = match value {
        Value::String(text) => text.len(),
        Value::List(items) => items.iter().filter(|item| !matches!(item, Value::Object(_))).map(size).sum(),
        Value::Object(fields) => fields.values().map(size).sum(),
        _ => 0,
    };
    OVERHEAD + below
}
