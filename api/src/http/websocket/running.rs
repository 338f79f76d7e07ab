//! An operation that runs on a socket, as a separate task. When the socket waits for a slow client, its operations must
//! not wait with open transactions.

use super::{
    super::{answer::Answer, operation::Operation, shared::Shared, subscription_query::SubscriptionQuery},
    follow::Follower,
    protocol::ServerMessage,
    sender::{Content, Sender},
};
use crate::{graphql::OpenSubscription, observe, rate::Subject};
use async_graphql::parser::types::OperationType;
use dossier_core::{credentials::Credentials, error::Error};
use dossier_events::EventStream;
use futures::{FutureExt, StreamExt};
use std::{panic::AssertUnwindSafe, pin::pin, sync::Arc};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// A running operation. Dropping it ends the operation at once.
pub struct Running {
    /// See [`OperationMessage::serial`].
    pub serial: u64,
    /// The type of the operation.
    pub kind: OperationType,
    task: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The state of an operation after its beginning.
enum Started {
    /// The operation was refused, and the client was told.
    Refused,
    /// All responses were sent.
    Complete,
    /// The operation is a subscription to events.
    Subscribed(Box<Subscribed>),
}

/// A subscription to events.
struct Subscribed {
    query: Arc<SubscriptionQuery>,
    stream: EventStream,
    credentials: Credentials,
    session: Uuid,
    subject: Subject,
    subscription: OpenSubscription,
    observed: observe::Operation,
}

impl Sender {
    /// Starts an operation.
    pub fn run(self, shared: &Arc<Shared>, operation: Operation) -> Running {
        let (serial, kind) = (self.serial, operation.kind());
        let operation = Box::new(operation);
        let shared = shared.clone();
        let task = async move {
            let sender = self.clone();
            let run = AssertUnwindSafe(self.execute(&shared, operation)).catch_unwind().await;
            if run.is_err() {
                let mut sender = sender;
                let error = sender.internal_error(&Error::internal("an operation panicked"));
                sender.send(error).await;
            }
        };
        Running { serial, kind, task: tokio::spawn(task) }
    }

    /// Each part is boxed, because most tasks wait for events and should be small.
    async fn execute(mut self, shared: &Shared, operation: Box<Operation>) {
        match Box::pin(self.start(shared, operation)).await {
            Started::Refused => {}
            Started::Complete => self.send(Content::Complete).await,
            Started::Subscribed(subscribed) => {
                let Subscribed { query, stream, credentials, session, subject, subscription, observed } = *subscribed;
                let follower = Follower {
                    session,
                    credentials,
                    patience: shared.subscriber_patience,
                    observed,
                    backlog: shared.app.metrics.backlog(),
                    live: stream.live,
                    behind: None,
                    channels: shared.channels.clone(),
                    permit: None,
                    subscription,
                    subject,
                    sender: self,
                };
                Box::pin(follower.follow(query, stream)).await;
            }
        }
    }

    /// Sends all responses that are available at once.
    async fn start(&mut self, shared: &Shared, operation: Box<Operation>) -> Started {
        if operation.kind() != OperationType::Subscription {
            let may_continue = self.send_response(operation.answer(&shared.schema).await).await;
            return if may_continue { Started::Complete } else { Started::Refused };
        }
        let (state, credentials) = (operation.state(), operation.credentials());
        let mut observed =
            observe::Operation::begin(&shared.app.metrics, &shared.app.tracer, &self.request_id, self.signed_in);
        let (query, answers) = match observed.within(operation.answers(&shared.schema)).await {
            Ok(answers) => answers,
            Err(refused) => {
                observed.count_response(refused.response());
                self.send_response(refused).await;
                return Started::Refused;
            }
        };
        observed.mark_open();
        let mut answers = pin!(answers);
        while let Some(answer) = observed.within(answers.next()).await {
            observed.count_response(answer.response());
            if !self.send_response(answer).await {
                return Started::Refused;
            }
        }
        match (state.stream(), state.subscription(), &credentials) {
            (Some(stream), Some(subscription), Credentials::Bearer(claims)) => {
                Started::Subscribed(Box::new(Subscribed {
                    query: Arc::new(query),
                    stream,
                    session: claims.session,
                    subject: Subject::User(claims.user),
                    subscription,
                    credentials,
                    observed: observed.without_context(),
                }))
            }
            _ => Started::Complete,
        }
    }

    /// Sends a response. Returns whether there may be more.
    async fn send_response(&mut self, answer: Answer) -> bool {
        let id = &self.id;
        let (content, may_continue) = if answer.is_unauthenticated() && self.signed_in {
            (Content::Unauthenticated, false)
        } else if answer.executed {
            (Content::Next(ServerMessage::Next { id, payload: answer.body() }.text()), true)
        } else {
            (Content::Refused(ServerMessage::Error { id, payload: answer.errors() }.text()), false)
        };
        self.send(content).await;
        may_continue
    }
}
