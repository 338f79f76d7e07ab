//! An operation that runs on a socket, as a separate task. When the socket waits for a slow client, its operations must
//! not wait with open transactions.

use super::{
    super::{answer::Answer, operation::Operation, shared::Shared, subscription_query::SubscriptionQuery},
    follow::Follower,
    protocol::ServerMessage,
    sender::{News, Sender},
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
    /// See [`Event::serial`].
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
enum Begun {
    /// The operation was refused, and the client was told.
    Ended,
    /// All responses were sent.
    Complete,
    /// The operation is a subscription to events.
    Listens(Box<Listening>),
}

/// A subscription to events.
struct Listening {
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
            let run = AssertUnwindSafe(self.go_through(&shared, operation)).catch_unwind().await;
            if run.is_err() {
                let mut sender = sender;
                let broken = sender.broken(&Error::internal("an operation panicked"));
                sender.send(broken).await;
            }
        };
        Running { serial, kind, task: tokio::spawn(task) }
    }

    /// Each part is boxed, because most tasks wait for events and should be small.
    async fn go_through(mut self, shared: &Shared, operation: Box<Operation>) {
        match Box::pin(self.begin(shared, operation)).await {
            Begun::Ended => {}
            Begun::Complete => self.send(News::Complete).await,
            Begun::Listens(listening) => {
                let Listening { query, stream, credentials, session, subject, subscription, observed } = *listening;
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
    async fn begin(&mut self, shared: &Shared, operation: Box<Operation>) -> Begun {
        if operation.kind() != OperationType::Subscription {
            let goes_on = self.tell(operation.answer(&shared.schema).await).await;
            return if goes_on { Begun::Complete } else { Begun::Ended };
        }
        let (state, credentials) = (operation.state(), operation.credentials());
        let mut observed =
            observe::Operation::begin(&shared.app.metrics, &shared.app.tracer, &self.request_id, self.signed_in);
        let (query, answers) = match observed.within(operation.answers(&shared.schema)).await {
            Ok(answers) => answers,
            Err(refused) => {
                observed.answered(refused.response());
                self.tell(refused).await;
                return Begun::Ended;
            }
        };
        observed.opens();
        let mut answers = pin!(answers);
        while let Some(answer) = observed.within(answers.next()).await {
            observed.answered(answer.response());
            if !self.tell(answer).await {
                return Begun::Ended;
            }
        }
        match (state.stream(), state.subscription(), &credentials) {
            (Some(stream), Some(subscription), Credentials::Bearer(claims)) => Begun::Listens(Box::new(Listening {
                query: Arc::new(query),
                stream,
                session: claims.session,
                subject: Subject::User(claims.user),
                subscription,
                credentials,
                observed: observed.rests(),
            })),
            _ => Begun::Complete,
        }
    }

    /// Sends a response. Returns whether there may be more.
    async fn tell(&mut self, answer: Answer) -> bool {
        let id = &self.id;
        let (news, goes_on) = if answer.is_unauthenticated() && self.signed_in {
            (News::Unauthenticated, false)
        } else if answer.executed {
            (News::Next(ServerMessage::Next { id, payload: answer.body() }.text()), true)
        } else {
            (News::Refused(ServerMessage::Error { id, payload: answer.errors() }.text()), false)
        };
        self.send(news).await;
        goes_on
    }
}
