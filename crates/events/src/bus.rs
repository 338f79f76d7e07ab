//! Wakes the readers of an organization's events. Wake-ups carry no data, because the readers find the events in the
//! outbox.

use crate::{
    local::Local,
    redis::Relay,
    sign::{Shown, Sign},
};
use dossier_data::Notifier;
use redis::RedisError;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{broadcast, watch},
    time::timeout,
};
use uuid::Uuid;

/// How long a reader waits before it reads without a wake-up.
const READ_AFTER: Duration = Duration::from_secs(15);

/// Wakes all readers of an organization's events: those of this process directly, and those of other processes through
/// Redis, if there is one.
#[derive(Clone, Default)]
pub struct Bus {
    local: Local,
    relay: Option<Relay>,
}

impl Bus {
    /// Creates a bus over Redis, which may be unavailable at first. Fails if the URL is invalid.
    pub fn over_redis(url: &str) -> Result<Self, RedisError> {
        let local = Local::default();
        let relay = Relay::start(url, local.clone())?;
        Ok(Self { local, relay: Some(relay) })
    }

    /// Returns whether Redis carries wake-ups now, or `None` without Redis. While it does not, events arrive later.
    pub fn redis(&self) -> Option<bool> {
        self.relay.as_ref().map(Relay::is_up)
    }

    /// Wakes the readers of this process.
    pub fn look(&self, organization: Uuid) {
        self.local.wake(organization);
    }

    /// Sends a sign of presence to all watchers, here and in other processes.
    pub fn show(&self, sign: Sign) {
        if let Some(relay) = &self.relay {
            relay.show(&sign);
        }
        self.local.show(sign);
    }

    /// Returns a receiver of the signs of presence from now on.
    pub(super) fn signs(&self) -> broadcast::Receiver<Arc<Shown>> {
        self.local.watch()
    }

    /// Returns a waker that misses no wake-up from now on.
    pub fn listen(&self, organization: Uuid) -> Waker {
        Waker(self.local.listen(organization))
    }
}

impl Notifier for Bus {
    fn wake(&self, organization: Uuid) {
        self.local.wake(organization);
        if let Some(relay) = &self.relay {
            relay.publish(organization);
        }
    }
}

/// Wakes one reader.
pub struct Waker(watch::Receiver<()>);

impl Waker {
    /// Returns when there may be new events.
    pub async fn woken(&mut self) {
        // The sender lives as long as a receiver.
        let _ = timeout(READ_AFTER, self.0.changed()).await;
    }
}
