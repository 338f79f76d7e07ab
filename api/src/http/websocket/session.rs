//! What happens on one socket, from the first message to the last: one task that reads, writes and watches the time.

use super::{
    protocol::{ClientMessage, Close, ServerMessage},
    running::Running,
    sender::{Event, News, Sender},
    sessions::Entered,
};
use crate::{
    address::Address,
    error_code::Code,
    graphql::request_error,
    http::{
        authorization,
        drain::Drain,
        operation::{Caller, Operation},
        parameters::Parameters,
        shared::Shared,
    },
    observe,
    rate::Subject,
};
use async_graphql::parser::types::OperationType;
use axum::{
    extract::ws::{Message, WebSocket},
    http::{HeaderMap, HeaderValue, header},
};
use bytes::Bytes;
use dossier_core::{credentials::Credentials, error::Error};
use futures::{StreamExt, channel::mpsc};
use serde_json::{Map, Value};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::{
    sync::RwLock,
    time::{Instant, sleep_until, timeout},
};

/// How long a client may take to introduce itself.
const INITIALISATION: Duration = Duration::from_secs(5);

/// The most operations that one socket runs at a time.
const MAX_OPERATIONS: usize = 50;

/// Longer than any token lasts.
const FOREVER: i64 = 10 * 366 * 24 * 60 * 60;

/// How a socket ends.
pub enum End {
    /// The server closes it.
    Close(Close),
    /// The client closed it.
    LeaveReason,
    /// Nobody is there any more.
    Lost,
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

/// How far the client has introduced itself.
enum State {
    /// Not at all, and it has until then.
    Silent { until: Instant },
    /// It has, and its token ends then.
    Known { credentials: Credentials, until: Option<Instant>, entered: Option<Entered> },
}

impl State {
    /// Returns when the session of who has introduced itself is active no longer.
    async fn over(&mut self) {
        match self {
            Self::Known { entered: Some(entered), .. } => entered.over().await,
            Self::Known { .. } | Self::Silent { .. } => std::future::pending().await,
        }
    }
}

/// What is known of a socket from the request that opened it.
pub struct Known {
    /// Names it in logs and errors.
    pub request_id: String,
    /// Where it comes from.
    pub address: Address,
    /// Its header `Authorization`, until the client has introduced itself.
    pub authorization: Option<String>,
}

/// One socket.
pub struct Session<'s> {
    shared: Arc<Shared>,
    socket: &'s mut WebSocket,
    known: Known,
    open: &'s observe::Socket,
    state: State,
    operations: HashMap<String, Running>,
    /// How many there have been.
    serial: u64,
    sender: mpsc::Sender<Event>,
    events: mpsc::Receiver<Event>,
    /// Read-locked by each subscription until it listens.
    beginning: Arc<RwLock<()>>,
    /// The answer to a ping, which waits until what came before it has begun: a client that has it misses nothing.
    pong: Option<String>,
    heard: Instant,
    pinged: Instant,
    drain: Drain,
    /// The server stops: until when operations may go on.
    leaving: Option<Instant>,
}

impl<'s> Session<'s> {
    /// A socket that was just opened.
    pub fn new(shared: Arc<Shared>, socket: &'s mut WebSocket, known: Known, open: &'s observe::Socket) -> Self {
        // Each operation has room for one event, and nobody else has any.
        let (sender, events) = mpsc::channel(0);
        let now = Instant::now();
        Self {
            drain: shared.drain.clone(),
            shared,
            socket,
            known,
            open,
            state: State::Silent { until: now + INITIALISATION },
            operations: HashMap::new(),
            serial: 0,
            sender,
            events,
            beginning: Arc::default(),
            pong: None,
            heard: now,
            pinged: now,
            leaving: None,
        }
    }

    /// Until the end.
    pub async fn serve(mut self) -> End {
        loop {
            if let Err(end) = self.turn().await {
                return end;
            }
        }
    }

    /// Whatever comes next.
    async fn turn(&mut self) -> Result<(), End> {
        let alarm = self.alarm();
        tokio::select! {
            message = self.socket.recv(), if self.pong.is_none() => self.hear(message).await,
            Some(event) = self.events.next() => self.pass_on(event).await,
            () = all_begun(&self.beginning), if self.pong.is_some() => self.answer_ping().await,
            until = self.drain.begun(), if self.leaving.is_none() => self.leave(until),
            () = self.state.over() => Err(Close::SESSION_ENDED.into()),
            () = sleep_until(alarm) => self.watch().await,
        }
    }

    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        let message = match message {
            None | Some(Ok(Message::Close(_))) => return Err(End::LeaveReason),
            Some(Err(error)) => return Err(Close::unreadable(error).map_or(End::Lost, End::Close)),
            Some(Ok(message)) => message,
        };
        self.heard = Instant::now();
        match message {
            // Boxed, as whatever else is rare: a socket that waits is to be small.
            Message::Text(text) => Box::pin(self.take(ClientMessage::parse(&text)?)).await,
            Message::Binary(_) => Err(Close::malformed("Messages must be text").into()),
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => Ok(()),
        }
    }

    async fn take(&mut self, message: ClientMessage) -> Result<(), End> {
        match message {
            ClientMessage::ConnectionInit(payload) => self.introduce(&payload).await,
            ClientMessage::Subscribe { id, parameters } => self.subscribe(id, parameters).await,
            ClientMessage::Complete { id } => {
                self.operations.remove(&id);
                Ok(())
            }
            ClientMessage::Ping(payload) => {
                self.pong = Some(ServerMessage::Pong { payload }.text());
                Ok(())
            }
            ClientMessage::Pong => Ok(()),
        }
    }

    async fn introduce(&mut self, payload: &Map<String, Value>) -> Result<(), End> {
        if let State::Known { .. } = self.state {
            return Err(Close::TOO_MANY_INITIALISATIONS.into());
        }
        let database = &self.shared.app.database;
        let of_handshake = self.known.authorization.take();
        let authorization = authorization_of(payload)?.or(of_handshake.as_deref());
        let credentials = authorization::credentials(&self.shared.app.tokens, &database.clock, authorization)
            .inspect_err(|failure| self.open.refused(failure.into()))
            .map_err(|_| Close::FORBIDDEN)?;
        let mut entered = None;
        let until = match &credentials {
            Credentials::Anonymous => None,
            Credentials::Bearer(claims) => {
                let tx = database.read(&credentials).await.map_err(|failure| match failure {
                    Error::Unauthenticated(_) => Close::SESSION_ENDED,
                    _ => Close::TRY_AGAIN,
                })?;
                entered = tx
                    .viewer
                    .organization()
                    .map(|organization| self.shared.sessions.enter(claims.session, organization));
                let left = claims.exp.saturating_sub(database.clock.now().timestamp()).clamp(0, FOREVER);
                Some(Instant::now() + Duration::from_secs(left.unsigned_abs()))
            }
        };
        self.state = State::Known { credentials, until, entered };
        self.send(ServerMessage::ConnectionAck.text()).await
    }

    async fn subscribe(&mut self, id: String, parameters: Parameters) -> Result<(), End> {
        let State::Known { credentials, .. } = &self.state else { return Err(Close::UNAUTHORIZED.into()) };
        if self.operations.contains_key(&id) {
            return Err(Close::duplicate(&id).into());
        }
        if self.leaving.is_some() {
            // It will be asked again elsewhere, in a moment.
            return Ok(());
        }
        self.serial += 1;
        let request_id = format!("{}-{}", self.known.request_id, self.serial);
        let may_explore = self.shared.may_explore(credentials);
        let caller = Caller {
            credentials: credentials.clone(),
            request_id,
            address: self.known.address,
            may_explore,
            idempotency_key: None,
        };
        let subject = Subject::of(credentials, self.known.address);
        let sender = Sender::new(id.clone(), self.serial, &caller, self.sender.clone());
        match self.prepare(parameters, caller) {
            Ok(operation) => {
                let running = sender.run(&self.shared, operation);
                self.operations.insert(id, running);
                Ok(())
            }
            Err(error) => {
                let (code, message) = sender.refusal(error, &self.shared, &subject).await;
                if let Some(code) = code {
                    self.open.refused(code);
                }
                self.send(message).await
            }
        }
    }

    fn prepare(&self, parameters: Parameters, caller: Caller) -> Result<Operation, async_graphql::ServerError> {
        if self.operations.len() >= MAX_OPERATIONS {
            let message = format!("This socket runs {MAX_OPERATIONS} operations, which is all that it may run.");
            return Err(request_error(Code::TooManyOperations, message));
        }
        let operation = Operation::prepare(&self.shared.documents, parameters, caller)?;
        // No write lock is waited for: while a ping is, no message is read.
        let gate = self.beginning.clone().try_read_owned().ok();
        Ok(if operation.kind() == OperationType::Subscription { operation.holding(gate) } else { operation })
    }

    /// Sends what an operation says, if it was not ended meanwhile.
    async fn pass_on(&mut self, Event { id, serial, news }: Event) -> Result<(), End> {
        if self.operations.get(&id).is_none_or(|running| running.serial != serial) {
            return Ok(());
        }
        match news {
            News::Next(message) => return self.send(message).await,
            News::Refused(message) => {
                self.operations.remove(&id);
                self.send(message).await?;
            }
            News::Complete => {
                self.operations.remove(&id);
                self.send(ServerMessage::Complete { id: &id }.text()).await?;
            }
            News::Unauthenticated => return Err(Close::SESSION_ENDED.into()),
            News::FallenBehind => return Err(Close::FALLEN_BEHIND.into()),
        }
        self.leave_if_idle()
    }

    async fn answer_ping(&mut self) -> Result<(), End> {
        let Some(pong) = self.pong.take() else { return Ok(()) };
        self.send(pong).await
    }

    /// The server stops. Queries and mutations end by themselves; subscriptions go on elsewhere.
    fn leave(&mut self, until: Instant) -> Result<(), End> {
        self.leaving = Some(until);
        self.operations.retain(|_, running| running.kind != OperationType::Subscription);
        self.leave_if_idle()
    }

    fn leave_if_idle(&self) -> Result<(), End> {
        if self.leaving.is_some() && self.operations.is_empty() { Err(Close::RESTART.into()) } else { Ok(()) }
    }

    /// When something is due.
    fn alarm(&self) -> Instant {
        let state = match &self.state {
            State::Silent { until } => Some(*until),
            State::Known { until, .. } => *until,
        };
        let own = [self.pinged + self.shared.keepalive, self.heard + self.patience()];
        own.into_iter().chain(state).chain(self.leaving).min().unwrap_or(self.pinged)
    }

    async fn watch(&mut self) -> Result<(), End> {
        let now = Instant::now();
        match &self.state {
            State::Silent { until } if *until <= now => return Err(Close::INITIALISATION_TIMEOUT.into()),
            State::Known { until: Some(until), .. } if *until <= now => return Err(Close::TOKEN_EXPIRED.into()),
            State::Silent { .. } | State::Known { .. } => {}
        }
        if self.leaving.is_some_and(|until| until <= now) {
            return Err(Close::RESTART.into());
        }
        if self.heard + self.patience() <= now {
            return Err(End::Lost);
        }
        if self.pinged + self.shared.keepalive <= now {
            self.pinged = now;
            return self.write(Message::Ping(Bytes::new())).await;
        }
        Ok(())
    }

    /// How long a client may say nothing, and how long it may take to read what it is sent.
    fn patience(&self) -> Duration {
        self.shared.keepalive * 2
    }

    async fn send(&mut self, text: String) -> Result<(), End> {
        self.write(Message::text(text)).await
    }

    /// Meanwhile nothing else of this socket happens, so it must not take for ever.
    async fn write(&mut self, message: Message) -> Result<(), End> {
        match timeout(self.patience(), self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Lost),
        }
    }
}

async fn all_begun(beginning: &RwLock<()>) {
    drop(beginning.write().await);
}

/// Browsers cannot set headers on a WebSocket: the token is in the payload of `connection_init`.
fn authorization_of(payload: &Map<String, Value>) -> Result<Option<&str>, Close> {
    match payload.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization")) {
        None | Some((_, Value::Null)) => Ok(None),
        Some((_, Value::String(text))) => Ok(Some(text)),
        Some(_) => Err(Close::FORBIDDEN),
    }
}

/// Returns the header `Authorization` of a handshake. It is checked with `connection_init`, and not here: several are
/// joined to one, which is not a token.
pub fn authorization(headers: &HeaderMap) -> Option<String> {
    let values: Vec<_> = headers.get_all(header::AUTHORIZATION).iter().map(HeaderValue::as_bytes).collect();
    (!values.is_empty()).then(|| String::from_utf8_lossy(&values.join(&b", "[..])).into_owned())
}
