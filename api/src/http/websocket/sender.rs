//! The messages of an operation on a socket, and their queue.

use super::protocol::{ServerMessage, next};
use crate::{
    error_code::Code,
    graphql::request_error,
    http::{answer::Answer, operation::Caller, shared::Shared},
    rate::Subject,
};
use dossier_core::error::Error;
use futures::{SinkExt, channel::mpsc};

/// A message of an operation.
pub struct OperationMessage {
    /// The client's id for the operation.
    pub id: String,
    /// The socket's number for the operation. It distinguishes an ended operation from a later one with the same id.
    pub serial: u64,
    /// The content of the message.
    pub content: Content,
}

/// The content of a message.
pub enum Content {
    /// A response.
    Next(String),
    /// The operation was refused.
    Refused(String),
    /// The operation has ended.
    Complete,
    /// The caller is not signed in any more.
    Unauthenticated,
    /// The client reads too slowly.
    FallenBehind,
}

/// The queue for the messages of an operation. It holds one message, so that the operation runs no faster than its
/// client reads.
#[derive(Clone)]
pub struct Sender {
    pub(super) id: String,
    pub(super) serial: u64,
    pub(super) request_id: String,
    pub(super) signed_in: bool,
    messages: mpsc::Sender<OperationMessage>,
}

impl Sender {
    /// Creates the sender of an operation with this id and number.
    pub fn new(id: String, serial: u64, caller: &Caller, messages: mpsc::Sender<OperationMessage>) -> Self {
        let signed_in = !caller.credentials.is_anonymous();
        Self { id, serial, request_id: caller.request_id.clone(), signed_in, messages }
    }

    /// Returns the request id in logs and errors.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// Logs an internal error, and returns the message for the client.
    pub fn internal_error(&self, failure: &Error) -> Content {
        if let Error::Internal(cause) = failure {
            tracing::error!(id = self.request_id, %cause, "an operation panicked");
        }
        let error = request_error(Code::InternalServerError, "Something went wrong on our side");
        let answer = Answer::of(error, &self.request_id);
        Content::Refused(ServerMessage::Error { id: &self.id, payload: answer.errors() }.text())
    }

    /// Sends a result that may be shared with other subscribers.
    pub async fn send_result(&mut self, payload: &str) {
        let text = next(&self.id, payload);
        self.send(Content::Next(text)).await;
    }

    /// Returns the message that refuses an operation, and its error code. The caller is charged and may exceed the rate
    /// limit by this.
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

    /// Waits until the socket has taken the message.
    pub async fn send(&mut self, content: Content) {
        // If the socket is gone, this task ends, too.
        let _ = self.messages.send(OperationMessage { id: self.id.clone(), serial: self.serial, content }).await;
    }
}
