//! The state that a broadcast's subscribers share with its task.

use super::super::delivery::Message;
use crate::{http::subscription_query::SubscriptionQuery, rate::Subject};
use dossier_core::{credentials::Credentials, viewer::AccessScope};
use dossier_events::{EventStream, Sequence};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};
use tokio::sync::broadcast::Sender;
use uuid::Uuid;

/// The access version of a session that may not receive the broadcast any more.
pub(super) const NO_ACCESS: i64 = -1;

/// A session with subscriptions to this broadcast.
pub(super) struct SubscriberSession {
    pub(super) credentials: Credentials,
    /// The caller who pays.
    pub(super) subject: Subject,
    /// The version of the access data at which the session's access scope was last found equal to that of the topic.
    pub(super) checked_at: Arc<AtomicI64>,
    pub(super) subscriptions: usize,
}

/// The state that subscribers share with the task.
pub(super) struct Broadcast {
    pub(super) access_scope: AccessScope,
    /// The cost of an event.
    pub(super) cost: usize,
    pub(super) state: Mutex<State>,
    pub(super) answers: Sender<Arc<BroadcastMessage>>,
}

pub(super) struct State {
    pub(super) sessions: HashMap<Uuid, SubscriberSession>,
    /// The sequence of the last delivered event.
    pub(super) sequence: Sequence,
    /// Whether the broadcast has ended.
    pub(super) ended: bool,
}

/// A message to the subscribers. A result is only for sessions that were checked at this access version.
pub(super) enum BroadcastMessage {
    Result {
        message: Message,
        access: i64,
    },
    /// No result, but some sessions may not receive the broadcast any more.
    AccessChanged,
    Ended,
}

impl Broadcast {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn send(&self, answer: BroadcastMessage) {
        // The lock is held, so that a new subscriber begins after this message.
        let mut state = self.state();
        match &answer {
            BroadcastMessage::Result { message, .. } => state.sequence = message.sequence,
            BroadcastMessage::AccessChanged => {}
            BroadcastMessage::Ended => state.ended = true,
        }
        let _ = self.answers.send(Arc::new(answer));
    }
}

/// A new subscriber.
pub struct NewSubscriber<'g> {
    pub query: &'g Arc<SubscriptionQuery>,
    pub stream: &'g EventStream,
    pub session: Uuid,
    pub subject: &'g Subject,
    /// The cost of an event.
    pub cost: usize,
    pub credentials: &'g Credentials,
}

impl State {
    /// Counts a subscription. Returns the access version at which its session was last checked.
    pub(super) fn add(&mut self, subscriber: &NewSubscriber<'_>) -> Arc<AtomicI64> {
        let session = self.sessions.entry(subscriber.session).or_insert_with(|| SubscriberSession {
            credentials: subscriber.credentials.clone(),
            subject: subscriber.subject.clone(),
            checked_at: Arc::new(AtomicI64::new(NO_ACCESS)),
            subscriptions: 0,
        });
        session.subscriptions += 1;
        session.checked_at.fetch_max(subscriber.stream.access, Ordering::Relaxed);
        session.checked_at.clone()
    }
}
