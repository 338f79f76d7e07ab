//! Readers and watchers of this process.

use crate::sign::{Shown, Sign};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

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
