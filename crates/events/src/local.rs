//! The readers and watchers of this process.

use crate::sign::{Shown, Sign};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

/// The number of signs that a watcher may lag behind before it loses the oldest.
const MAX_LAG: usize = 256;

/// The listeners of this process.
#[derive(Clone)]
pub(super) struct Local {
    readers: Arc<Mutex<HashMap<Uuid, watch::Sender<()>>>>,
    signs: broadcast::Sender<Arc<Shown>>,
}

impl Default for Local {
    fn default() -> Self {
        Self { readers: Arc::default(), signs: broadcast::Sender::new(MAX_LAG) }
    }
}

impl Local {
    /// Wakes the readers of one organization.
    pub(super) fn wake(&self, organization: Uuid) {
        if let Some(reader) = self.readers().get(&organization) {
            reader.send_replace(());
        }
    }

    /// Wakes all readers, because any wake-up may have been lost.
    pub(super) fn wake_all(&self) {
        self.readers().values().for_each(|reader| {
            reader.send_replace(());
        });
    }

    /// Sends a sign of presence.
    pub(super) fn show(&self, sign: Sign) {
        // It fails if nobody listens, which is fine.
        let _ = self.signs.send(Shown::new(sign));
    }

    /// Returns a receiver of the wake-ups of one organization.
    pub(super) fn listen(&self, organization: Uuid) -> watch::Receiver<()> {
        let mut readers = self.readers();
        readers.retain(|_, reader| reader.receiver_count() > 0);
        readers.entry(organization).or_insert_with(|| watch::Sender::new(())).subscribe()
    }

    /// Returns a receiver of the signs from now on.
    pub(super) fn watch(&self) -> broadcast::Receiver<Arc<Shown>> {
        self.signs.subscribe()
    }

    fn readers(&self) -> MutexGuard<'_, HashMap<Uuid, watch::Sender<()>>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
