//! An operation that runs on a socket, as a task of its own: while the socket waits for a client that reads slowly, its
//! operations must not wait with open transactions.

use super::{
    super::{
        Shared,
        operation::{Answer, Caller, Operation},
    },
    protocol::ServerMessage,
};
use crate::{
    auth::Credentials,
    graphql::{Code, refusal},
    rate::Subject,
};
use async_graphql::parser::types::OperationType;
use futures::{FutureExt, SinkExt, StreamExt, channel::mpsc};
use std::{panic::AssertUnwindSafe, pin::pin};
use tokio::task::JoinHandle;
use tracing::Instrument;

/// Something that an operation has to say.
pub struct Event {
    /// The client's name for the operation.
    pub id: String,
    /// The socket's: of an operation that was ended, what it still said is not for the next one of the same name.
    pub serial: u64,
    /// What it says.
    pub news: News,
}

/// What an operation has to say.
pub enum News {
    /// An answer.
    Next(String),
    /// There will be none.
    Refused(String),
    /// There will be no further one.
    Complete,
    /// Whom the socket speaks for is signed in no longer.
    Unauthenticated,
}

/// A running operation. Dropping it ends it at once.
pub struct Running {
    /// See [`Event::serial`].
    pub serial: u64,
    /// What it is.
    pub kind: OperationType,
    task: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Where an operation's events go: one at a time, so that it goes no faster than its client reads.
pub struct Sender {
    id: String,
    serial: u64,
    request_id: String,
    signed_in: bool,
    events: mpsc::Sender<Event>,
}

impl Sender {
    /// For the operation of this name and number.
    pub fn new(id: String, serial: u64, caller: &Caller, events: mpsc::Sender<Event>) -> Self {
        let signed_in = matches!(caller.credentials, Credentials::Bearer(_));
        Self { id, serial, request_id: caller.request_id.clone(), signed_in, events }
    }

    /// Starts an operation.
    pub fn run(mut self, shared: &Shared, operation: Operation) -> Running {
        let (serial, kind) = (self.serial, operation.kind);
        let schema = shared.schema.clone();
        let task = async move {
            let run = AssertUnwindSafe(self.tell_all(operation.answers(&schema))).catch_unwind().await;
            if run.is_err() {
                tracing::error!(id = self.request_id, "an operation broke off");
                let error = refusal(Code::InternalServerError, "Something went wrong on our side");
                self.tell(Answer::of(error, &self.request_id)).await;
            }
        };
        Running { serial, kind, task: tokio::spawn(task.in_current_span()) }
    }

    /// The message that says why there will be no answer.
    pub async fn refusal(&self, error: async_graphql::ServerError, shared: &Shared, caller: &Subject) -> String {
        let answer = shared.refuse(error, &self.request_id, caller).await;
        ServerMessage::Error { id: &self.id, payload: answer.errors() }.text()
    }

    async fn tell_all(&mut self, answers: impl futures::Stream<Item = Answer>) {
        let mut answers = pin!(answers);
        while let Some(answer) = answers.next().await {
            if !self.tell(answer).await {
                return;
            }
        }
        self.send(News::Complete).await;
    }

    /// Whether there may be more.
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

    async fn send(&mut self, news: News) {
        // The socket is gone: so will this task be.
        let _ = self.events.send(Event { id: self.id.clone(), serial: self.serial, news }).await;
    }
}
