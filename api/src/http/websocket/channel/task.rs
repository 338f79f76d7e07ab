//! The task of a broadcast. It executes the operation with the rights of any of its subscribers.

use super::broadcast::{Broadcast, BroadcastMessage, NO_ACCESS, SubscriberSession};
use crate::{
    app::App,
    http::{
        subscription_query::SubscriptionQuery,
        websocket::delivery::{Message, PAUSE, Recipient, Renderer, StopReason},
    },
    rate::Subject,
};
use dossier_core::credentials::Credentials;
use dossier_data::ReadTx;
use dossier_events::{EventStream, Notifications, Wakeup};
use futures::future::join_all;
use std::sync::{Arc, atomic::Ordering};
use tokio::time::sleep;
use uuid::Uuid;

/// The task of a broadcast.
pub(super) struct BroadcastTask {
    pub(super) broadcast: Arc<Broadcast>,
    pub(super) stream: EventStream,
    pub(super) notifications: Notifications,
    pub(super) query: Arc<SubscriptionQuery>,
}

impl BroadcastTask {
    /// Runs until there are no subscribers.
    pub(super) async fn run(mut self, renderer: Renderer, id: String) {
        let mut recipient = Subscribers { broadcast: self.broadcast.clone(), access: 0, access_changed: false };
        loop {
            let asked = (&*self.query, self.broadcast.cost);
            match renderer.advance(asked, &mut self.stream, &mut recipient, &id).await {
                Ok(()) => self.wait().await,
                Err(StopReason::Unavailable) => sleep(PAUSE).await,
                Err(stop) => {
                    if let StopReason::Internal(error) = stop {
                        tracing::error!(%error, "a broadcast failed; its subscribers continue separately");
                    }
                    return self.broadcast.send(BroadcastMessage::Ended);
                }
            }
        }
    }

    /// Waits until there may be a relevant event.
    async fn wait(&mut self) {
        loop {
            let (stream, access_scope) = (&self.stream, &self.broadcast.access_scope);
            let sequence = stream.position().sequence;
            let concerns = |event: &entities::event::Model| {
                event.number > sequence.0 && stream.event_filter.may_concern(access_scope, event)
            };
            match self.notifications.next(concerns).await {
                Wakeup::Look => return,
                Wakeup::Pass(sequence) => {
                    self.stream.pass_over(sequence);
                    let mut state = self.broadcast.state();
                    state.sequence = state.sequence.max(sequence);
                }
            }
        }
    }
}

/// All subscribers of a broadcast.
struct Subscribers {
    broadcast: Arc<Broadcast>,
    /// The access version at which they were last checked.
    access: i64,
    /// Whether some sessions lost their access and were not told yet.
    access_changed: bool,
}

impl Subscribers {
    /// Returns each session's share of the cost of a delivery, in proportion to its subscriptions. A fraction of a
    /// point is 0.
    fn shares(&self, points: usize) -> Vec<(Uuid, Subject, usize)> {
        let state = self.broadcast.state();
        let with_access =
            || state.sessions.iter().filter(|(_, member)| member.checked_at.load(Ordering::Relaxed) != NO_ACCESS);
        let subscriptions = with_access().map(|(_, member)| member.subscriptions).sum::<usize>().max(1);
        let share = |member: &SubscriberSession| points.saturating_mul(member.subscriptions) / subscriptions;
        let shares = with_access().map(|(session, member)| (*session, member.subject.clone(), share(member)));
        shares.filter(|(.., points)| *points > 0).collect()
    }
}

impl Recipient for Subscribers {
    /// Reads as any session with the access scope of the topic.
    async fn begin_tx(&mut self, app: &App) -> Result<(ReadTx, Credentials), StopReason> {
        loop {
            let some = {
                let state = self.broadcast.state();
                let with_access =
                    |(_, member): &(&Uuid, &SubscriberSession)| member.checked_at.load(Ordering::Relaxed) != NO_ACCESS;
                state
                    .sessions
                    .iter()
                    .find(with_access)
                    .map(|(_, member)| (member.credentials.clone(), member.checked_at.clone()))
            };
            let (credentials, checked_at) = some.ok_or(StopReason::Finished)?;
            match app.database.read(&credentials).await.map_err(StopReason::from) {
                Ok(tx) if tx.member()?.access_scope() == self.broadcast.access_scope => return Ok((tx, credentials)),
                Ok(_) | Err(StopReason::Unauthenticated) => {
                    checked_at.store(NO_ACCESS, Ordering::Relaxed);
                    self.access_changed = true;
                }
                Err(stop) => return Err(stop),
            }
        }
    }

    /// A session that cannot pay now leaves the broadcast, and continues separately as soon as it can pay.
    async fn charge(&mut self, app: &App, points: usize) -> Result<bool, StopReason> {
        let charge = async |(session, subject, points): (Uuid, Subject, usize)| {
            app.rate.delivery(&subject, points).await.err().map(|_| session)
        };
        let unable = join_all(self.shares(points).into_iter().map(charge)).await;
        let state = self.broadcast.state();
        for member in unable.into_iter().flatten().filter_map(|session| state.sessions.get(&session)) {
            member.checked_at.store(NO_ACCESS, Ordering::Relaxed);
            self.access_changed = true;
        }
        let left = state.sessions.values().any(|member| member.checked_at.load(Ordering::Relaxed) != NO_ACCESS);
        if left { Ok(true) } else { Err(StopReason::Finished) }
    }

    async fn charge_when_possible(&mut self, _: &App, _: usize) -> Result<(), StopReason> {
        Ok(())
    }

    async fn settle(&mut self, app: &App, points: usize) {
        let charge = async |(_, subject, points): (Uuid, Subject, usize)| {
            app.rate.settle_delivery(&subject, points).await;
        };
        join_all(self.shares(points).into_iter().map(charge)).await;
    }

    async fn check_access(&mut self, tx: &ReadTx, access: i64) -> Result<(), StopReason> {
        self.access = access;
        let unchecked: Vec<_> = {
            let state = self.broadcast.state();
            let needs_check =
                |member: &SubscriberSession| ![NO_ACCESS, access].contains(&member.checked_at.load(Ordering::Relaxed));
            state.sessions.iter().filter(|(_, member)| needs_check(member)).map(|(session, _)| *session).collect()
        };
        if !unchecked.is_empty() {
            let access_scopes = tx.access_scopes(&unchecked).await?;
            let state = self.broadcast.state();
            for session in unchecked {
                let fits = access_scopes.get(&session) == Some(&self.broadcast.access_scope);
                self.access_changed |= !fits;
                if let Some(member) = state.sessions.get(&session) {
                    member.checked_at.store(if fits { access } else { NO_ACCESS }, Ordering::Relaxed);
                }
            }
        }
        if std::mem::take(&mut self.access_changed) {
            self.broadcast.send(BroadcastMessage::AccessChanged);
        }
        Ok(())
    }

    fn set_backlog(&mut self, _: i64) {}

    async fn deliver(&mut self, message: Message) -> Result<(), StopReason> {
        // Each subscriber must determine its own position.
        if message.resync.is_some() {
            return Err(StopReason::Finished);
        }
        self.broadcast.send(BroadcastMessage::Result { message, access: self.access });
        Ok(())
    }
}
