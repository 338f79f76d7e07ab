//! How an operation came in, and how far it has come.

use crate::{
    address::Address,
    rate::{Listening, RateLimitStatus},
};
use dossier_events::EventStream;
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::OwnedRwLockReadGuard;

/// How a request came in.
#[derive(Clone, Default)]
pub struct RequestContext {
    /// Names the request in logs and errors.
    pub request_id: String,
    /// Where it came from. None within the server, where nothing is limited.
    pub address: Option<Address>,
    /// Which operation of the document is meant, when it has several.
    pub operation: Option<String>,
    /// The idempotency key, and a SHA-256 of what it was sent with.
    pub idempotency: Option<(String, String)>,
    /// How far it has come.
    pub state: Arc<ExecutionState>,
}

/// How far an operation has come, for those who carry its answers.
#[derive(Default)]
pub struct ExecutionState {
    executed: AtomicBool,
    beginning: Mutex<Option<OwnedRwLockReadGuard<()>>>,
    rate_limit_status: Mutex<Option<RateLimitStatus>>,
    stream: Mutex<Option<EventStream>>,
    subscription: Mutex<Option<OpenSubscription>>,
}

/// A subscription that is open.
pub struct OpenSubscription {
    /// The cost of delivering an event.
    pub cost: usize,
    /// Counts it, as long as it is kept.
    pub open: Listening,
}

impl ExecutionState {
    /// Holds `gate` until the operation listens, or ends.
    pub fn holding(gate: Option<OwnedRwLockReadGuard<()>>) -> Self {
        Self { beginning: Mutex::new(gate), ..Self::default() }
    }

    /// Whether fields were resolved, or a subscription has begun; before that, an error is about the request as a whole.
    pub fn has_executed(&self) -> bool {
        self.executed.load(Ordering::Relaxed)
    }

    pub(super) fn executes(&self) {
        self.executed.store(true, Ordering::Relaxed);
    }

    /// How its caller stands, when it was charged for it.
    pub fn rate_limit_status(&self) -> Option<RateLimitStatus> {
        *lock(&self.rate_limit_status)
    }

    pub(super) fn stands(&self, rate_limit_status: Option<RateLimitStatus>) {
        if rate_limit_status.is_some() {
            *lock(&self.rate_limit_status) = rate_limit_status;
        }
    }

    pub(super) fn subscribes(&self, cost: usize, open: Listening) {
        *lock(&self.subscription) = Some(OpenSubscription { cost, open });
    }

    /// The subscription, for whoever goes on with it.
    pub fn subscription(&self) -> Option<OpenSubscription> {
        lock(&self.subscription).take()
    }

    /// From here on the subscription misses nothing: whoever carries it goes on with the walk.
    pub(super) fn listens(&self, stream: EventStream) {
        *lock(&self.stream) = Some(stream);
        self.begins();
    }

    /// From here on the subscription hears what is said.
    pub(super) fn begins(&self) {
        self.executes();
        lock(&self.beginning).take();
    }

    /// Where a subscription begins that listens.
    pub fn stream(&self) -> Option<EventStream> {
        lock(&self.stream).take()
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
