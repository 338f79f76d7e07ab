//! Somebody who listens, comes back after every break with their last cursor, and keeps what they heard.

use crate::support::{Actor, Value, json};
use futures::{SinkExt, StreamExt};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Mutex, task::JoinHandle};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

const EVENTS: &str = "subscription($after: String) { dossierEvents(after: $after) { cursor type subjectId } }";

/// The longest silence after which something was lost.
const PATIENCE: Duration = Duration::from_secs(40);

/// An event as it was told.
#[derive(Clone, Debug)]
pub struct Heard {
    pub kind: String,
    pub subject: String,
}

pub struct Follower {
    heard: Arc<Mutex<Vec<Heard>>>,
    listening: JoinHandle<()>,
}

impl Follower {
    /// Listens from the cursor on, at one server after the other.
    pub fn begin(servers: &[Actor], cursor: String) -> Self {
        let heard = Arc::new(Mutex::new(Vec::new()));
        Self { listening: tokio::spawn(follow(servers.to_vec(), cursor, heard.clone())), heard }
    }

    /// Waits until this many events were heard, and a little longer for any too many.
    pub async fn end(self, expected: usize) -> Vec<Heard> {
        let begun = tokio::time::Instant::now();
        while self.heard.lock().await.len() < expected && begun.elapsed() < PATIENCE {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        tokio::time::sleep(Duration::from_millis(400)).await;
        self.listening.abort();
        let heard = self.heard.lock().await.clone();
        assert_eq!(heard.len(), expected, "events were lost or doubled");
        heard
    }
}

async fn follow(servers: Vec<Actor>, mut cursor: String, heard: Arc<Mutex<Vec<Heard>>>) {
    for actor in servers.iter().cycle() {
        // An end of any kind is a reason to come back.
        let _ = listen(actor, &mut cursor, &heard).await;
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

/// Keeps what one connection tells, until it ends.
async fn listen(actor: &Actor, cursor: &mut String, heard: &Mutex<Vec<Heard>>) -> Option<()> {
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
                // An error instead of an event: the database is away, say.
                let (kind, subject) = (text("type")?, text("subjectId")?);
                heard.lock().await.push(Heard { kind, subject });
                *cursor = text("cursor")?;
            }
            "ping" => socket.send(Message::text(json!({ "type": "pong" }).to_string())).await.ok()?,
            _ => return None,
        }
    }
    None
}
