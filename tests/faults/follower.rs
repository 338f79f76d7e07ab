//! A subscriber that reconnects after each failure with its last cursor, and records its events.

use crate::support::{Actor, Value, json};
use futures::{SinkExt, StreamExt};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Mutex, task::JoinHandle};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

const EVENTS: &str = "subscription($after: String) { dossierEvents(after: $after) { cursor type subjectId } }";

/// The time limit for outstanding events.
const MAX_WAIT: Duration = Duration::from_secs(40);

/// A delivered event.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub kind: String,
    pub subject: String,
}

pub struct Follower {
    deliveries: Arc<Mutex<Vec<Delivery>>>,
    listening: JoinHandle<()>,
}

impl Follower {
    /// Subscribes after the cursor, at the servers in turn.
    pub fn begin(servers: &[Actor], cursor: String) -> Self {
        let deliveries = Arc::new(Mutex::new(Vec::new()));
        Self { listening: tokio::spawn(follow(servers.to_vec(), cursor, deliveries.clone())), deliveries }
    }

    /// Waits until this many events were delivered, and a little longer for extra ones.
    pub async fn end(self, expected: usize) -> Vec<Delivery> {
        let begun = tokio::time::Instant::now();
        while self.deliveries.lock().await.len() < expected && begun.elapsed() < MAX_WAIT {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        tokio::time::sleep(Duration::from_millis(400)).await;
        self.listening.abort();
        let deliveries = self.deliveries.lock().await.clone();
        assert_eq!(deliveries.len(), expected, "events were lost or doubled");
        deliveries
    }
}

async fn follow(servers: Vec<Actor>, mut cursor: String, deliveries: Arc<Mutex<Vec<Delivery>>>) {
    for actor in servers.iter().cycle() {
        // It reconnects after any end.
        let _ = listen(actor, &mut cursor, &deliveries).await;
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

/// Records the events of one connection, until it ends.
async fn listen(actor: &Actor, cursor: &mut String, deliveries: &Mutex<Vec<Delivery>>) -> Option<()> {
    let mut request = format!("{}/graphql", actor.url.replacen("http", "ws", 1)).into_client_request().ok()?;
    request.headers_mut().insert("Sec-WebSocket-Protocol", "graphql-transport-ws".parse().ok()?);
    let (mut socket, _) = connect_async(request).await.ok()?;
    let token = format!("Bearer {}", actor.token.as_deref()?);
    let init = json!({ "type": "connection_init", "payload": { "Authorization": token } });
    socket.send(Message::text(init.to_string())).await.ok()?;
    let payload = json!({ "query": EVENTS, "variables": { "after": cursor } });
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else { continue };
        let message: Value = serde_json::from_str(&text).ok()?;
        match message["type"].as_str()? {
            "connection_ack" => {
                let subscribe = json!({ "id": "1", "type": "subscribe", "payload": payload });
                socket.send(Message::text(subscribe.to_string())).await.ok()?;
            }
            "next" => {
                let event = message["payload"]["data"]["dossierEvents"].clone();
                let text = |name: &str| event[name].as_str().map(str::to_owned);
                // An error instead of an event means, for example, that the database is unavailable.
                let (kind, subject) = (text("type")?, text("subjectId")?);
                deliveries.lock().await.push(Delivery { kind, subject });
                *cursor = text("cursor")?;
            }
            "ping" => socket.send(Message::text(json!({ "type": "pong" }).to_string())).await.ok()?,
            _ => return None,
        }
    }
    None
}
