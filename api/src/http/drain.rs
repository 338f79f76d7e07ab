//! Graceful shutdown. Each holder of a [`Drain`] learns when the server stops, and the server waits until all of them
//! are dropped.

use std::time::Duration;
use tokio::{sync::watch, time::Instant};

/// Tells its holder when the server stops.
#[derive(Clone, Debug)]
pub struct Drain(watch::Receiver<Option<Instant>>);

/// Starts the shutdown, also when it is dropped.
#[derive(Debug)]
pub struct DrainTrigger(watch::Sender<Option<Instant>>);

/// Creates both ends.
pub fn drain() -> (DrainTrigger, Drain) {
    let (sender, receiver) = watch::channel(None);
    (DrainTrigger(sender), Drain(receiver))
}

impl Drain {
    /// Waits until the shutdown starts, and returns the deadline for work in progress.
    pub async fn started(&mut self) -> Instant {
        let deadline = self.0.wait_for(Option::is_some).await;
        deadline.ok().and_then(|at| *at).unwrap_or_else(Instant::now)
    }
}

impl DrainTrigger {
    /// Starts the shutdown, and gives work in progress this much time.
    pub fn start(&self, within: Duration) {
        self.0.send_replace(Some(Instant::now() + within));
    }

    /// Waits until all holders are dropped.
    pub async fn finished(&self) {
        self.0.closed().await;
    }
}
