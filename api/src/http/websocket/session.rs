//! One socket from its first message to its last. A single task reads, writes and handles timeouts.

use super::{
    protocol::{ClientMessage, Close, End, ServerMessage},
    running::Running,
    sender::{Content, OperationMessage, Sender},
    sessions::RegisteredSocket,
    token::{authorization_of, expiry, expiry_notice, unaccepted, warning},
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
use axum::extract::ws::{Message, WebSocket};
use bytes::Bytes;
use dossier_core::{credentials::Credentials, error::Error};
use futures::{StreamExt, channel::mpsc};
use serde_json::{Map, Value};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::{
    sync::RwLock,
    time::{Instant, sleep_until, timeout},
};

/// The maximum time until `connection_init`.
const INITIALISATION: Duration = Duration::from_secs(5);

/// The maximum number of simultaneous operations on a socket.
const MAX_OPERATIONS: usize = 50;

/// Whether the client has sent `connection_init`.
enum State {
    /// The client has not sent it, and must send it before this time.
    Uninitialized { until: Instant },
    /// The client has sent it, and its token expires at this time.
    Initialized { credentials: Credentials, until: Option<Instant>, registered: Option<RegisteredSocket> },
}

impl State {
    /// Waits until the session of the token has ended.
    async fn session_ended(&mut self) {
        match self {
            Self::Initialized { registered: Some(registered), .. } => registered.session_ended().await,
            Self::Initialized { .. } | Self::Uninitialized { .. } => std::future::pending().await,
        }
    }
}

/// The data from the handshake.
pub struct Handshake {
    /// The request id in logs and errors.
    pub request_id: String,
    /// The address of the client.
    pub address: Address,
    /// The header `Authorization`, until `connection_init`.
    pub authorization: Option<String>,
    /// The header `User-Agent`.
    pub user_agent: Option<String>,
}

/// One socket.
pub struct Session<'s> {
    shared: Arc<Shared>,
    socket: &'s mut WebSocket,
    handshake: Handshake,
    open: &'s observe::Socket,
    state: State,
    operations: HashMap<String, Running>,
    /// The number of operations until now.
    serial: u64,
    sender: mpsc::Sender<OperationMessage>,
    messages: mpsc::Receiver<OperationMessage>,
    /// Read-locked by each subscription until it has begun.
    beginning: Arc<RwLock<()>>,
    /// When the client is warned that its token expires. `None` without a token, and after the warning.
    warning: Option<Instant>,
    /// The answer to a ping. It is sent when all earlier subscriptions have begun, so that a client with the answer
    /// misses nothing.
    pong: Option<String>,
    last_received: Instant,
    last_ping: Instant,
    drain: Drain,
    /// Set when the server stops: the deadline for operations.
    draining: Option<Instant>,
}

impl<'s> Session<'s> {
    /// Creates the session of a new socket.
    pub fn new(
        shared: Arc<Shared>,
        socket: &'s mut WebSocket,
        handshake: Handshake,
        open: &'s observe::Socket,
    ) -> Self {
        // A channel of size 0 has room for one message of each sender.
        let (sender, messages) = mpsc::channel(0);
        let now = Instant::now();
        Self {
            drain: shared.drain.clone(),
            shared,
            socket,
            handshake,
            open,
            state: State::Uninitialized { until: now + INITIALISATION },
            operations: HashMap::new(),
            serial: 0,
            sender,
            messages,
            beginning: Arc::default(),
            warning: None,
            pong: None,
            last_received: now,
            last_ping: now,
            draining: None,
        }
    }

    /// Runs until the socket ends.
    pub async fn serve(mut self) -> End {
        loop {
            if let Err(end) = self.step().await {
                return end;
            }
        }
    }

    /// Handles whatever comes next.
    async fn step(&mut self) -> Result<(), End> {
        let next_timeout = self.next_timeout();
        tokio::select! {
            message = self.socket.recv(), if self.pong.is_none() => self.receive(message).await,
            Some(message) = self.messages.next() => self.pass_on(message).await,
            () = all_begun(&self.beginning), if self.pong.is_some() => self.answer_ping().await,
            until = self.drain.started(), if self.draining.is_none() => self.start_draining(until),
            () = self.state.session_ended() => Err(Close::SESSION_ENDED.into()),
            () = sleep_until(next_timeout) => self.handle_timeouts().await,
        }
    }

    async fn receive(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        let message = match message {
            None | Some(Ok(Message::Close(_))) => return Err(End::ClosedByClient),
            Some(Err(error)) => return Err(Close::unreadable(error).map_or(End::Lost, End::Close)),
            Some(Ok(message)) => message,
        };
        self.last_received = Instant::now();
        match message {
            // Boxed, as all rare cases, because a waiting socket should be small.
            Message::Text(text) => Box::pin(self.handle(ClientMessage::parse(&text)?)).await,
            Message::Binary(_) => Err(Close::malformed("Messages must be text").into()),
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => Ok(()),
        }
    }

    async fn handle(&mut self, message: ClientMessage) -> Result<(), End> {
        match message {
            ClientMessage::ConnectionInit(payload) => self.initialize(&payload).await,
            ClientMessage::Subscribe { id, parameters } => self.subscribe(id, parameters).await,
            ClientMessage::Complete { id } => {
                self.operations.remove(&id);
                Ok(())
            }
            ClientMessage::Ping(payload) => {
                let payload = match payload {
                    Some(payload) => Some(self.renew(payload).await?),
                    None => None,
                };
                self.pong = Some(ServerMessage::Pong { payload }.text());
                Ok(())
            }
            ClientMessage::Pong => Ok(()),
        }
    }

    async fn initialize(&mut self, payload: &Map<String, Value>) -> Result<(), End> {
        if let State::Initialized { .. } = self.state {
            return Err(Close::TOO_MANY_INITIALISATIONS.into());
        }
        let database = &self.shared.app.database;
        let from_handshake = self.handshake.authorization.take();
        let authorization = authorization_of(payload)?.or(from_handshake.as_deref());
        let credentials = authorization::credentials(&self.shared.app, authorization, self.handshake.address)
            .await
            .inspect_err(|failure| self.open.refused(failure.into()))
            .map_err(|failure| unaccepted(&failure))?;
        let mut registered = None;
        let until = expiry(&credentials, database.clock.now());
        match &credentials {
            Credentials::Anonymous => {}
            Credentials::Bearer(claims) => {
                let tx = database.read(&credentials).await.map_err(|failure| match failure {
                    Error::Unauthenticated(_) => Close::SESSION_ENDED,
                    _ => Close::TRY_AGAIN,
                })?;
                registered = tx
                    .viewer
                    .organization()
                    .map(|organization| self.shared.sessions.register(claims.session, organization));
            }
        }
        self.warning = warning(until);
        self.state = State::Initialized { credentials, until, registered };
        self.send(ServerMessage::ConnectionAck.text()).await
    }

    /// Continues with the access token in a ping, if it is of the same session. Returns the payload of the pong. A ping
    /// without a token returns its own payload.
    async fn renew(&mut self, payload: Map<String, Value>) -> Result<Value, End> {
        let Some(authorization) = authorization_of(&payload)? else { return Ok(Value::Object(payload)) };
        let State::Initialized { credentials: Credentials::Bearer(present), until, .. } = &mut self.state else {
            return Err(Close::FORBIDDEN.into());
        };
        let clock = &self.shared.app.database.clock;
        let next = authorization::credentials(&self.shared.app, Some(authorization), self.handshake.address)
            .await
            .inspect_err(|failure| self.open.refused(failure.into()))
            .map_err(|failure| unaccepted(&failure))?;
        match next {
            Credentials::Bearer(claims) if claims.session == present.session => {
                *until = expiry(&Credentials::Bearer(claims.clone()), clock.now());
                *present = claims;
                self.warning = warning(*until);
            }
            Credentials::Bearer(_) | Credentials::Anonymous => return Err(Close::FORBIDDEN.into()),
        }
        Ok(expiry_notice(present.exp))
    }

    async fn subscribe(&mut self, id: String, parameters: Parameters) -> Result<(), End> {
        let State::Initialized { credentials, .. } = &self.state else { return Err(Close::UNAUTHORIZED.into()) };
        if self.operations.contains_key(&id) {
            return Err(Close::duplicate(&id).into());
        }
        if self.draining.is_some() {
            // The client will soon send it to another process.
            return Ok(());
        }
        self.serial += 1;
        let request_id = format!("{}-{}", self.handshake.request_id, self.serial);
        let may_explore = self.shared.may_explore(credentials);
        let caller = Caller {
            credentials: credentials.clone(),
            request_id,
            address: self.handshake.address,
            may_explore,
            user_agent: self.handshake.user_agent.clone(),
            browser: None,
            idempotency_key: None,
            client_mutation_id: None,
        };
        let subject = Subject::of(credentials, self.handshake.address);
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
            let message = format!("This socket already runs {MAX_OPERATIONS} operations, which is the limit.");
            return Err(request_error(Code::TooManyOperations, message));
        }
        let operation = Operation::prepare(&self.shared.documents, parameters, caller)?;
        // No write lock can be pending here, because no message is read while a ping waits.
        let gate = self.beginning.clone().try_read_owned().ok();
        Ok(if operation.kind() == OperationType::Subscription { operation.holding(gate) } else { operation })
    }

    /// Sends the message of an operation, unless the operation has ended.
    async fn pass_on(&mut self, OperationMessage { id, serial, content }: OperationMessage) -> Result<(), End> {
        if self.operations.get(&id).is_none_or(|running| running.serial != serial) {
            return Ok(());
        }
        match content {
            Content::Next(message) => return self.send(message).await,
            Content::Refused(message) => {
                self.operations.remove(&id);
                self.send(message).await?;
            }
            Content::Complete => {
                self.operations.remove(&id);
                self.send(ServerMessage::Complete { id: &id }.text()).await?;
            }
            Content::Unauthenticated => return Err(Close::SESSION_ENDED.into()),
            Content::FallenBehind => return Err(Close::FALLEN_BEHIND.into()),
        }
        self.close_if_drained()
    }

    async fn answer_ping(&mut self) -> Result<(), End> {
        let Some(pong) = self.pong.take() else { return Ok(()) };
        self.send(pong).await
    }

    /// Reacts to the stop of the server. Queries and mutations complete, and subscriptions end.
    fn start_draining(&mut self, until: Instant) -> Result<(), End> {
        self.draining = Some(until);
        self.operations.retain(|_, running| running.kind != OperationType::Subscription);
        self.close_if_drained()
    }

    fn close_if_drained(&self) -> Result<(), End> {
        if self.draining.is_some() && self.operations.is_empty() { Err(Close::RESTART.into()) } else { Ok(()) }
    }

    /// Returns when the next timeout is due.
    fn next_timeout(&self) -> Instant {
        let state = match &self.state {
            State::Uninitialized { until } => Some(*until),
            State::Initialized { until, .. } => *until,
        };
        let own = [self.last_ping + self.shared.keepalive, self.last_received + self.silence_limit()];
        own.into_iter().chain(state).chain(self.warning).chain(self.draining).min().unwrap_or(self.last_ping)
    }

    async fn handle_timeouts(&mut self) -> Result<(), End> {
        let now = Instant::now();
        match &self.state {
            State::Uninitialized { until } if *until <= now => return Err(Close::INITIALISATION_TIMEOUT.into()),
            State::Initialized { until: Some(until), .. } if *until <= now => return Err(Close::TOKEN_EXPIRED.into()),
            State::Uninitialized { .. } | State::Initialized { .. } => {}
        }
        if self.draining.is_some_and(|until| until <= now) {
            return Err(Close::RESTART.into());
        }
        if self.last_received + self.silence_limit() <= now {
            return Err(End::Lost);
        }
        if self.last_ping + self.shared.keepalive <= now {
            self.last_ping = now;
            return self.write(Message::Ping(Bytes::new())).await;
        }
        self.warn_of_expiry(now).await
    }

    /// Sends a ping with the time at which the token expires.
    async fn warn_of_expiry(&mut self, now: Instant) -> Result<(), End> {
        let State::Initialized { credentials: Credentials::Bearer(claims), .. } = &self.state else { return Ok(()) };
        if self.warning.is_none_or(|warning| now < warning) {
            return Ok(());
        }
        self.warning = None;
        let payload = Some(expiry_notice(claims.exp));
        self.send(ServerMessage::Ping { payload }.text()).await
    }

    /// Returns the maximum time for which a client may be silent, and for which a write may take.
    fn silence_limit(&self) -> Duration {
        self.shared.keepalive * 2
    }

    async fn send(&mut self, text: String) -> Result<(), End> {
        self.write(Message::text(text)).await
    }

    /// The socket does nothing else during a write, so a write must not take forever.
    async fn write(&mut self, message: Message) -> Result<(), End> {
        match timeout(self.silence_limit(), self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Lost),
        }
    }
}

async fn all_begun(beginning: &RwLock<()>) {
    drop(beginning.write().await);
}
