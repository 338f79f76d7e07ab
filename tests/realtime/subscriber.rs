//! A subscriber. It keeps its cursor, reconnects to either server after any failure, and records all deliveries.

use super::{
    person::Person,
    random::Random,
    record::{Connection, Delivery, EventFilter, Record},
};
use crate::support::{Value, fixtures::uuid, json};
use chrono::{DateTime, Utc};
use futures::{SinkExt, StreamExt};
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::{net::TcpStream, task::JoinHandle, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A server that sends nothing for this long, not even a ping, counts as lost.
const SILENCE: Duration = Duration::from_secs(30);

/// Errors after which the subscriber reconnects.
pub const PASSING: [&str; 2] = ["SERVICE_UNAVAILABLE", "OPERATION_TIMEOUT"];

const EVENTS: &str = "subscription($after: String, $client: ID) {
    event: dossierEvents(after: $after, clientId: $client) {
        cursor type subjectId occurredAt actor { displayName } client { id } subject { __typename }
    }
}";

const HUB: &str = "subscription($after: String) {
    event: validationHub(after: $after) {
        cursor type subjectId: validationRequestId occurredAt actor { displayName }
        subject: validationRequest { client { id } }
    }
}";

/// The topic of a subscriber.
#[derive(Clone)]
pub enum Topic {
    Everything,
    Dossier(String),
    Hub,
}

impl Topic {
    fn event_filter(&self) -> EventFilter {
        match self {
            Self::Everything => EventFilter::default(),
            Self::Dossier(client) => EventFilter { client: Some(uuid(client)), about: None },
            Self::Hub => EventFilter { about: Some("VALIDATION_REQUEST"), client: None },
        }
    }

    fn payload(&self, after: &str) -> Value {
        match self {
            Self::Everything => json!({ "query": EVENTS, "variables": { "after": after } }),
            Self::Dossier(client) => json!({ "query": EVENTS, "variables": { "after": after, "client": client } }),
            Self::Hub => json!({ "query": HUB, "variables": { "after": after } }),
        }
    }
}

pub struct Subscriber {
    person: Arc<Person>,
    record: Arc<Mutex<Record>>,
    listening: JoinHandle<()>,
}

impl Subscriber {
    /// Subscribes to a topic after a cursor with this number, at these servers.
    pub fn begin(
        person: &Arc<Person>,
        topic: Topic,
        urls: Vec<String>,
        (cursor, start): (String, i64),
        random: Random,
    ) -> Self {
        let name = match &topic {
            Topic::Everything => format!("{} on everything", person.name),
            Topic::Dossier(client) => format!("{} on {client}", person.name),
            Topic::Hub => format!("{} on the hub", person.name),
        };
        let record = Record {
            name,
            event_filter: topic.event_filter(),
            start,
            phases: Vec::new(),
            access_gaps: Vec::new(),
            deliveries: Vec::new(),
            connections: Vec::new(),
            void: Vec::new(),
        };
        let record = Arc::new(Mutex::new(record));
        let listener = Listener { person: person.clone(), topic, urls, cursor, random, record: record.clone() };
        Self { person: person.clone(), record, listening: tokio::spawn(listener.listen()) }
    }

    /// Returns the record so far.
    pub fn record(&self) -> Record {
        let mut record = self.record.lock().unwrap().clone();
        if self.listening.is_finished() {
            record.void.push("it listens no more: it could not make sense of a delivery".to_owned());
        }
        Record { phases: self.person.phases(), access_gaps: self.person.access_gaps(), ..record }
    }

    pub fn organization(&self) -> uuid::Uuid {
        self.person.organization
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

struct Listener {
    person: Arc<Person>,
    topic: Topic,
    urls: Vec<String>,
    cursor: String,
    random: Random,
    record: Arc<Mutex<Record>>,
}

impl Listener {
    async fn listen(mut self) {
        loop {
            let url = self.random.one(&self.urls).unwrap();
            let begun = Connection { begun: Instant::now(), acknowledged: None, ended: None, code: None };
            self.record.lock().unwrap().connections.push(begun);
            // It reconnects after any end.
            let end = self.connection(&url).await;
            self.ended(end);
            let pause = self.random.time(20, 200);
            tokio::time::sleep(pause).await;
        }
    }

    fn ended(&self, code: Option<(u16, String)>) {
        let mut record = self.record.lock().unwrap();
        let connection = record.connections.last_mut().unwrap();
        connection.ended = Some(Instant::now());
        connection.code = connection.code.take().or(code);
    }

    /// Records the deliveries of one connection until it ends. Returns the server's close code.
    async fn connection(&mut self, url: &str) -> Option<(u16, String)> {
        let mut socket = timeout(SILENCE, open(url, &self.person.token())).await.ok()??;
        loop {
            match timeout(SILENCE, socket.next()).await.ok()??.ok()? {
                Message::Text(text) => {
                    let message: Value = serde_json::from_str(&text).unwrap();
                    self.hear(&mut socket, &message).await?;
                }
                Message::Close(frame) => return frame.map(|frame| (frame.code.into(), frame.reason.to_string())),
                _ => {}
            }
        }
    }

    async fn hear(&mut self, socket: &mut Socket, message: &Value) -> Option<()> {
        match message["type"].as_str()? {
            "connection_ack" => {
                self.record.lock().unwrap().connections.last_mut()?.acknowledged = Some(Instant::now());
                let payload = self.topic.payload(&self.cursor);
                say(socket, json!({ "id": "1", "type": "subscribe", "payload": payload })).await
            }
            "ping" => say(socket, json!({ "type": "pong" })).await,
            "pong" => Some(()),
            "next" if message["payload"].get("errors").is_none() => {
                self.keep(&message["payload"]["data"]["event"]);
                Some(())
            }
            _ => self.refused(message),
        }
    }

    fn keep(&mut self, event: &Value) {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        self.cursor = text(&event["cursor"]).unwrap();
        let dossier = [&event["client"]["id"], &event["subject"]["client"]["id"]].into_iter().find_map(text);
        let mut record = self.record.lock().unwrap();
        let delivery = Delivery {
            kind: text(&event["type"]).unwrap(),
            subject: text(&event["subjectId"]).map(|id| uuid(&id)),
            occurred_at: event["occurredAt"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap(),
            actor: text(&event["actor"]["displayName"]),
            client: dossier.map(|id| uuid(&id)),
            shown: !event["subject"].is_null(),
            at: Instant::now(),
            connection: record.connections.len() - 1,
        };
        record.deliveries.push(delivery);
    }

    /// Handles an error, or the end of the subscription. Both are fine while a part is unavailable.
    fn refused(&mut self, message: &Value) -> Option<()> {
        let errors = if message["type"] == "error" { &message["payload"] } else { &message["payload"]["errors"] };
        let codes = errors.as_array().into_iter().flatten().map(|error| error["extensions"]["code"].as_str());
        let codes: Vec<_> = codes.map(Option::unwrap_or_default).collect();
        let mut record = self.record.lock().unwrap();
        if codes == ["UNAUTHENTICATED"] {
            // Access ended between the acknowledgement and the subscription. It counts as the close that follows.
            record.connections.last_mut().unwrap().code = Some((4403, "session-ended".to_owned()));
        } else if !codes.iter().all(|code| PASSING.contains(code)) {
            record.void.push(message.to_string());
        }
        None
    }
}

async fn open(url: &str, token: &str) -> Option<Socket> {
    let mut request = format!("{}/graphql", url.replacen("http", "ws", 1)).into_client_request().ok()?;
    request.headers_mut().insert("Sec-WebSocket-Protocol", "graphql-transport-ws".parse().ok()?);
    let (mut socket, _) = connect_async(request).await.ok()?;
    let payload = json!({ "Authorization": format!("Bearer {token}") });
    say(&mut socket, json!({ "type": "connection_init", "payload": payload })).await?;
    Some(socket)
}

async fn say(socket: &mut Socket, message: Value) -> Option<()> {
    socket.send(Message::text(message.to_string())).await.ok()
}
