//! Bounds the work of one operation: how large its answer becomes, and how long it runs without waiting.

use async_graphql::Value;
use std::{
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
    time::{Duration, Instant},
};
use tokio::{sync::Notify, task::yield_now};

/// The largest answer, in bytes of memory before it is written as JSON.
pub const MAX_ANSWER: usize = 32 << 20;

/// About what one value takes besides its text: its place in a map, its name, and itself.
const OVERHEAD: usize = 96;

/// In how many turns an operation may use up its time. Few, because whatever fields ask for in one turn is read together.
const TURNS: u32 = 30;

/// The memory and time that an operation may still use.
pub struct Budget {
    bytes: AtomicUsize,
    exhausted: Notify,
    started: Instant,
    /// How long a turn lasts, after which others and the time limit get theirs.
    turn: Duration,
    /// When the running turn began, in milliseconds after `started`.
    turn_began: AtomicU64,
}

impl Budget {
    /// Of an operation that may take this long.
    pub fn new(limit: Duration) -> Self {
        Self {
            bytes: AtomicUsize::new(MAX_ANSWER),
            exhausted: Notify::new(),
            started: Instant::now(),
            turn: limit / TURNS,
            turn_began: AtomicU64::new(0),
        }
    }

    /// Takes the memory of a value. Returns false when there is not enough left: the operation ends, and the caller must
    /// add nothing to its answer.
    #[must_use]
    pub fn take(&self, value: &Value) -> bool {
        let left = self.bytes.load(Ordering::Relaxed).checked_sub(size(value));
        self.bytes.store(left.unwrap_or_default(), Ordering::Relaxed);
        if left.is_none() {
            self.exhausted.notify_one();
        }
        left.is_some()
    }

    /// Waits until the answer is too large.
    pub async fn exceeded(&self) {
        self.exhausted.notified().await;
    }

    /// Ends a turn that has become long. Returns whether it did.
    pub async fn breathe(&self) -> bool {
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

/// Returns about how much memory a value takes that a caller has sent.
pub fn input_size(value: &Value) -> usize {
    let below = match value {
        Value::String(text) => text.len(),
        Value::List(items) => items.iter().map(input_size).sum(),
        Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + input_size(value)).sum(),
        _ => 0,
    };
    OVERHEAD + below
}

/// Returns about how much memory a value of an answer takes. The objects of a list are left out, because they were counted when each
/// was resolved.
fn size(value: &Value) -> usize {
    let below = match value {
        Value::String(text) => text.len(),
        Value::List(items) => items.iter().filter(|item| !matches!(item, Value::Object(_))).map(size).sum(),
        Value::Object(fields) => fields.values().map(size).sum(),
        _ => 0,
    };
    OVERHEAD + below
}
