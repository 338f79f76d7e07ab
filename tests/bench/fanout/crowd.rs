//! Very many subscribers in one process, each with a task and small buffers.

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::Instant,
};
use tokio::{
    net::{TcpSocket, TcpStream},
    sync::Semaphore,
    task::JoinSet,
};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, client::IntoClientRequest, protocol::WebSocketConfig},
};

/// The number of concurrent connection attempts.
const AT_ONCE: usize = 64;

/// The number of connections per address, which is limited by the number of ports.
const PORTS: usize = 20_000;

const BUFFER: usize = 1024;

/// A subscription of a person.
#[derive(Clone, Default)]
pub struct Subscription {
    pub token: Arc<str>,
    pub query: Arc<str>,
}

/// The arrivals since the last take.
#[derive(Default)]
pub struct Arrived {
    pub times: Vec<Instant>,
    pub text: String,
    /// Messages other than events.
    pub wrong: Vec<String>,
}

pub struct Subscribers {
    pub arrived: Arc<Mutex<Arrived>>,
    _listening: JoinSet<()>,
}

impl Subscribers {
    /// Connects all of them. Returns when all have subscribed.
    pub async fn gather(port: u16, subscriptions: &[Subscription]) -> Self {
        let arrived = Arc::new(Mutex::new(Arrived::default()));
        let (gate, mut listening) = (Arc::new(Semaphore::new(AT_ONCE)), JoinSet::new());
        for (place, subscription) in subscriptions.iter().enumerate() {
            let permit = gate.clone().acquire_owned().await.unwrap();
            let (subscription, arrived) = (subscription.clone(), arrived.clone());
            listening.spawn(async move {
                let socket = subscribe(place, port, &subscription).await;
                drop(permit);
                listen(socket, &arrived).await;
            });
        }
        let _all = gate.acquire_many(u32::try_from(AT_ONCE).unwrap()).await.unwrap();
        Self { arrived, _listening: listening }
    }
}

async fn listen(mut socket: WebSocketStream<TcpStream>, arrived: &Mutex<Arrived>) {
    loop {
        let message = socket.next().await;
        let now = Instant::now();
        let mut arrived = arrived.lock().unwrap();
        match message {
            Some(Ok(Message::Text(text))) if text.contains("\"type\":\"next\"") => {
                arrived.times.push(now);
                if arrived.text.is_empty() {
                    text.as_str().clone_into(&mut arrived.text);
                }
                if text.contains("\"errors\"") {
                    arrived.wrong.push(text.to_string());
                }
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            other => {
                arrived.wrong.push(format!("{other:?}"));
                return;
            }
        }
    }
}

async fn subscribe(place: usize, port: u16, subscription: &Subscription) -> WebSocketStream<TcpStream> {
    let from = Ipv4Addr::new(127, 0, 0, u8::try_from(1 + place / PORTS).unwrap());
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((from, 0))).unwrap();
    let stream = socket.connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await.unwrap();
    let mut request = format!("ws://127.0.0.1:{port}/graphql").into_client_request().unwrap();
    request.headers_mut().insert("Sec-WebSocket-Protocol", "graphql-transport-ws".parse().unwrap());
    let config = WebSocketConfig::default().read_buffer_size(BUFFER).write_buffer_size(0);
    let (mut socket, _) = client_async_with_config(request, stream, Some(config)).await.unwrap();
    let payload = json!({ "Authorization": format!("Bearer {}", subscription.token) });
    ask(&mut socket, json!({ "type": "connection_init", "payload": payload }), "connection_ack").await;
    let subscribe = json!({ "id": "1", "type": "subscribe", "payload": { "query": &*subscription.query } });
    socket.send(Message::text(subscribe.to_string())).await.unwrap();
    // The server answers this after the subscription has begun.
    ask(&mut socket, json!({ "type": "ping" }), "pong").await;
    socket
}

async fn ask(socket: &mut WebSocketStream<TcpStream>, message: Value, answer: &str) {
    socket.send(Message::text(message.to_string())).await.unwrap();
    loop {
        if let Message::Text(text) = socket.next().await.expect("closed").unwrap() {
            assert!(text.contains(answer), "{text} instead of {answer}");
            return;
        }
    }
}
