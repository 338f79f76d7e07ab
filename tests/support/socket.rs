//! A small client of `graphql-transport-ws`.

use super::{Value, json};
use futures::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest, protocol::Role},
};

/// The time limit for expected messages.
const MAX_WAIT: Duration = Duration::from_secs(20);

pub struct Socket(pub WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Connects, and waits for the acknowledgement.
    pub async fn open(url: &str, token: Option<&str>) -> Self {
        let mut socket = Self::connect(url).await;
        let payload = token.map(|token| json!({ "Authorization": format!("Bearer {token}") })).unwrap_or(json!({}));
        socket.send(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.receive().await["type"], "connection_ack");
        socket
    }

    pub async fn connect(url: &str) -> Self {
        Self::connect_with(url, &[]).await
    }

    /// Connects with further headers of the handshake.
    pub async fn connect_with(url: &str, headers: &[(&'static str, &str)]) -> Self {
        let mut request = format!("{}/graphql", url.replacen("http", "ws", 1)).into_client_request().unwrap();
        request.headers_mut().insert("Sec-WebSocket-Protocol", "graphql-transport-ws".parse().unwrap());
        for (name, value) in headers {
            request.headers_mut().append(*name, value.parse().unwrap());
        }
        Self(connect_async(request).await.unwrap().0)
    }

    /// Connects with these further header lines, even if the server refuses them.
    pub async fn raw(url: &str, headers: &str) -> Self {
        let address = url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET /graphql HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(stream.read_u8().await.unwrap());
        }
        assert!(answer.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&answer));
        Self(WebSocketStream::from_raw_socket(MaybeTlsStream::Plain(stream), Role::Client, None).await)
    }

    /// Skips messages until the server closes, and returns its code and reason.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            let message = tokio::time::timeout(MAX_WAIT, self.0.next()).await.expect("nothing came");
            if let Message::Close(frame) = message.expect("gone without a word").expect("gone without a word") {
                let frame = frame.expect("closed without a reason");
                return (frame.code.into(), frame.reason.to_string());
            }
        }
    }

    pub async fn send(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    pub async fn receive(&mut self) -> Value {
        // Pings of the server are skipped.
        let deadline = tokio::time::Instant::now() + MAX_WAIT;
        loop {
            let message =
                tokio::time::timeout_at(deadline, self.0.next()).await.expect("nothing came").expect("closed");
            match message.unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Close(frame) => panic!("closed: {frame:?}"),
                _ => {}
            }
        }
    }

    pub async fn subscribe(mut self, query: &str, variables: Value) -> Stream {
        let payload = json!({ "query": query, "variables": variables });
        self.send(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
        // The server reads messages in order, so it answers this after the subscription has begun.
        self.send(json!({ "type": "ping" })).await;
        let mut stream = Stream { socket: self, early: std::collections::VecDeque::new() };
        loop {
            let message = stream.socket.receive().await;
            if message["type"] == "pong" {
                return stream;
            }
            stream.early.push_back(message);
        }
    }
}

pub struct Stream {
    socket: Socket,
    early: std::collections::VecDeque<Value>,
}

impl Stream {
    /// Returns the data of the next event.
    pub async fn next(&mut self) -> Value {
        let message = match self.early.pop_front() {
            Some(message) => message,
            None => self.socket.receive().await,
        };
        assert_eq!(message["type"], "next", "{message:#}");
        assert!(message["payload"].get("errors").is_none(), "{message:#}");
        message["payload"]["data"].clone()
    }

    /// Returns whether nothing arrives for a while.
    pub async fn silent(&mut self) -> bool {
        self.early.is_empty() && tokio::time::timeout(Duration::from_millis(400), self.socket.receive()).await.is_err()
    }

    /// Returns the next message, or the server's close code and reason.
    pub async fn next_or_closed(&mut self) -> Result<Value, (u16, String)> {
        loop {
            let message = tokio::time::timeout(MAX_WAIT, self.socket.0.next()).await.expect("nothing came");
            match message.expect("gone without a word").expect("gone without a word") {
                Message::Text(text) => return Ok(serde_json::from_str(&text).unwrap()),
                Message::Close(frame) => {
                    let frame = frame.expect("closed without a reason");
                    return Err((frame.code.into(), frame.reason.to_string()));
                }
                _ => {}
            }
        }
    }

    /// Returns the next message of any kind.
    pub async fn message(&mut self) -> Value {
        match self.early.pop_front() {
            Some(message) => message,
            None => self.socket.receive().await,
        }
    }
}
