//! Broadcasts. Subscribers with the same query and the same access scope share one task. It reads each event once,
//! executes the subscription once, and sends the same bytes to all. A subscriber that cannot keep up continues
//! separately, from the outbox.

mod broadcast;
mod task;

pub use broadcast::NewSubscriber;

use super::delivery::{Message, Renderer};
use crate::http::subscription_query::SubscriptionQuery;
use broadcast::{Broadcast, BroadcastMessage, NO_ACCESS, State};
use dossier_core::{clock::new_id, viewer::AccessScope};
use dossier_events::{OutboxReaders, Sequence};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicI64, Ordering},
    },
};
use task::BroadcastTask;
use tokio::{
    sync::{
        OwnedSemaphorePermit, Semaphore,
        broadcast::{Receiver, Sender, error::RecvError},
    },
    task::AbortHandle,
};
use uuid::Uuid;

/// The number of results that a subscriber may lag behind before it continues separately.
const MAX_LAG: usize = 32;

/// The identity of a broadcast.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Topic {
    access_scope: AccessScope,
    event_filter: dossier_events::EventFilter,
    query: String,
    /// The session, if the query is personal.
    session: Option<Uuid>,
}

/// The broadcasts of a process.
pub struct Channels {
    renderer: Renderer,
    readers: OutboxReaders,
    /// Limits the number of subscribers that read the outbox separately. If all return at once, others need the
    /// database, too.
    replays: Arc<Semaphore>,
    open: Mutex<HashMap<Topic, Weak<Channel>>>,
}

struct Channel {
    topic: Topic,
    query: Arc<SubscriptionQuery>,
    broadcast: Arc<Broadcast>,
    task: AbortHandle,
    channels: Weak<Channels>,
}

impl Channels {
    /// Creates the broadcasts of a process with this number of database connections.
    pub fn new(renderer: Renderer, connections: u32) -> Arc<Self> {
        let readers = OutboxReaders::new(renderer.app.database.clone(), renderer.app.bus.clone());
        let replays = usize::try_from(connections / 2).unwrap_or_default().max(1);
        Arc::new(Self { renderer, readers, replays: Arc::new(Semaphore::new(replays)), open: Mutex::default() })
    }

    /// Waits until a subscriber may read the outbox separately. The permit lasts until it is dropped.
    pub async fn permit_replay(&self) -> Option<OwnedSemaphorePermit> {
        self.replays.clone().acquire_owned().await.ok()
    }

    /// Returns the renderer for subscribers that read separately.
    pub fn renderer(&self) -> &Renderer {
        &self.renderer
    }

    /// Joins the broadcast of a subscriber's query and access scope. It delivers the events after the stream.
    pub fn join(self: &Arc<Self>, subscriber: &NewSubscriber<'_>) -> BroadcastReceiver {
        let topic = Topic {
            access_scope: subscriber.stream.position().access_scope.clone(),
            event_filter: subscriber.stream.event_filter.clone(),
            query: subscriber.query.print.clone(),
            session: subscriber.query.is_personal().then_some(subscriber.session),
        };
        // Dropped after the lock, because the last subscriber of a channel closes it and takes the lock.
        let known;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        known = open.get(&topic).and_then(Weak::upgrade);
        known.as_ref().and_then(|channel| channel.receiver(subscriber)).unwrap_or_else(|| {
            let (channel, checked_at) = Channel::open(self, topic, subscriber);
            open.insert(channel.topic.clone(), Arc::downgrade(&channel));
            let state = channel.broadcast.state();
            channel.new_receiver(&state, checked_at, subscriber.session)
        })
    }
}

impl Channel {
    /// Opens a channel with its first subscriber.
    fn open(channels: &Arc<Channels>, topic: Topic, subscriber: &NewSubscriber<'_>) -> (Arc<Self>, Arc<AtomicI64>) {
        let stream = subscriber.stream.clone();
        let mut state = State { sessions: HashMap::new(), sequence: stream.position().sequence, ended: false };
        let checked_at = state.add(subscriber);
        let answers = Sender::new(MAX_LAG);
        let (access_scope, cost) = (topic.access_scope.clone(), subscriber.cost);
        let broadcast = Arc::new(Broadcast { access_scope, cost, state: Mutex::new(state), answers });
        let notifications = channels.readers.listen(topic.access_scope.organization);
        let query = subscriber.query.clone();
        let task = BroadcastTask { broadcast: broadcast.clone(), stream, notifications, query: query.clone() };
        let id = new_id(channels.renderer.app.database.clock.now()).to_string();
        let run = task.run(channels.renderer.clone(), id);
        let task = tokio::spawn(run).abort_handle();
        (Arc::new(Self { topic, query, broadcast, task, channels: Arc::downgrade(channels) }), checked_at)
    }

    /// Returns `None` if the broadcast has ended.
    fn receiver(self: &Arc<Self>, subscriber: &NewSubscriber<'_>) -> Option<BroadcastReceiver> {
        let mut state = self.broadcast.state();
        if state.ended {
            return None;
        }
        let checked_at = state.add(subscriber);
        Some(self.new_receiver(&state, checked_at, subscriber.session))
    }

    fn new_receiver(self: &Arc<Self>, state: &State, checked_at: Arc<AtomicI64>, session: Uuid) -> BroadcastReceiver {
        BroadcastReceiver {
            answers: self.broadcast.answers.subscribe(),
            checked_at,
            session,
            from: state.sequence,
            channel: self.clone(),
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.task.abort();
        let Some(channels) = self.channels.upgrade() else { return };
        let mut open = channels.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.get(&self.topic).is_some_and(|known| known.strong_count() == 0) {
            open.remove(&self.topic);
        }
    }
}

/// A subscriber's receiving end of a broadcast.
pub struct BroadcastReceiver {
    answers: Receiver<Arc<BroadcastMessage>>,
    checked_at: Arc<AtomicI64>,
    session: Uuid,
    /// Events up to this sequence were delivered before. All later events are received here.
    pub from: Sequence,
    channel: Arc<Channel>,
}

/// The reason why a subscriber leaves a broadcast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaveReason {
    /// The subscriber was too slow.
    Behind,
    /// The subscriber's access scope is not, or not yet, that of the broadcast, or the broadcast has ended.
    Dismissed,
}

impl BroadcastReceiver {
    /// Waits for the next message.
    pub async fn next(&mut self) -> Result<Message, LeaveReason> {
        loop {
            let answer = self.answers.recv().await.map_err(|error| match error {
                RecvError::Lagged(_) => LeaveReason::Behind,
                RecvError::Closed => LeaveReason::Dismissed,
            })?;
            let checked_at = self.checked_at.load(Ordering::Relaxed);
            match &*answer {
                BroadcastMessage::Result { message, access } if *access == checked_at => return Ok(message.clone()),
                BroadcastMessage::AccessChanged if checked_at != NO_ACCESS => {}
                BroadcastMessage::Result { .. } | BroadcastMessage::AccessChanged | BroadcastMessage::Ended => {
                    return Err(LeaveReason::Dismissed);
                }
            }
        }
    }

    /// Returns the query of the channel, so that subscribers need not keep their own.
    pub fn query(&self) -> Arc<SubscriptionQuery> {
        self.channel.query.clone()
    }
}

impl Drop for BroadcastReceiver {
    fn drop(&mut self) {
        let mut state = self.channel.broadcast.state();
        if let Some(session) = state.sessions.get_mut(&self.session) {
            session.subscriptions -= 1;
            if session.subscriptions == 0 {
                state.sessions.remove(&self.session);
            }
        }
    }
}
