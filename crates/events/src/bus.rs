//! Wakes whoever reads an organization's events. It carries no data: what a wake-up loses, the next one finds in the
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

/// How long a reader waits before it looks for itself, woken or not.
const LOOK_ANYWAY: Duration = Duration::from_secs(15);

/// Tells every reader that an organization has new events: those of this process at once, those of others through
/// Redis, where there is one.
#[derive(Clone, Default)]
pub struct Bus {
    local: Local,
    relay: Option<Relay>,
}

impl Bus {
    /// A bus over Redis, which need not be there yet. Fails on a URL that can not work.
    pub fn over_redis(url: &str) -> Result<Self, RedisError> {
        let local = Local::default();
        let relay = Relay::start(url, local.clone())?;
        Ok(Self { local, relay: Some(relay) })
    }

    /// Whether Redis carries wake-ups right now; none without a Redis. While it does not, events arrive later.
    pub fn redis(&self) -> Option<bool> {
        self.relay.as_ref().map(Relay::is_up)
    }

    /// The readers of this process are to look.
    pub fn look(&self, organization: Uuid) {
        self.local.wake(organization);
    }

    /// Somebody is there: told to who listens, here and elsewhere.
    pub fn show(&self, sign: Sign) {
        if let Some(relay) = &self.relay {
            relay.show(&sign);
        }
        self.local.show(sign);
    }

    /// The signs of whoever is there, from now on.
    pub(super) fn signs(&self) -> broadcast::Receiver<Arc<Shown>> {
        self.local.watch()
    }

    /// From now on, no wake-up is missed.
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
    /// Returns when there may be something new.
    pub async fn woken(&mut self) {
        // The sender stays as long as there is a receiver.
        let _ = timeout(LOOK_ANYWAY, self.0.changed()).await;
    }
}
