//! Tells the broadcasts of a process that an organization has new events, and which. The events are read once for all
//! listeners. Each listener then reads what it may see. Most need not, because most events cannot concern them.

use super::{
    bus::{Bus, Waker},
    feed,
    sequence::Sequence,
};
use dossier_core::{
    error::Error,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::Database;
use dossier_data::outbox::Ends;
use entities::event::Model;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    task::AbortHandle,
    time::sleep,
};
use uuid::Uuid;

/// The number of events of one read.
const BATCH_SIZE: u64 = 200;

/// The number of reads that a listener may lag behind before it must read by itself.
const MAX_LAG: usize = 32;

/// The pause after an error of the database.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Events in order and without gaps between batches. An empty batch means that the new events are unknown.
type Batch = Arc<[Model]>;

/// The outbox readers of a process, one for each organization with listeners.
#[derive(Clone)]
pub struct OutboxReaders {
    database: Database,
    bus: Bus,
    readers: Arc<Mutex<HashMap<Uuid, Weak<OutboxReader>>>>,
}

struct OutboxReader {
    batches: broadcast::Sender<Batch>,
    task: AbortHandle,
}

impl Drop for OutboxReader {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl OutboxReaders {
    /// Creates the set without readers.
    pub fn new(database: Database, bus: Bus) -> Self {
        Self { database, bus, readers: Arc::default() }
    }

    /// Returns notifications that miss no event from now on.
    pub fn listen(&self, organization: Uuid) -> Notifications {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let running = readers.get(&organization).and_then(Weak::upgrade);
        let reader = running.unwrap_or_else(|| {
            readers.retain(|_, reader| reader.strong_count() > 0);
            let reader = Arc::new(OutboxReader::start(self.database.clone(), &self.bus, organization));
            readers.insert(organization, Arc::downgrade(&reader));
            reader
        });
        Notifications { batches: reader.batches.subscribe(), _reader: reader }
    }
}

impl OutboxReader {
    fn start(database: Database, bus: &Bus, organization: Uuid) -> Self {
        let batches = broadcast::Sender::new(MAX_LAG);
        let waker = bus.listen(organization);
        let task = tokio::spawn(run(database, organization, waker, batches.clone())).abort_handle();
        Self { batches, task }
    }
}

async fn run(database: Database, organization: Uuid, mut waker: Waker, batches: broadcast::Sender<Batch>) {
    let mut last_read = None;
    loop {
        match read(&database, organization, &mut last_read).await {
            Ok(Some(batch)) => {
                // It fails if nobody listens any more.
                let _ = batches.send(batch);
            }
            Ok(None) => waker.woken().await,
            Err(_) => sleep(RETRY_AFTER).await,
        }
    }
}

/// Returns the events after `known`, and moves it. Returns `None` if there are none.
async fn read(database: &Database, organization: Uuid, last_read: &mut Option<Ends>) -> Result<Option<Batch>, Error> {
    let tx = database.read_as(Viewer::system(organization, SystemPurpose::Events)).await?;
    let ends = tx.ends().await?;
    let before = last_read.replace(ends);
    // Events continue only within the same history. Otherwise the new events are unknown, and all listeners must read.
    let Some(before) = before.filter(|before| Ends { last: before.last, ..ends } == *before) else {
        return Ok(Some(Arc::new([])));
    };
    if before.last == ends.last {
        return Ok(None);
    }
    let batch = feed::all(&tx, before.last, BATCH_SIZE).await?;
    let last = batch.last().map_or(ends.last, |event| event.number);
    *last_read = Some(Ends { last, ..ends });
    Ok(Some(batch.into()))
}

/// The notifications of one organization.
pub struct Notifications {
    batches: broadcast::Receiver<Batch>,
    _reader: Arc<OutboxReader>,
}

/// A notification.
pub enum Wakeup {
    /// No event up to this sequence concerns the listener.
    Pass(Sequence),
    /// Some events may concern the listener.
    Look,
}

impl Notifications {
    /// Returns the next notification. `concerns` says whether an event may concern the listener.
    pub async fn next(&mut self, concerns: impl Fn(&Model) -> bool) -> Wakeup {
        match self.batches.recv().await {
            Ok(batch) => match batch.last() {
                Some(last) if !batch.iter().any(concerns) => Wakeup::Pass(Sequence(last.number)),
                _ => Wakeup::Look,
            },
            // This value keeps the reader alive, and the reader never ends by itself.
            Err(RecvError::Lagged(_) | RecvError::Closed) => Wakeup::Look,
        }
    }
}
