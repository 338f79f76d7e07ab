//! Telling events: reads on along a walk, executes the subscription for each event, and gives the answers away.

use crate::{
    app::App,
    error_code::Code,
    graphql::Schema,
    http::{answer::Answer, subscription_query::SubscriptionQuery},
};
use chrono::{DateTime, Utc};
use dossier_core::{credentials::Credentials, error::Error};
use dossier_data::ReadTx;
use dossier_events::{Content, Delivery, EventStream, Resync, Sequence};
use std::{sync::Arc, time::Duration};

/// The pause after a service did not answer.
pub const PAUSE: Duration = Duration::from_secs(1);

/// An answer on its way to those who listen.
#[derive(Clone)]
pub struct Message {
    /// The event's place.
    pub sequence: Sequence,
    /// When the event happened.
    pub occurred_at: DateTime<Utc>,
    /// It tells that what is shown must be read again.
    pub resync: Option<Resync>,
    /// The response, as JSON.
    pub payload: Arc<str>,
}

/// Why telling stops.
pub enum Stop {
    /// A service that is needed does not answer right now.
    Later,
    /// Whoever listens is signed in no longer.
    Ended,
    /// Nobody listens any more, or nobody should any more in this way.
    Over,
    /// Whoever listens reads too slowly.
    FallenBehind,
    /// A fault of ours.
    Broken(Error),
}

impl From<Error> for Stop {
    fn from(failure: Error) -> Self {
        match failure {
            Error::Unavailable(..) => Self::Later,
            Error::Unauthenticated(_) => Self::Ended,
            failure => Self::Broken(failure),
        }
    }
}

/// Whoever listens: one subscriber alone, or all of a channel.
pub trait Listener {
    /// Begins a unit of work with the eyes of those who listen.
    fn enter(&mut self, app: &App) -> impl Future<Output = Result<(ReadTx, Credentials), Stop>> + Send;

    /// Charges the listeners for the delivery of an event, before it is told. False: they cannot pay now.
    fn pay(&mut self, app: &App, points: usize) -> impl Future<Output = Result<bool, Stop>> + Send;

    /// Charges them as soon as they can pay.
    fn pay_later(&mut self, app: &App, points: usize) -> impl Future<Output = Result<(), Stop>> + Send;

    /// Charges them what telling was found to cost besides.
    fn settle(&mut self, app: &App, points: usize) -> impl Future<Output = ()> + Send;

    /// Only those may hear what is told in this unit whose access is still what it was; `access` is how often access
    /// has changed by now.
    fn admit(&mut self, tx: &ReadTx, access: i64) -> impl Future<Output = Result<(), Stop>> + Send;

    /// How many events are known to be behind.
    fn waits(&mut self, events: i64);

    /// Tells.
    fn hear(&mut self, message: Message) -> impl Future<Output = Result<(), Stop>> + Send;
}

/// Where events are told from.
#[derive(Clone)]
pub struct Renderer {
    /// Returns the server.
    pub app: App,
    /// What executes.
    pub schema: Schema,
}

impl Renderer {
    /// Tells everything that is behind the walk; an event costs so many points.
    pub async fn advance(
        &self,
        (query, cost): (&SubscriptionQuery, usize),
        stream: &mut EventStream,
        listener: &mut impl Listener,
        request_id: &str,
    ) -> Result<(), Stop> {
        'read: loop {
            let (tx, credentials) = listener.enter(&self.app).await?;
            let step = stream.step(&tx, &self.app.sealer, None).await?;
            let mut waiting = step.unread + i64::try_from(step.deliveries.len()).unwrap_or_default();
            listener.waits(waiting);
            let mut entered = Some((tx, credentials));
            for delivery in &step.deliveries {
                if !listener.pay(&self.app, cost).await? {
                    // Nobody waits with an open transaction.
                    drop(entered.take());
                    listener.pay_later(&self.app, cost).await?;
                }
                // Each event is told in a unit of its own; the first in the one in which it was read.
                let (tx, credentials) = if let Some(entered) = entered.take() {
                    entered
                } else {
                    let entered = listener.enter(&self.app).await?;
                    if !stream.holds(&entered.0).await? {
                        continue 'read;
                    }
                    entered
                };
                listener.admit(&tx, stream.access).await?;
                self.app.metrics.executed();
                let answer = query.tell(&self.schema, &credentials, delivery.clone(), tx, request_id).await;
                let answer = answer.ok_or(Stop::Over)?;
                listener.settle(&self.app, points(&answer).saturating_sub(cost)).await;
                let message = Message::of(delivery, &answer)?;
                stream.pass(delivery);
                waiting -= 1;
                listener.waits(waiting);
                listener.hear(message).await?;
            }
            stream.complete(&step);
            if let Some((tx, _)) = entered {
                return listener.admit(&tx, stream.access).await;
            }
        }
    }
}

/// Returns the cost that an answer states.
fn points(answer: &Answer) -> usize {
    match answer.response().extensions.get("cost") {
        Some(async_graphql::Value::Number(cost)) => cost.as_u64().and_then(|cost| cost.try_into().ok()).unwrap_or(0),
        _ => 0,
    }
}

impl Message {
    /// None when the answer says nothing of the event, for something is away that is needed to tell of it.
    fn of(delivery: &Delivery, answer: &Answer) -> Result<Self, Stop> {
        if answer.errors().iter().any(|error| Code::of(error) == Some(Code::ServiceUnavailable)) {
            return Err(Stop::Later);
        }
        let payload = serde_json::to_string(&answer.body()).map_err(|error| Stop::Broken(Error::internal(error)))?;
        let resync = match delivery.content {
            Content::Resync(reason) => Some(reason),
            Content::Event(_) => None,
        };
        Ok(Self { sequence: delivery.sequence(), occurred_at: delivery.occurred_at, resync, payload: payload.into() })
    }
}
