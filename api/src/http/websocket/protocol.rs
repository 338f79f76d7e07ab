//! The messages and the close codes of `graphql-transport-ws`.

use crate::http::{
    answer::Body,
    parameters::{Parameters, json},
};
use async_graphql::ServerError;
use axum::extract::ws::{self, Utf8Bytes};
use serde::Serialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use tungstenite::error::{CapacityError, Error as SocketError, ProtocolError};

/// The maximum size of the reason in a close frame, in bytes.
const MAX_REASON: usize = 123;

/// A message from a client.
#[derive(Debug)]
pub enum ClientMessage {
    /// The credentials. This must be the first message.
    ConnectionInit(Map<String, Value>),
    /// Asks for a pong.
    Ping(Option<Map<String, Value>>),
    /// The answer to a ping.
    Pong,
    /// Starts an operation.
    Subscribe {
        /// The client's id for the operation.
        id: String,
        /// The operation.
        parameters: Parameters,
    },
    /// Ends an operation.
    Complete {
        /// The client's id for the operation.
        id: String,
    },
}

impl ClientMessage {
    /// Parses a message.
    pub fn parse(text: &str) -> Result<Self, Close> {
        let Ok(Value::Object(mut message)) = json(text.as_bytes()) else {
            return Err(Close::malformed("A message must be a JSON object"));
        };
        let kind = message.remove("type");
        match kind.as_ref().and_then(Value::as_str).unwrap_or_default() {
            "connection_init" => Ok(Self::ConnectionInit(payload(&mut message)?.unwrap_or_default())),
            "ping" => Ok(Self::Ping(payload(&mut message)?)),
            "pong" => payload(&mut message).map(|_| Self::Pong),
            "subscribe" => {
                let id = id(&mut message)?;
                let payload = message.remove("payload").unwrap_or_default();
                let parameters = Parameters::from_json(payload)
                    .and_then(Parameters::with_document)
                    .map_err(|error| Close::malformed(error.message.trim_end_matches('.')))?;
                Ok(Self::Subscribe { id, parameters })
            }
            "complete" => Ok(Self::Complete { id: id(&mut message)? }),
            _ => Err(Close::malformed("`type` must be one of connection_init, ping, pong, subscribe, complete")),
        }
    }
}

fn payload(message: &mut Map<String, Value>) -> Result<Option<Map<String, Value>>, Close> {
    match message.remove("payload") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(payload)) => Ok(Some(payload)),
        Some(_) => Err(Close::malformed("`payload` must be an object")),
    }
}

fn id(message: &mut Map<String, Value>) -> Result<String, Close> {
    match message.remove("id") {
        Some(Value::String(id)) if !id.is_empty() => Ok(id),
        _ => Err(Close::malformed("`id` must be a non-empty string")),
    }
}

/// A message from the server.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage<'a> {
    /// The credentials are valid.
    ConnectionAck,
    /// Says when the token expires.
    Ping {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Value>,
    },
    /// The answer to a ping.
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Value>,
    },
    /// One response.
    Next { id: &'a str, payload: Body<'a> },
    /// The operation was refused.
    Error { id: &'a str, payload: &'a [ServerError] },
    /// The operation has ended.
    Complete { id: &'a str },
}

impl ServerMessage<'_> {
    /// Returns the message as it is sent. Its parts always serialize to JSON.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Returns the message with a response that is already JSON.
pub fn next(id: &str, payload: &str) -> String {
    let id = Value::from(id);
    format!(r#"{{"type":"next","id":{id},"payload":{payload}}}"#)
}

/// The reason why the server closes a socket. `docs/errors.md` tells clients how to react to each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// The close code of the protocol or of RFC 6455.
    pub code: u16,
    /// The reason. If a code has several reasons, programs distinguish them by this text.
    pub reason: Cow<'static, str>,
}

impl Close {
    /// The message is too large.
    pub const TOO_LARGE: Self = Self::new(1009, "message-too-large");
    /// The server stops. The client reconnects to another process or its successor.
    pub const RESTART: Self = Self::new(1012, "service-restart");
    /// The server cannot check the credentials now.
    pub const TRY_AGAIN: Self = Self::new(1013, "try-again-later");
    /// The client reads too slowly. With its last cursor it misses nothing.
    pub const FALLEN_BEHIND: Self = Self::new(1013, "fallen-behind");
    /// The client must first send `connection_init`.
    pub const UNAUTHORIZED: Self = Self::new(4401, "Unauthorized");
    /// The token is not valid.
    pub const FORBIDDEN: Self = Self::new(4403, "Forbidden");
    /// The token has expired.
    pub const TOKEN_EXPIRED: Self = Self::new(4403, "token-expired");
    /// The session of the token has ended.
    pub const SESSION_ENDED: Self = Self::new(4403, "session-ended");
    /// The client uses another subprotocol.
    pub const SUBPROTOCOL: Self = Self::new(4406, "Subprotocol not acceptable");
    /// The client did not send `connection_init` in time.
    pub const INITIALISATION_TIMEOUT: Self = Self::new(4408, "Connection initialisation timeout");
    /// The client sent `connection_init` twice.
    pub const TOO_MANY_INITIALISATIONS: Self = Self::new(4429, "Too many initialisation requests");

    const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason: Cow::Borrowed(reason) }
    }

    /// The message is not part of the protocol.
    pub fn malformed(why: &str) -> Self {
        Self { code: 4400, reason: shortened(why).to_owned().into() }
    }

    /// An operation with this id is running.
    pub fn duplicate(id: &str) -> Self {
        Self {
            code: 4409,
            reason: format!("Subscriber for {} already exists", shortened(&id[..id.floor_char_boundary(90)])).into(),
        }
    }

    /// Returns the close code for data that is not a message. `None` if the connection is lost.
    pub fn unreadable(error: axum::Error) -> Option<Self> {
        let error = error.into_inner();
        match error.downcast_ref::<SocketError>()? {
            SocketError::Capacity(CapacityError::MessageTooLong { .. }) => Some(Self::TOO_LARGE),
            SocketError::Utf8(_) => Some(Self::new(1007, "A text message must be UTF-8")),
            SocketError::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
            SocketError::Protocol(why) => {
                Some(Self { code: 1002, reason: shortened(&why.to_string()).to_owned().into() })
            }
            _ => None,
        }
    }

    /// Returns the response as it is sent.
    pub fn frame(&self) -> ws::CloseFrame {
        ws::CloseFrame { code: self.code, reason: Utf8Bytes::from(self.reason.as_ref()) }
    }
}

fn shortened(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_REASON)]
}

/// How a socket ends.
pub enum End {
    /// The server closes it.
    Close(Close),
    /// The client closed it.
    ClosedByClient,
    /// The connection is lost.
    Lost,
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}
