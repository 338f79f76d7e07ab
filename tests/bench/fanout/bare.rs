//! The limit: a server that sends each posted text to all subscribers unchanged. It implements only the parts of the
//! protocol that the client needs.

use axum::{
    Router,
    extract::{
        State,
        ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
    },
    response::Response,
    routing::get,
};
use tokio::sync::broadcast::{self, Sender};

/// The size of a socket's buffers, as in the server.
const BUFFER: usize = 2 * 1024;

pub async fn serve() {
    let port: u16 = std::env::var("PORT").unwrap().parse().unwrap();
    let routes = Router::new().route("/graphql", get(connect).post(broadcast)).with_state(broadcast::channel(64).0);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    axum::serve(listener, routes).await.unwrap();
}

async fn broadcast(State(everybody): State<Sender<Utf8Bytes>>, text: String) {
    let _ = everybody.send(text.into());
}

async fn connect(State(everybody): State<Sender<Utf8Bytes>>, upgrade: WebSocketUpgrade) -> Response {
    let upgrade = upgrade.protocols(["graphql-transport-ws"]).read_buffer_size(BUFFER).write_buffer_size(BUFFER);
    upgrade.on_upgrade(move |socket| forward(socket, everybody))
}

async fn forward(mut socket: WebSocket, everybody: Sender<Utf8Bytes>) {
    let mut events = everybody.subscribe();
    loop {
        let message = tokio::select! {
            Ok(text) = events.recv() => Message::Text(text),
            Some(Ok(Message::Text(text))) = socket.recv() => match text.as_str() {
                text if text.contains("\"connection_init\"") => Message::text("{\"type\":\"connection_ack\"}"),
                text if text.contains("\"ping\"") => Message::text("{\"type\":\"pong\"}"),
                _ => continue,
            },
            else => return,
        };
        if socket.send(message).await.is_err() {
            return;
        }
    }
}
