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

/// The longest reason that a close frame holds, in bytes.
const MAX_REASON: usize = 123;

/// What a client says.
#[derive(Debug)]
pub enum ClientMessage {
    /// Who it is; first of all.
    ConnectionInit(Map<String, Value>),
    /// Whether somebody is there.
    Ping(Option<Value>),
    /// That somebody is there.
    Pong,
    /// What it wants to know.
    Subscribe {
        /// Its name for the operation.
        id: String,
        /// The operation.
        parameters: Parameters,
    },
    /// That it wants to know no more of it.
    Complete {
        /// Its name for the operation.
        id: String,
    },
}

impl ClientMessage {
    /// Reads a message.
    pub fn parse(text: &str) -> Result<Self, Close> {
        let Ok(Value::Object(mut message)) = json(text.as_bytes()) else {
            return Err(Close::malformed("A message must be a JSON object"));
        };
        let kind = message.remove("type");
        match kind.as_ref().and_then(Value::as_str).unwrap_or_default() {
            "connection_init" => Ok(Self::ConnectionInit(payload(&mut message)?.unwrap_or_default())),
            "ping" => Ok(Self::Ping(payload(&mut message)?.map(Value::Object))),
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
        _ => Err(Close::malformed("`id` must be a string that is not empty")),
    }
}

/// What the server says.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage<'a> {
    /// Go on.
    ConnectionAck,
    /// Somebody is there.
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Value>,
    },
    /// One answer.
    Next { id: &'a str, payload: Body<'a> },
    /// There will be no answer.
    Error { id: &'a str, payload: &'a [ServerError] },
    /// There will be no further answer.
    Complete { id: &'a str },
}

impl ServerMessage<'_> {
    /// As it is sent. What it is made of is always JSON.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The message with one answer, whose payload is JSON already.
pub fn next(id: &str, payload: &str) -> String {
    let id = Value::from(id);
    format!(r#"{{"type":"next","id":{id},"payload":{payload}}}"#)
}

/// Why the server closes a socket. `docs/errors.md` tells clients what to do about each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// As the protocol, or RFC 6455, numbers it.
    pub code: u16,
    /// For people; of the reasons of one code, also for programs.
    pub reason: Cow<'static, str>,
}

impl Close {
    /// A message that is too large.
    pub const TOO_LARGE: Self = Self::new(1009, "message-too-large");
    /// The server stops, and others, or its successor, are there.
    pub const RESTART: Self = Self::new(1012, "service-restart");
    /// Who the client is cannot be told now.
    pub const TRY_AGAIN: Self = Self::new(1013, "try-again-later");
    /// It does not read as fast as things happen; with its last cursor it misses nothing.
    pub const FALLEN_BEHIND: Self = Self::new(1013, "fallen-behind");
    /// It must introduce itself first.
    pub const UNAUTHORIZED: Self = Self::new(4401, "Unauthorized");
    /// The token is not one.
    pub const FORBIDDEN: Self = Self::new(4403, "Forbidden");
    /// The token's time is over.
    pub const TOKEN_EXPIRED: Self = Self::new(4403, "token-expired");
    /// The token's session was ended.
    pub const SESSION_ENDED: Self = Self::new(4403, "session-ended");
    /// It speaks another protocol.
    pub const SUBPROTOCOL: Self = Self::new(4406, "Subprotocol not acceptable");
    /// It did not introduce itself.
    pub const INITIALISATION_TIMEOUT: Self = Self::new(4408, "Connection initialisation timeout");
    /// It introduced itself twice.
    pub const TOO_MANY_INITIALISATIONS: Self = Self::new(4429, "Too many initialisation requests");

    const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason: Cow::Borrowed(reason) }
    }

    /// The message is not one of the protocol.
    pub fn malformed(why: &str) -> Self {
        Self { code: 4400, reason: shortened(why).to_owned().into() }
    }

    /// An operation of this name is running.
    pub fn duplicate(id: &str) -> Self {
        Self {
            code: 4409,
            reason: format!("Subscriber for {} already exists", shortened(&id[..id.floor_char_boundary(90)])).into(),
        }
    }

    /// What came is no message at all; none when the connection itself is gone.
    pub fn unreadable(error: axum::Error) -> Option<Self> {
        let error = error.into_inner();
        match error.downcast_ref::<SocketError>()? {
            SocketError::Capacity(CapacityError::MessageTooLong { .. }) => Some(Self::TOO_LARGE),
            SocketError::Utf8(_) => Some(Self::new(1007, "A text must be UTF-8")),
            SocketError::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
            SocketError::Protocol(why) => {
                Some(Self { code: 1002, reason: shortened(&why.to_string()).to_owned().into() })
            }
            _ => None,
        }
    }

    /// As it is sent.
    pub fn frame(&self) -> ws::CloseFrame {
        ws::CloseFrame { code: self.code, reason: Utf8Bytes::from(self.reason.as_ref()) }
    }
}

fn shortened(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_REASON)]
}
