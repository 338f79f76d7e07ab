//! Leaving without breaking anything off: who holds a [`Drain`] is told when the server is about to stop, and the
//! server waits until all of them are gone.

use std::time::Duration;
use tokio::{sync::watch, time::Instant};

/// Tells its holder when to leave.
#[derive(Clone, Debug)]
pub struct Drain(watch::Receiver<Option<Instant>>);

/// Tells all holders to leave. Dropping it tells them, too.
#[derive(Debug)]
pub struct Leave(watch::Sender<Option<Instant>>);

/// Both ends.
pub fn drain() -> (Leave, Drain) {
    let (sender, receiver) = watch::channel(None);
    (Leave(sender), Drain(receiver))
}

impl Drain {
    /// Returns when the server is about to stop: until when what is being done may go on.
    pub async fn begun(&mut self) -> Instant {
        let told = self.0.wait_for(Option::is_some).await;
        told.ok().and_then(|until| *until).unwrap_or_else(Instant::now)
    }
}

impl Leave {
    /// Tells all holders to leave, and to take no longer than this with what they are doing.
    pub fn tell(&self, within: Duration) {
        self.0.send_replace(Some(Instant::now() + within));
    }

    /// Returns when all are gone.
    pub async fn left(&self) {
        self.0.closed().await;
    }
}
