//! Wakes whoever reads an organization's events. It carries no data: what a wake-up loses, the next one finds in the
//! outbox.

use super::{
    presence::{Shown, Sign},
    redis::Relay,
};
use redis::RedisError;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{broadcast, watch},
    time::timeout,
};
use uuid::Uuid;

/// How long a reader waits before it looks for itself, woken or not.
const LOOK_ANYWAY: Duration = Duration::from_secs(15);

/// How many signs somebody may be behind before the oldest are lost for them.
const SIGNS: usize = 256;

/// Who listens in this process.
#[derive(Clone)]
pub(super) struct Local {
    readers: Arc<Mutex<HashMap<Uuid, watch::Sender<()>>>>,
    signs: broadcast::Sender<Arc<Shown>>,
}

impl Default for Local {
    fn default() -> Self {
        Self { readers: Arc::default(), signs: broadcast::Sender::new(SIGNS) }
    }
}

impl Local {
    /// The readers of one organization are to look.
    pub(super) fn wake(&self, organization: Uuid) {
        if let Some(reader) = self.readers().get(&organization) {
            reader.send_replace(());
        }
    }

    /// All are to look: nobody knows what was missed.
    pub(super) fn wake_all(&self) {
        self.readers().values().for_each(|reader| {
            reader.send_replace(());
        });
    }

    /// Somebody is there.
    pub(super) fn show(&self, sign: Sign) {
        // Nobody needs to listen.
        let _ = self.signs.send(Shown::new(sign));
    }

    fn readers(&self) -> MutexGuard<'_, HashMap<Uuid, watch::Sender<()>>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

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

    /// There is something new.
    pub fn wake(&self, organization: Uuid) {
        self.local.wake(organization);
        if let Some(relay) = &self.relay {
            relay.publish(organization);
        }
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
        self.local.signs.subscribe()
    }

    /// From now on, no wake-up is missed.
    pub fn listen(&self, organization: Uuid) -> Waker {
        let mut readers = self.local.readers();
        readers.retain(|_, reader| reader.receiver_count() > 0);
        Waker(readers.entry(organization).or_insert_with(|| watch::Sender::new(())).subscribe())
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
