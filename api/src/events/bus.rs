//! Wakes subscribers. It carries no data: what a wake-up loses, the next one finds in the outbox.

use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};
use uuid::Uuid;

/// How long a subscriber waits before it looks for itself, woken or not; it also bounds how long a right that was
/// taken away outlives its end on an idle socket.
const LOOK_ANYWAY: Duration = Duration::from_secs(15);

/// Tells every subscriber of this process that an organization has new events.
#[derive(Clone)]
pub struct Bus(broadcast::Sender<Uuid>);

impl Default for Bus {
    fn default() -> Self {
        Self(broadcast::Sender::new(1024))
    }
}

impl Bus {
    /// There is something new.
    pub fn wake(&self, organization: Uuid) {
        // Without subscribers nobody needs to be woken.
        let _ = self.0.send(organization);
    }

    /// From now on, no wake-up is missed.
    pub fn listen(&self, organization: Uuid) -> Waker {
        Waker { receiver: self.0.subscribe(), organization }
    }
}

/// Wakes one subscriber.
pub struct Waker {
    receiver: broadcast::Receiver<Uuid>,
    organization: Uuid,
}

impl Waker {
    /// Returns when there may be something new; false when the process stops serving.
    pub async fn woken(&mut self) -> bool {
        let deadline = tokio::time::Instant::now() + LOOK_ANYWAY;
        loop {
            match tokio::time::timeout_at(deadline, self.receiver.recv()).await {
                Ok(Ok(organization)) if organization != self.organization => {}
                // Fallen behind: what was dropped may have been ours.
                Ok(Ok(_) | Err(RecvError::Lagged(_))) | Err(_) => return true,
                Ok(Err(RecvError::Closed)) => return false,
            }
        }
    }
}
