//! The request that contains an operation, and the state of its execution.

use crate::{
    address::Address,
    rate::{Listening, RateLimitStatus},
};
use chrono::{DateTime, Utc};
use dossier_data::Origin;
use dossier_domain::session::Device;
use dossier_events::EventStream;
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::OwnedRwLockReadGuard;

/// The request that contains an operation.
#[derive(Clone, Default)]
pub struct RequestContext {
    /// The id of the request in logs and errors.
    pub request_id: String,
    /// The address of the caller. `None` within the server, where nothing is limited.
    pub address: Option<Address>,
    /// The name of the operation to execute, if the document has several.
    pub operation: Option<String>,
    /// The idempotency key, and the SHA-256 of the request.
    pub idempotency: Option<(String, String)>,
    /// The id by which the caller recognizes the events of a mutation.
    pub client_mutation_id: Option<String>,
    /// The `User-Agent` of the caller.
    pub user_agent: Option<String>,
    /// The browser, if it may use the cookie of a session.
    pub browser: Option<Browser>,
    /// The state of the execution.
    pub state: Arc<ExecutionState>,
}

impl RequestContext {
    /// Returns the device of the caller. Without a given name, it has the name by which the client presents itself.
    pub(super) fn device(&self, name: Option<String>) -> Device {
        let name = name.or_else(|| self.user_agent.clone());
        Device::new(name.as_deref(), self.address.map(Address::network))
    }

    /// Returns the network and the device of the caller, for the audit log.
    pub(super) fn origin(&self) -> Origin {
        let Device { name: device, network } = self.device(None);
        Origin { network, device }
    }
}

/// A browser that may use the cookie of a session.
#[derive(Clone)]
pub struct Browser {
    /// The refresh token in the cookie.
    pub refresh_token: Option<String>,
}

/// The state of an operation's execution, for the transport.
#[derive(Default)]
pub struct ExecutionState {
    executed: AtomicBool,
    beginning: Mutex<Option<OwnedRwLockReadGuard<()>>>,
    rate_limit_status: Mutex<Option<RateLimitStatus>>,
    stream: Mutex<Option<EventStream>>,
    subscription: Mutex<Option<OpenSubscription>>,
    refresh_cookie: Mutex<Option<RefreshCookie>>,
}

/// The refresh token that the browser's cookie is set to, with its expiry. `None` removes the cookie.
pub type RefreshCookie = Option<(String, DateTime<Utc>)>;

/// An open subscription.
pub struct OpenSubscription {
    /// The cost of delivering an event.
    pub cost: usize,
    /// Counts the subscription while it is held.
    pub open: Listening,
}

impl ExecutionState {
    /// Holds `gate` until the subscription has begun or the operation ends.
    pub fn holding(gate: Option<OwnedRwLockReadGuard<()>>) -> Self {
        Self { beginning: Mutex::new(gate), ..Self::default() }
    }

    /// Returns whether fields were resolved or a subscription has begun. Before that, an error is a request error.
    pub fn has_executed(&self) -> bool {
        self.executed.load(Ordering::Relaxed)
    }

    pub(super) fn executes(&self) {
        self.executed.store(true, Ordering::Relaxed);
    }

    /// Returns the caller's rate limit status after the charge for this operation.
    pub fn rate_limit_status(&self) -> Option<RateLimitStatus> {
        *lock(&self.rate_limit_status)
    }

    pub(super) fn stands(&self, rate_limit_status: Option<RateLimitStatus>) {
        if rate_limit_status.is_some() {
            *lock(&self.rate_limit_status) = rate_limit_status;
        }
    }

    /// Returns the cookie to set, if there is one.
    pub fn refresh_cookie(&self) -> Option<RefreshCookie> {
        lock(&self.refresh_cookie).take()
    }

    pub(super) fn set_refresh_cookie(&self, cookie: RefreshCookie) {
        *lock(&self.refresh_cookie) = Some(cookie);
    }

    pub(super) fn subscribes(&self, cost: usize, open: Listening) {
        *lock(&self.subscription) = Some(OpenSubscription { cost, open });
    }

    /// Returns the subscription.
    pub fn subscription(&self) -> Option<OpenSubscription> {
        lock(&self.subscription).take()
    }

    /// Records that the subscription has begun. From here on it misses no event, and its transport continues the
    /// stream.
    pub(super) fn set_stream(&self, stream: EventStream) {
        *lock(&self.stream) = Some(stream);
        self.set_begun();
    }

    /// Records that the subscription has begun.
    pub(super) fn set_begun(&self) {
        self.executes();
        lock(&self.beginning).take();
    }

    /// Returns the stream of a subscription to events.
    pub fn stream(&self) -> Option<EventStream> {
        lock(&self.stream).take()
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
