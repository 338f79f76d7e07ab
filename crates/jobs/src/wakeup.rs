//! Looking for jobs at once.

use std::sync::Arc;
use tokio::sync::Notify;

/// Makes a runner look for due jobs at once: after the commit of a transaction that has enqueued one. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Wakeup(Arc<Notify>);

impl Wakeup {
    /// Makes the runner look.
    pub fn wake(&self) {
        self.0.notify_one();
    }

    /// Returns once somebody has woken the runner since the last time.
    pub(crate) async fn woken(&self) {
        self.0.notified().await;
    }
}
