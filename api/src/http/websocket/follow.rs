//! One subscriber's way: alone along the outbox until nothing is behind, then with all others in a channel; alone again
//! whenever it can not follow them.

use super::{
    channel::{Channels, Joining, LeaveReason},
    sender::{News, Sender},
    tell::{Listener, Message, PAUSE, Stop},
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
    /// Where its answers go.
    pub sender: Sender,
    /// The credentials of the caller.
    pub credentials: Credentials,
    /// Their session.
    pub session: Uuid,
    /// How long it may take to catch up with the others, once it has fallen behind.
    pub patience: Duration,
    /// What observes it.
    pub observed: observe::Operation,
    /// What it has yet to be told.
    pub backlog: Backlog,
    /// What comes behind this happens while it listens.
    pub live: Sequence,
    /// When it fell behind the others, if it has.
    pub behind: Option<Instant>,
    /// Tell it together with others.
    pub channels: Arc<Channels>,
    /// Kept while it reads the outbox, and not while its client reads.
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

    /// Until it is told no more; returns why.
    pub async fn follow(mut self, mut query: Arc<SubscriptionQuery>, mut stream: EventStream) {
        let mut alone = stream.is_behind();
        let stop = loop {
            if alone {
                self.app().metrics.replayed();
                // Boxed, for most of the time it sits.
                if let Err(stop) = Box::pin(self.catch_up(&query, &mut stream)).await {
                    break stop;
                }
            }
            match self.sit(&mut query, &mut stream).await {
                Ok(left) => {
                    if left == LeaveReason::Behind {
                        self.behind.get_or_insert_with(Instant::now);
                    }
                    alone = true;
                }
                Err(stop) => break stop,
            }
        };
        let news = match stop {
            Stop::Ended => News::Unauthenticated,
            Stop::FallenBehind => News::FallenBehind,
            Stop::Broken(failure) => self.sender.broken(&failure),
            Stop::Later | Stop::Over => News::Complete,
        };
        self.sender.send(news).await;
    }

    /// Goes on until nothing is behind; whatever is away meanwhile comes back.
    async fn catch_up(&mut self, query: &SubscriptionQuery, stream: &mut EventStream) -> Result<(), Stop> {
        let (id, channels) = (self.sender.request_id().to_owned(), self.channels.clone());
        loop {
            let asked = (query, self.subscription.cost);
            let advanced = channels.renderer().advance(asked, stream, self, &id).await;
            self.permit = None;
            match advanced {
                Err(Stop::Later) => sleep(PAUSE).await,
                done => {
                    self.behind = None;
                    return done;
                }
            }
        }
    }

    /// Listens with the others, as long as it can.
    async fn sit(&mut self, query: &mut Arc<SubscriptionQuery>, stream: &mut EventStream) -> Result<LeaveReason, Stop> {
        let (session, subject, cost) = (self.session, &self.subject, self.subscription.cost);
        let joining = Joining { query, stream, session, subject, cost, credentials: &self.credentials };
        let mut receiver = self.channels.sit(&joining);
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
                    self.hear(message).await?;
                }
            }
        }
    }
}

impl Listener for Follower {
    async fn enter(&mut self, app: &App) -> Result<(ReadTx, Credentials), Stop> {
        if self.permit.is_none() {
            self.permit = self.channels.admit_alone().await;
        }
        Ok((app.database.read(&self.credentials).await?, self.credentials.clone()))
    }

    async fn pay(&mut self, app: &App, points: usize) -> Result<bool, Stop> {
        Ok(app.rate.delivery(&self.subject, points).await.is_ok())
    }

    /// It has not fallen behind meanwhile: its client may read as fast as it can.
    async fn pay_later(&mut self, app: &App, points: usize) -> Result<(), Stop> {
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

    /// Entering has admitted it.
    async fn admit(&mut self, _: &ReadTx, _: i64) -> Result<(), Stop> {
        Ok(())
    }

    fn waits(&mut self, events: i64) {
        self.backlog.set(events);
    }

    async fn hear(&mut self, message: Message) -> Result<(), Stop> {
        self.permit = None;
        if self.behind.is_some_and(|since| since.elapsed() > self.patience) {
            return Err(Stop::FallenBehind);
        }
        if let Some(reason) = message.resync {
            self.app().metrics.resynced(reason);
        } else if message.sequence > self.live {
            // How long ago it happened says something of the server only if the subscriber listened then.
            let after = self.app().database.clock.now() - message.occurred_at;
            self.app().metrics.delivered(after.to_std().unwrap_or_default());
        }
        self.observed.told();
        self.sender.told(&message.payload).await;
        Ok(())
    }
}
