//! Wakes subscribers. It carries no data: what a wake-up loses, the next one finds in the outbox.

use super::redis::Relay;
use redis::RedisError;
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};
use uuid::Uuid;

/// How long a subscriber waits before it looks for itself, woken or not; it also bounds how long a right that was
/// taken away outlives its end on an idle socket.
const LOOK_ANYWAY: Duration = Duration::from_secs(15);

/// Who is to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wake {
    /// The subscribers of one organization.
    Organization(Uuid),
    /// All: nobody knows what was missed.
    Everybody,
}

/// Tells every subscriber that an organization has new events: those of this process at once, those of others through
/// Redis, where there is one.
#[derive(Clone)]
pub struct Bus {
    local: broadcast::Sender<Wake>,
    relay: Option<Relay>,
}

impl Default for Bus {
    fn default() -> Self {
        Self { local: broadcast::Sender::new(1024), relay: None }
    }
}

impl Bus {
    /// A bus over Redis, which need not be there yet. Fails on a URL that can not work.
    pub fn over_redis(url: &str) -> Result<Self, RedisError> {
        let Self { local, .. } = Self::default();
        let relay = Relay::start(url, local.clone())?;
        Ok(Self { local, relay: Some(relay) })
    }

    /// Whether Redis carries wake-ups right now; none without a Redis. While it does not, events arrive later.
    pub fn redis(&self) -> Option<bool> {
        self.relay.as_ref().map(Relay::is_up)
    }

    /// There is something new.
    pub fn wake(&self, organization: Uuid) {
        // Without subscribers nobody needs to be woken.
        let _ = self.local.send(Wake::Organization(organization));
        if let Some(relay) = &self.relay {
            relay.publish(organization);
        }
    }

    /// From now on, no wake-up is missed.
    pub fn listen(&self, organization: Uuid) -> Waker {
        Waker { receiver: self.local.subscribe(), organization }
    }
}

/// Wakes one subscriber.
pub struct Waker {
    receiver: broadcast::Receiver<Wake>,
    organization: Uuid,
}

impl Waker {
    /// Returns when there may be something new; false when the process stops serving.
    pub async fn woken(&mut self) -> bool {
        let deadline = tokio::time::Instant::now() + LOOK_ANYWAY;
        loop {
            match tokio::time::timeout_at(deadline, self.receiver.recv()).await {
                Ok(Ok(Wake::Organization(organization))) if organization != self.organization => {}
                // Fallen behind: what was dropped may have been ours.
                Ok(Ok(_) | Err(RecvError::Lagged(_))) | Err(_) => return true,
                Ok(Err(RecvError::Closed)) => return false,
            }
        }
    }
}
