//! GraphQL over WebSocket: the `graphql-transport-ws` protocol
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>). It is implemented here on the executor, because
//! each reason to close has its own close code, and because a bad client must not affect others.

mod channel;
mod delivery;
mod follow;
mod protocol;
mod running;
mod sender;
mod session;
mod sessions;
mod token;

pub use channel::Channels;
pub use delivery::Renderer;
pub use session::Handshake;
pub use sessions::Sessions;
pub use token::authorization;

use super::{shared::Shared, sockets::ConnectionPermit};
use crate::observe;
use axum::{
    extract::ws::{Message, WebSocket, WebSocketUpgrade},
    http::HeaderValue,
    response::Response,
};
use protocol::{Close, End};
use session::Session;
use std::{borrow::Cow, sync::Arc, time::Duration};
use tokio::time::{Instant, sleep, timeout};

/// The only supported subprotocol.
const PROTOCOL: HeaderValue = HeaderValue::from_static("graphql-transport-ws");

/// The maximum size of a message, in bytes.
const MAX_MESSAGE: usize = 256 << 10;

/// The buffer size of a socket, in bytes. It is small because sockets mostly wait.
const BUFFER: usize = 512;

/// The maximum time for the closing handshake.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// Upgrades the connection to a WebSocket. A client with another subprotocol receives a close code, because browsers do
/// not show why an upgrade failed.
pub fn upgrade(
    shared: Arc<Shared>,
    upgrade: WebSocketUpgrade,
    handshake: Handshake,
    permit: ConnectionPermit,
) -> Response {
    let mut upgrade = upgrade
        .max_message_size(MAX_MESSAGE)
        .max_frame_size(MAX_MESSAGE)
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER);
    let is_supported = upgrade.requested_protocols().any(|protocol| *protocol == PROTOCOL);
    if is_supported {
        upgrade.set_selected_protocol(PROTOCOL);
    }
    // Without a span, because a waiting socket must be small. Each log line contains the socket's id.
    upgrade.on_upgrade(move |socket| async move {
        serve(shared, socket, is_supported, handshake).await;
        drop(permit);
    })
}

/// Runs a socket. This is the only place where sockets open and close.
async fn serve(shared: Arc<Shared>, mut socket: WebSocket, is_supported: bool, handshake: Handshake) {
    let open = observe::Socket::open(&shared.app.metrics, &handshake.request_id);
    // Held until the end, so that a stopping server waits for the socket.
    let drain = shared.drain.clone();
    let end = if is_supported {
        Session::new(shared, &mut socket, handshake, &open).serve().await
    } else {
        End::Close(Close::SUBPROTOCOL)
    };
    match &end {
        End::Close(Close { code, reason }) => open.close(Some(*code), reason.clone()),
        End::ClosedByClient => open.close(None, Cow::Borrowed("client-left")),
        End::Lost => open.close(None, Cow::Borrowed("client-lost")),
    }
    close(socket, end).await;
    drop(drain);
}

/// Closes the socket so that the client receives the reason. It continues to read, because unread data would turn the
/// close frame into a reset.
async fn close(mut socket: WebSocket, end: End) {
    let close = match end {
        End::Close(close) => Some(Message::Close(Some(close.frame()))),
        End::ClosedByClient => None,
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
    if let Ok(Err(_)) = timeout(CLOSE_TIMEOUT, goodbye).await {
        sleep(CLOSE_TIMEOUT.saturating_sub(began.elapsed())).await;
    }
}
