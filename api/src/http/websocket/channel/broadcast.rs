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
pub(super) const NEVER: i64 = -1;

/// A session with subscriptions to this broadcast.
pub(super) struct Member {
    pub(super) credentials: Credentials,
    /// The caller who pays.
    pub(super) subject: Subject,
    /// The version of the access data at which the session's access scope was last found equal to that of the topic.
    pub(super) admitted: Arc<AtomicI64>,
    pub(super) subscriptions: usize,
}

/// The state that subscribers share with the task.
pub(super) struct Broadcast {
    pub(super) access_scope: AccessScope,
    /// The cost of an event.
    pub(super) cost: usize,
    pub(super) state: Mutex<State>,
    pub(super) answers: Sender<Arc<Answer>>,
}

pub(super) struct State {
    pub(super) members: HashMap<Uuid, Member>,
    /// The sequence of the last delivered event.
    pub(super) sequence: Sequence,
    /// Whether the broadcast has ended.
    pub(super) over: bool,
}

/// A message to the subscribers. A result is only for sessions that were checked at this access version.
pub(super) enum Answer {
    Told {
        message: Message,
        access: i64,
    },
    /// No result, but some sessions may not receive the broadcast any more.
    Dismissed,
    Over,
}

impl Broadcast {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn tell(&self, answer: Answer) {
        // The lock is held, so that a new subscriber begins after this message.
        let mut state = self.state();
        match &answer {
            Answer::Told { message, .. } => state.sequence = message.sequence,
            Answer::Dismissed => {}
            Answer::Over => state.over = true,
        }
        let _ = self.answers.send(Arc::new(answer));
    }
}

/// A new subscriber.
pub struct Joining<'g> {
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
    pub(super) fn add(&mut self, joining: &Joining<'_>) -> Arc<AtomicI64> {
        let member = self.members.entry(joining.session).or_insert_with(|| Member {
            credentials: joining.credentials.clone(),
            subject: joining.subject.clone(),
            admitted: Arc::new(AtomicI64::new(NEVER)),
            subscriptions: 0,
        });
        member.subscriptions += 1;
        member.admitted.fetch_max(joining.stream.access, Ordering::Relaxed);
        member.admitted.clone()
    }
}
