//! GraphQL over WebSocket: the `graphql-transport-ws` protocol
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>), written on the executor, because every answer
//! that a client acts on is a close code of its own, and a socket that misbehaves must cost others nothing.

mod channel;
mod follow;
mod protocol;
mod running;
mod sender;
mod session;
mod sessions;
mod tell;

pub use channel::Channels;
pub use session::{Known, authorization};
pub use sessions::Sessions;
pub use tell::Renderer;

use super::{shared::Shared, sockets::ConnectionPermit};
use crate::observe;
use axum::{
    extract::ws::{Message, WebSocket, WebSocketUpgrade},
    http::HeaderValue,
    response::Response,
};
use protocol::Close;
use session::{End, Session};
use std::{borrow::Cow, sync::Arc, time::Duration};
use tokio::time::{Instant, sleep, timeout};

/// The only protocol that is spoken.
const PROTOCOL: HeaderValue = HeaderValue::from_static("graphql-transport-ws");

/// The largest message, in bytes.
const MAX_MESSAGE: usize = 256 << 10;

/// The buffers of a socket that mostly waits, in bytes.
const BUFFER: usize = 512;

/// How long a client has to say goodbye, too.
const FAREWELL: Duration = Duration::from_secs(2);

/// Turns the connection into a socket. Whoever speaks another protocol is told so on the socket: browsers show nothing
/// of an upgrade that is refused.
pub fn upgrade(shared: Arc<Shared>, upgrade: WebSocketUpgrade, known: Known, place: ConnectionPermit) -> Response {
    let mut upgrade = upgrade
        .max_message_size(MAX_MESSAGE)
        .max_frame_size(MAX_MESSAGE)
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER);
    let spoken = upgrade.requested_protocols().any(|protocol| *protocol == PROTOCOL);
    if spoken {
        upgrade.set_selected_protocol(PROTOCOL);
    }
    // Without a span: each of its lines says which socket it is, and one that waits is to be small.
    upgrade.on_upgrade(move |socket| async move {
        serve(shared, socket, spoken, known).await;
        drop(place);
    })
}

/// A socket's life: the one place where sockets open and close.
async fn serve(shared: Arc<Shared>, mut socket: WebSocket, spoken: bool, known: Known) {
    let open = observe::Socket::open(&shared.app.metrics, &known.request_id);
    // Held to the end, so that a server that stops waits for it.
    let drain = shared.drain.clone();
    let end = if spoken {
        Session::new(shared, &mut socket, known, &open).serve().await
    } else {
        End::Close(Close::SUBPROTOCOL)
    };
    match &end {
        End::Close(Close { code, reason }) => open.close(Some(*code), reason.clone()),
        End::LeaveReason => open.close(None, Cow::Borrowed("client-left")),
        End::Lost => open.close(None, Cow::Borrowed("client-lost")),
    }
    farewell(socket, end).await;
    drop(drain);
}

/// Closes as the client can notice: without reading on, what it still sends would turn the goodbye into a reset.
async fn farewell(mut socket: WebSocket, end: End) {
    let close = match end {
        End::Close(close) => Some(Message::Close(Some(close.frame()))),
        End::LeaveReason => None,
        End::Lost => return,
    };
    let goodbye = async {
        if let Some(close) = close {
            socket.send(close).await?;
        }
        while let Some(message) = socket.recv().await {
            message?;
        }
        Ok::<_, axum::Error>(())
    };
    let began = Instant::now();
    if let Ok(Err(_)) = timeout(FAREWELL, goodbye).await {
        sleep(FAREWELL.saturating_sub(began.elapsed())).await;
    }
}
