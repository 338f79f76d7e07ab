//! What an operation on a socket says, and where it goes.

use super::protocol::{ServerMessage, next};
use crate::{
    error_code::Code,
    graphql::request_error,
    http::{answer::Answer, operation::Caller, shared::Shared},
    rate::Subject,
};
use dossier_core::error::Error;
use futures::{SinkExt, channel::mpsc};

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
    /// Its client does not read as fast as things happen.
    FallenBehind,
}

/// Where an operation's events go: one at a time, so that it goes no faster than its client reads.
#[derive(Clone)]
pub struct Sender {
    pub(super) id: String,
    pub(super) serial: u64,
    pub(super) request_id: String,
    pub(super) signed_in: bool,
    events: mpsc::Sender<Event>,
}

impl Sender {
    /// For the operation of this name and number.
    pub fn new(id: String, serial: u64, caller: &Caller, events: mpsc::Sender<Event>) -> Self {
        let signed_in = !caller.credentials.is_anonymous();
        Self { id, serial, request_id: caller.request_id.clone(), signed_in, events }
    }

    /// Names the operation in logs and errors.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// What is said of a fault of ours.
    pub fn broken(&self, failure: &Error) -> News {
        if let Error::Internal(cause) = failure {
            tracing::error!(id = self.request_id, %cause, "an operation panicked");
        }
        let error = request_error(Code::InternalServerError, "Something went wrong on our side");
        let answer = Answer::of(error, &self.request_id);
        News::Refused(ServerMessage::Error { id: &self.id, payload: answer.errors() }.text())
    }

    /// Tells what others are told, too.
    pub async fn told(&mut self, payload: &str) {
        let text = next(&self.id, payload);
        self.send(News::Next(text)).await;
    }

    /// The message that says why there will be no answer, and the code that it says: who is over their rate is told so.
    pub async fn refusal(
        &self,
        error: async_graphql::ServerError,
        shared: &Shared,
        caller: &Subject,
    ) -> (Option<Code>, String) {
        let answer = shared.refuse(error, &self.request_id, caller).await;
        let code = answer.errors().first().and_then(Code::of);
        (code, ServerMessage::Error { id: &self.id, payload: answer.errors() }.text())
    }

    /// Waits until the socket has taken it.
    pub async fn send(&mut self, news: News) {
        // The socket is gone: so will this task be.
        let _ = self.events.send(Event { id: self.id.clone(), serial: self.serial, news }).await;
    }
}
