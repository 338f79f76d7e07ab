//! Channels: those who ask the same and see the same are told by one. It reads each event once, executes the
//! subscription once, and passes the same bytes to all. Whoever can not follow goes on alone, from the outbox.

mod broadcast;
mod members;

pub use broadcast::Joining;

use super::tell::{Message, Renderer};
use crate::http::subscription_query::SubscriptionQuery;
use broadcast::{Answer, Broadcast, NEVER, State};
use dossier_core::{clock::new_id, viewer::AccessScope};
use dossier_events::{OutboxReaders, Sequence};
use members::BroadcastTask;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicI64, Ordering},
    },
};
use tokio::{
    sync::{
        OwnedSemaphorePermit, Semaphore,
        broadcast::{Receiver, Sender, error::RecvError},
    },
    task::AbortHandle,
};
use uuid::Uuid;

/// How many answers a member may be behind the others before it goes on alone.
const BEHIND: usize = 32;

/// What those have in common who are told by one channel.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Topic {
    access_scope: AccessScope,
    interest: dossier_events::Interest,
    query: String,
    /// Of a question that is personal: whose.
    session: Option<Uuid>,
}

/// The channels of a process.
pub struct Channels {
    renderer: Renderer,
    readers: OutboxReaders,
    /// So many at a time read the outbox alone: when all come back at once, others need the database, too.
    alone: Arc<Semaphore>,
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
    /// None yet, over a database with so many connections.
    pub fn new(renderer: Renderer, connections: u32) -> Arc<Self> {
        let readers = OutboxReaders::new(renderer.app.database.clone(), renderer.app.bus.clone());
        let alone = usize::try_from(connections / 2).unwrap_or_default().max(1);
        Arc::new(Self { renderer, readers, alone: Arc::new(Semaphore::new(alone)), open: Mutex::default() })
    }

    /// Lets somebody read the outbox alone, as soon as there is room; as long as it is kept.
    pub async fn admit_alone(&self) -> Option<OwnedSemaphorePermit> {
        self.alone.clone().acquire_owned().await.ok()
    }

    /// What tells those who go alone.
    pub fn renderer(&self) -> &Renderer {
        &self.renderer
    }

    /// A seat where what comes behind the walk is told.
    pub fn sit(self: &Arc<Self>, joining: &Joining<'_>) -> BroadcastReceiver {
        let topic = Topic {
            access_scope: joining.stream.position().access_scope.clone(),
            interest: joining.stream.interest.clone(),
            query: joining.query.print.clone(),
            session: joining.query.is_personal().then_some(joining.session),
        };
        // Dropped after the lock: the last one to leave a channel closes it.
        let known;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        known = open.get(&topic).and_then(Weak::upgrade);
        known.as_ref().and_then(|channel| channel.receiver(joining)).unwrap_or_else(|| {
            let (channel, admitted) = Channel::open(self, topic, joining);
            open.insert(channel.topic.clone(), Arc::downgrade(&channel));
            let state = channel.broadcast.state();
            channel.place(&state, admitted, joining.session)
        })
    }
}

impl Channel {
    /// A channel with its first member.
    fn open(channels: &Arc<Channels>, topic: Topic, joining: &Joining<'_>) -> (Arc<Self>, Arc<AtomicI64>) {
        let stream = joining.stream.clone();
        let mut state = State { members: HashMap::new(), sequence: stream.position().sequence, over: false };
        let admitted = state.add(joining);
        let answers = Sender::new(BEHIND);
        let (access_scope, cost) = (topic.access_scope.clone(), joining.cost);
        let broadcast = Arc::new(Broadcast { access_scope, cost, state: Mutex::new(state), answers });
        let news = channels.readers.listen(topic.access_scope.organization);
        let query = joining.query.clone();
        let task = BroadcastTask { broadcast: broadcast.clone(), stream, news, query: query.clone() };
        let id = new_id(channels.renderer.app.database.clock.now()).to_string();
        let run = task.run(channels.renderer.clone(), id);
        let task = tokio::spawn(run).abort_handle();
        (Arc::new(Self { topic, query, broadcast, task, channels: Arc::downgrade(channels) }), admitted)
    }

    /// None when it is over.
    fn receiver(self: &Arc<Self>, joining: &Joining<'_>) -> Option<BroadcastReceiver> {
        let mut state = self.broadcast.state();
        if state.over {
            return None;
        }
        let admitted = state.add(joining);
        Some(self.place(&state, admitted, joining.session))
    }

    fn place(self: &Arc<Self>, state: &State, admitted: Arc<AtomicI64>, session: Uuid) -> BroadcastReceiver {
        BroadcastReceiver {
            answers: self.broadcast.answers.subscribe(),
            admitted,
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

/// A place in a channel.
pub struct BroadcastReceiver {
    answers: Receiver<Arc<Answer>>,
    admitted: Arc<AtomicI64>,
    session: Uuid,
    /// What was told before is behind this mark, and all that comes is told here.
    pub from: Sequence,
    channel: Arc<Channel>,
}

/// Why somebody has to go on alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaveReason {
    /// It did not read as fast as the others.
    Behind,
    /// It may not see any more, or not yet, what the channel tells; or the channel is over.
    Dismissed,
}

impl BroadcastReceiver {
    /// What is told next.
    pub async fn next(&mut self) -> Result<Message, LeaveReason> {
        loop {
            let answer = self.answers.recv().await.map_err(|error| match error {
                RecvError::Lagged(_) => LeaveReason::Behind,
                RecvError::Closed => LeaveReason::Dismissed,
            })?;
            let admitted = self.admitted.load(Ordering::Relaxed);
            match &*answer {
                Answer::Told { message, access } if *access == admitted => return Ok(message.clone()),
                Answer::Dismissed if admitted != NEVER => {}
                Answer::Told { .. } | Answer::Dismissed | Answer::Over => return Err(LeaveReason::Dismissed),
            }
        }
    }

    /// The channel's own, so that each member needs not keep theirs.
    pub fn query(&self) -> Arc<SubscriptionQuery> {
        self.channel.query.clone()
    }
}

impl Drop for BroadcastReceiver {
    fn drop(&mut self) {
        let mut state = self.channel.broadcast.state();
        if let Some(member) = state.members.get_mut(&self.session) {
            member.subscriptions -= 1;
            if member.subscriptions == 0 {
                state.members.remove(&self.session);
            }
        }
    }
}
