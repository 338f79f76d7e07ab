//! The life of one subscriber. It reads the outbox separately until it has caught up, and then joins a broadcast. It
//! reads separately again whenever it cannot keep up.

use super::{
    channel::{Channels, LeaveReason, NewSubscriber},
    delivery::{Message, PAUSE, Recipient, StopReason},
    sender::{Content, Sender},
};
use crate::{
    app::App,
    graphql::OpenSubscription,
    http::subscription_query::SubscriptionQuery,
    observe::{self, metrics::Backlog},
    rate::Subject,
};
use dossier_core::credentials::Credentials;
use dossier_data::ReadTx;
use dossier_events::{EventStream, Sequence};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, sleep},
};
use uuid::Uuid;

/// A subscriber.
pub struct Follower {
    /// The destination of its messages.
    pub sender: Sender,
    /// The credentials of the caller.
    pub credentials: Credentials,
    /// The session of the caller.
    pub session: Uuid,
    /// The maximum time for catching up after it has fallen behind.
    pub patience: Duration,
    /// The observation of its operation.
    pub observed: observe::Operation,
    /// The number of its undelivered events.
    pub backlog: Backlog,
    /// Later events happen while it is subscribed.
    pub live: Sequence,
    /// When it fell behind. `None` while it keeps up.
    pub behind: Option<Instant>,
    /// The broadcasts that it may join.
    pub channels: Arc<Channels>,
    /// Held while it reads the outbox, but not while it waits for its client.
    pub permit: Option<OwnedSemaphorePermit>,
    /// The cost of an event, and the count of open subscriptions.
    pub subscription: OpenSubscription,
    /// The caller who pays.
    pub subject: Subject,
}

impl Follower {
    fn app(&self) -> &App {
        &self.channels.renderer().app
    }

    /// Delivers events until the subscription ends, and then sends the reason.
    pub async fn follow(mut self, mut query: Arc<SubscriptionQuery>, mut stream: EventStream) {
        let mut alone = stream.is_behind();
        let stop = loop {
            if alone {
                self.app().metrics.count_replay();
                // Boxed, because the subscriber mostly waits in a broadcast.
                if let Err(stop) = Box::pin(self.catch_up(&query, &mut stream)).await {
                    break stop;
                }
            }
            match self.follow_broadcast(&mut query, &mut stream).await {
                Ok(left) => {
                    if left == LeaveReason::Behind {
                        self.behind.get_or_insert_with(Instant::now);
                    }
                    alone = true;
                }
                Err(stop) => break stop,
            }
        };
        let content = match stop {
            StopReason::Unauthenticated => Content::Unauthenticated,
            StopReason::FallenBehind => Content::FallenBehind,
            StopReason::Internal(failure) => self.sender.internal_error(&failure),
            StopReason::Unavailable | StopReason::Finished => Content::Complete,
        };
        self.sender.send(content).await;
    }

    /// Delivers events until it has caught up. It retries while a service is unavailable.
    async fn catch_up(&mut self, query: &SubscriptionQuery, stream: &mut EventStream) -> Result<(), StopReason> {
        let (id, channels) = (self.sender.request_id().to_owned(), self.channels.clone());
        loop {
            let asked = (query, self.subscription.cost);
            let advanced = channels.renderer().advance(asked, stream, self, &id).await;
            self.permit = None;
            match advanced {
                Err(StopReason::Unavailable) => sleep(PAUSE).await,
                done => {
                    self.behind = None;
                    return done;
                }
            }
        }
    }

    /// Receives the broadcast as long as it keeps up.
    async fn follow_broadcast(
        &mut self,
        query: &mut Arc<SubscriptionQuery>,
        stream: &mut EventStream,
    ) -> Result<LeaveReason, StopReason> {
        let (session, subject, cost) = (self.session, &self.subject, self.subscription.cost);
        let subscriber = NewSubscriber { query, stream, session, subject, cost, credentials: &self.credentials };
        let mut receiver = self.channels.join(&subscriber);
        *query = receiver.query();
        if stream.position().sequence < receiver.from {
            let access_scope = stream.position().access_scope.clone();
            Box::pin(self.catch_up(query, stream)).await?;
            if stream.position().access_scope != access_scope {
                return Ok(LeaveReason::Dismissed);
            }
        }
        loop {
            match receiver.next().await {
                Err(left) => return Ok(left),
                Ok(message) if message.sequence <= stream.position().sequence => {}
                Ok(message) => {
                    stream.pass_over(message.sequence);
                    self.deliver(message).await?;
                }
            }
        }
    }
}

impl Recipient for Follower {
    async fn begin_tx(&mut self, app: &App) -> Result<(ReadTx, Credentials), StopReason> {
        if self.permit.is_none() {
            self.permit = self.channels.permit_replay().await;
        }
        Ok((app.database.read(&self.credentials).await?, self.credentials.clone()))
    }

    async fn charge(&mut self, app: &App, points: usize) -> Result<bool, StopReason> {
        Ok(app.rate.delivery(&self.subject, points).await.is_ok())
    }

    /// Waiting does not count as falling behind, because the client may read fast enough.
    async fn charge_when_possible(&mut self, app: &App, points: usize) -> Result<(), StopReason> {
        self.permit = None;
        let began = Instant::now();
        while let Err(exceeded) = app.rate.delivery(&self.subject, points).await {
            sleep(Duration::from_secs(exceeded.retry_after)).await;
        }
        self.behind = self.behind.map(|since| since + began.elapsed());
        Ok(())
    }

    async fn settle(&mut self, app: &App, points: usize) {
        app.rate.settle_delivery(&self.subject, points).await;
    }

    /// Entering has checked its access.
    async fn check_access(&mut self, _: &ReadTx, _: i64) -> Result<(), StopReason> {
        Ok(())
    }

    fn set_backlog(&mut self, events: i64) {
        self.backlog.set(events);
    }

    async fn deliver(&mut self, message: Message) -> Result<(), StopReason> {
        self.permit = None;
        if self.behind.is_some_and(|since| since.elapsed() > self.patience) {
            return Err(StopReason::FallenBehind);
        }
        if let Some(reason) = message.resync {
            self.app().metrics.count_resync(reason);
        } else if message.sequence > self.live {
            // The delay of an event measures the server only if the subscriber was present when the event happened.
            let after = self.app().database.clock.now() - message.occurred_at;
            self.app().metrics.count_delivery(after.to_std().unwrap_or_default());
        }
        self.observed.count_shared_response();
        self.sender.send_result(&message.payload).await;
        Ok(())
    }
}
