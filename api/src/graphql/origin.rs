//! How an operation came in, how far it has come, and what a subscription tells.

use crate::{
    access::Unit,
    address::Address,
    events::{Delivery, Walk},
    observe,
    rate::Standing,
};
use std::sync::{
    Arc, Mutex, MutexGuard, OnceLock, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::OwnedRwLockReadGuard;

/// How a request came in.
#[derive(Clone, Default)]
pub struct Origin {
    /// Names the request in logs and errors.
    pub request_id: String,
    /// Where it came from. None within the server, where nothing is limited.
    pub address: Option<Address>,
    /// Which operation of the document is meant, when it has several.
    pub operation: Option<String>,
    /// The idempotency key, and a SHA-256 of what it was sent with.
    pub idempotency: Option<(String, String)>,
    /// How far it has come.
    pub progress: Arc<Progress>,
}

/// How far an operation has come, for those who carry its answers.
#[derive(Default)]
pub struct Progress {
    pub(super) executed: AtomicBool,
    beginning: Mutex<Option<OwnedRwLockReadGuard<()>>>,
    pub(super) standing: OnceLock<Standing>,
    walk: Mutex<Option<Walk>>,
    observed: Mutex<Option<observe::Operation>>,
}

impl Progress {
    /// Holds `gate` until the operation listens, or ends.
    pub fn holding(gate: Option<OwnedRwLockReadGuard<()>>) -> Self {
        Self { beginning: Mutex::new(gate), ..Self::default() }
    }

    /// Whether fields were resolved; before that, an error is about the request as a whole.
    pub fn has_executed(&self) -> bool {
        self.executed.load(Ordering::Relaxed)
    }

    /// How its caller stands, when it was charged for it.
    pub fn standing(&self) -> Option<Standing> {
        self.standing.get().copied()
    }

    /// From here on the subscription misses nothing: whoever carries it goes on with the walk.
    pub(super) fn listens(&self, walk: Walk) {
        *lock(&self.walk) = Some(walk);
        self.begins();
    }

    /// From here on the subscription hears what is said.
    pub(super) fn begins(&self) {
        lock(&self.beginning).take();
    }

    /// Where a subscription begins that listens.
    pub fn walk(&self) -> Option<Walk> {
        lock(&self.walk).take()
    }

    /// What observes the operation, once it has answered: it goes on as long as somebody keeps this.
    pub fn observe(&self, operation: observe::Operation) {
        *lock(&self.observed) = Some(operation);
    }

    /// What observes the operation.
    pub fn observed(&self) -> Option<observe::Operation> {
        lock(&self.observed).take()
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One event on its way: a subscription that is executed with it tells of it alone, in this unit of work.
pub struct Telling {
    delivery: Mutex<Option<Delivery>>,
    pub(super) unit: Arc<Unit>,
}

impl Telling {
    /// Of this event, in this unit.
    pub fn of(delivery: Delivery, unit: Unit) -> Self {
        Self { delivery: Mutex::new(Some(delivery)), unit: Arc::new(unit) }
    }

    /// What is told.
    pub(super) fn delivery(&self) -> Option<Delivery> {
        lock(&self.delivery).take()
    }
}
