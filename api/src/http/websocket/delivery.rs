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
pub enum StopReason {
    /// A required service is temporarily unavailable.
    Unavailable,
    /// The subscriber is not signed in any more.
    Unauthenticated,
    /// There are no subscribers any more, or they must continue in another way.
    Finished,
    /// The subscriber reads too slowly.
    FallenBehind,
    /// An internal error.
    Internal(Error),
}

impl From<Error> for StopReason {
    fn from(failure: Error) -> Self {
        match failure {
            Error::Unavailable(..) => Self::Unavailable,
            Error::Unauthenticated(_) => Self::Unauthenticated,
            failure => Self::Internal(failure),
        }
    }
}

/// The recipient of events: one subscriber, or all subscribers of a broadcast.
pub trait Recipient {
    /// Begins a transaction with the rights of the recipient.
    fn begin_tx(&mut self, app: &App) -> impl Future<Output = Result<(ReadTx, Credentials), StopReason>> + Send;

    /// Charges for the delivery of an event before it is delivered. False if the recipient cannot pay now.
    fn charge(&mut self, app: &App, points: usize) -> impl Future<Output = Result<bool, StopReason>> + Send;

    /// Waits until the recipient can pay, and charges for the delivery.
    fn charge_when_possible(&mut self, app: &App, points: usize)
    -> impl Future<Output = Result<(), StopReason>> + Send;

    /// Charges the cost that became known during the execution.
    fn settle(&mut self, app: &App, points: usize) -> impl Future<Output = ()> + Send;

    /// Excludes subscribers whose access has changed from results of this transaction. `access` is the current access
    /// version.
    fn check_access(&mut self, tx: &ReadTx, access: i64) -> impl Future<Output = Result<(), StopReason>> + Send;

    /// Records the number of known undelivered events.
    fn set_backlog(&mut self, events: i64);

    /// Delivers a result.
    fn deliver(&mut self, message: Message) -> impl Future<Output = Result<(), StopReason>> + Send;
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
        recipient: &mut impl Recipient,
        request_id: &str,
    ) -> Result<(), StopReason> {
        'read: loop {
            let (tx, credentials) = recipient.begin_tx(&self.app).await?;
            let step = stream.step(&tx, &self.app.sealer, None).await?;
            let mut waiting = step.unread + i64::try_from(step.deliveries.len()).unwrap_or_default();
            recipient.set_backlog(waiting);
            let mut entered = Some((tx, credentials));
            for delivery in &step.deliveries {
                if !recipient.charge(&self.app, cost).await? {
                    // A recipient must not wait with an open transaction.
                    drop(entered.take());
                    recipient.charge_when_possible(&self.app, cost).await?;
                }
                // Each event has its own transaction. The first uses the one that read it.
                let (tx, credentials) = if let Some(entered) = entered.take() {
                    entered
                } else {
                    let entered = recipient.begin_tx(&self.app).await?;
                    if !stream.holds(&entered.0).await? {
                        continue 'read;
                    }
                    entered
                };
                recipient.check_access(&tx, stream.access).await?;
                self.app.metrics.count_execution();
                let answer = query.deliver(&self.schema, &credentials, delivery.clone(), tx, request_id).await;
                let answer = answer.ok_or(StopReason::Finished)?;
                recipient.settle(&self.app, points(&answer).saturating_sub(cost)).await;
                let message = Message::of(delivery, &answer)?;
                stream.pass(delivery);
                waiting -= 1;
                recipient.set_backlog(waiting);
                recipient.deliver(message).await?;
            }
            stream.complete(&step);
            if let Some((tx, _)) = entered {
                return recipient.check_access(&tx, stream.access).await;
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
    fn of(delivery: &Delivery, answer: &Answer) -> Result<Self, StopReason> {
        if answer.errors().iter().any(|error| Code::of(error) == Some(Code::ServiceUnavailable)) {
            return Err(StopReason::Unavailable);
        }
        let payload =
            serde_json::to_string(&answer.body()).map_err(|error| StopReason::Internal(Error::internal(error)))?;
        let resync = match delivery.content {
            Content::Resync(reason) => Some(reason),
            Content::Event(_) => None,
        };
        Ok(Self { sequence: delivery.sequence(), occurred_at: delivery.occurred_at, resync, payload: payload.into() })
    }
}
