//! Tells the channels of a process that an organization has new events, and which: read once, whatever the number of
//! those who listen. Each then reads for itself what it may see; most need not, for most events can not concern them.

use super::{
    bus::{Bus, Waker},
    feed,
    sequence::Sequence,
};
use dossier_core::{error::Error, viewer::Viewer};
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

/// How many events are read at once.
const STEP: u64 = 200;

/// How many such readings a channel may be behind before it looks for itself.
const BEHIND: usize = 32;

/// The pause after a database did not answer.
const PAUSE: Duration = Duration::from_secs(1);

/// In order, and without gaps from one to the next; none: nobody knows what there is.
type Batch = Arc<[Model]>;

/// The heralds of a process: one for each organization that somebody listens to.
#[derive(Clone)]
pub struct OutboxReaders {
    database: Database,
    bus: Bus,
    calling: Arc<Mutex<HashMap<Uuid, Weak<OutboxReader>>>>,
}

struct OutboxReader {
    calls: broadcast::Sender<Batch>,
    task: AbortHandle,
}

impl Drop for OutboxReader {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl OutboxReaders {
    /// None yet.
    pub fn new(database: Database, bus: Bus) -> Self {
        Self { database, bus, calling: Arc::default() }
    }

    /// From now on, no event is missed.
    pub fn listen(&self, organization: Uuid) -> Notifications {
        let mut calling = self.calling.lock().unwrap_or_else(PoisonError::into_inner);
        let known = calling.get(&organization).and_then(Weak::upgrade);
        let reader = known.unwrap_or_else(|| {
            calling.retain(|_, reader| reader.strong_count() > 0);
            let reader = Arc::new(OutboxReader::start(self.database.clone(), &self.bus, organization));
            calling.insert(organization, Arc::downgrade(&reader));
            reader
        });
        Notifications { calls: reader.calls.subscribe(), _herald: reader }
    }
}

impl OutboxReader {
    fn start(database: Database, bus: &Bus, organization: Uuid) -> Self {
        let calls = broadcast::Sender::new(BEHIND);
        let waker = bus.listen(organization);
        let task = tokio::spawn(call(database, organization, waker, calls.clone())).abort_handle();
        Self { calls, task }
    }
}

async fn call(database: Database, organization: Uuid, mut waker: Waker, calls: broadcast::Sender<Batch>) {
    let mut known = None;
    loop {
        match read(&database, organization, &mut known).await {
            Ok(Some(batch)) => {
                // Whoever listens no more needs not be told.
                let _ = calls.send(batch);
            }
            Ok(None) => waker.woken().await,
            Err(_) => sleep(PAUSE).await,
        }
    }
}

/// What is new since what is known, which moves on; none: nothing.
async fn read(database: &Database, organization: Uuid, known: &mut Option<Ends>) -> Result<Option<Batch>, Error> {
    let tx = database.read_as(Viewer::System { organization }).await?;
    let ends = tx.ends().await?;
    let before = known.replace(ends);
    // Events of the same history go on; when there is no saying what is new, everybody looks.
    let Some(before) = before.filter(|before| Ends { last: before.last, ..ends } == *before) else {
        return Ok(Some(Arc::new([])));
    };
    if before.last == ends.last {
        return Ok(None);
    }
    let batch = feed::all(&tx, before.last, STEP).await?;
    let last = batch.last().map_or(ends.last, |event| event.number);
    *known = Some(Ends { last, ..ends });
    Ok(Some(batch.into()))
}

/// What a channel hears of its organization.
pub struct Notifications {
    calls: broadcast::Receiver<Batch>,
    _herald: Arc<OutboxReader>,
}

/// What there is to do.
pub enum Wakeup {
    /// Nothing up to this mark is of interest.
    Pass(Sequence),
    /// Something may be.
    Look,
}

impl Notifications {
    /// The next call, of which `concerns` tells whether an event may be of interest.
    pub async fn next(&mut self, concerns: impl Fn(&Model) -> bool) -> Wakeup {
        match self.calls.recv().await {
            Ok(batch) => match batch.last() {
                Some(last) if !batch.iter().any(concerns) => Wakeup::Pass(Sequence(last.number)),
                _ => Wakeup::Look,
            },
            // The herald is kept by this, and never ends by itself.
            Err(RecvError::Lagged(_) | RecvError::Closed) => Wakeup::Look,
        }
    }
}
