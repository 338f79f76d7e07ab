//! What the members of a channel share with the task that tells them.

use super::super::tell::Message;
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

/// Access of somebody who is not let in any more.
pub(super) const NEVER: i64 = -1;

/// What a member of a channel has, whose session this is.
pub(super) struct Member {
    pub(super) credentials: Credentials,
    /// The caller who pays for it.
    pub(super) subject: Subject,
    /// How often access had changed when it was last found that the member sees what the channel's topic says.
    pub(super) admitted: Arc<AtomicI64>,
    pub(super) subscriptions: usize,
}

/// What the members share with the task that tells them.
pub(super) struct Broadcast {
    pub(super) access_scope: AccessScope,
    /// The cost of an event.
    pub(super) cost: usize,
    pub(super) state: Mutex<State>,
    pub(super) answers: Sender<Arc<Answer>>,
}

pub(super) struct State {
    pub(super) members: HashMap<Uuid, Member>,
    /// Everything up to here was told.
    pub(super) sequence: Sequence,
    /// Nothing will be told any more.
    pub(super) over: bool,
}

/// What is told, and to whom: those who were admitted when access had changed so often.
pub(super) enum Answer {
    Told {
        message: Message,
        access: i64,
    },
    /// Nothing, but some are not admitted any more.
    Dismissed,
    Over,
}

impl Broadcast {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn tell(&self, answer: Answer) {
        // Whoever sits down now begins behind it.
        let mut state = self.state();
        match &answer {
            Answer::Told { message, .. } => state.sequence = message.sequence,
            Answer::Dismissed => {}
            Answer::Over => state.over = true,
        }
        let _ = self.answers.send(Arc::new(answer));
    }
}

/// Who takes a seat, and where they stand.
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
    /// Counts a seat; returns how often access had changed when its member was admitted.
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
