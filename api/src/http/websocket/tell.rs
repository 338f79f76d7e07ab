//! The delivery of events: reads the stream, executes the subscription for each event, and passes on the results.

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

/// A result for subscribers.
#[derive(Clone)]
pub struct Message {
    /// The sequence of the event.
    pub sequence: Sequence,
    /// When the event happened.
    pub occurred_at: DateTime<Utc>,
    /// Set if the client must read its data again.
    pub resync: Option<Resync>,
    /// The response as JSON.
    pub payload: Arc<str>,
}

/// The reason why the delivery stops.
pub enum Stop {
    /// A required service is temporarily unavailable.
    Later,
    /// The subscriber is not signed in any more.
    Ended,
    /// There are no subscribers any more, or they must continue in another way.
    Over,
    /// The subscriber reads too slowly.
    FallenBehind,
    /// An internal error.
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

/// The recipient of events: one subscriber, or all subscribers of a broadcast.
pub trait Listener {
    /// Begins a transaction with the rights of the recipient.
    fn enter(&mut self, app: &App) -> impl Future<Output = Result<(ReadTx, Credentials), Stop>> + Send;

    /// Charges for the delivery of an event before it is delivered. False if the recipient cannot pay now.
    fn pay(&mut self, app: &App, points: usize) -> impl Future<Output = Result<bool, Stop>> + Send;

    /// Waits until the recipient can pay, and charges for the delivery.
    fn pay_later(&mut self, app: &App, points: usize) -> impl Future<Output = Result<(), Stop>> + Send;

    /// Charges the cost that became known during the execution.
    fn settle(&mut self, app: &App, points: usize) -> impl Future<Output = ()> + Send;

    /// Excludes subscribers whose access has changed from results of this transaction. `access` is the current access
    /// version.
    fn admit(&mut self, tx: &ReadTx, access: i64) -> impl Future<Output = Result<(), Stop>> + Send;

    /// Records the number of known undelivered events.
    fn waits(&mut self, events: i64);

    /// Delivers a result.
    fn hear(&mut self, message: Message) -> impl Future<Output = Result<(), Stop>> + Send;
}

/// Executes subscriptions for events.
#[derive(Clone)]
pub struct Renderer {
    /// Returns the server.
    pub app: App,
    /// The schema.
    pub schema: Schema,
}

impl Renderer {
    /// Delivers all events after the stream's position. Each event costs this many points.
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
                    // A recipient must not wait with an open transaction.
                    drop(entered.take());
                    listener.pay_later(&self.app, cost).await?;
                }
                // Each event has its own transaction. The first uses the one that read it.
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

/// Returns the cost stated in a response.
fn points(answer: &Answer) -> usize {
    match answer.response().extensions.get("cost") {
        Some(async_graphql::Value::Number(cost)) => cost.as_u64().and_then(|cost| cost.try_into().ok()).unwrap_or(0),
        _ => 0,
    }
}

impl Message {
    /// Creates the message of a response. Fails if a required service is unavailable, because the response then has no
    /// data of the event.
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
