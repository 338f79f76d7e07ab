//! Wakes the subscribers of other processes through Redis. One connection per process (RESP3) publishes and subscribes.
//!
//! Pub/sub may lose messages, so nothing here is the source of truth, but each loss must be noticed. One task keeps the
//! connection. Without a connection, it wakes all readers of this process at a fixed interval, so that they find new
//! events. After a reconnection, it wakes all readers, because messages may have been lost, and sends the unsent
//! messages of this process. A server starts without Redis, and is only slower until Redis is available.

use crate::{local::Local, sign::Sign};
use redis::{
    AsyncCommands, AsyncConnectionConfig, Client, ErrorKind, IntoConnectionInfo, ProtocolVersion, PushInfo, PushKind,
    RedisError, Value, aio::MultiplexedConnection,
};
use std::{
    collections::HashSet,
    convert::Infallible,
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::Notify,
    task::AbortHandle,
    time::{MissedTickBehavior, interval, sleep},
};
use uuid::Uuid;

/// The prefix of an organization's channel. The number is the version of the message, which is the id of the sending
/// process.
const CHANNEL: &str = "dossier:1:events:";

/// The channel for presence. A message is the id of the sending process and a sign.
const PRESENCE: &str = "dossier:1:presence";

/// The maximum number of unsent signs. Further ones are lost.
const MAX_SIGNS: usize = 256;

/// The time limit for connecting to Redis, and for its answers.
const TIMEOUT: Duration = Duration::from_secs(3);

/// How long a connection may be idle before it is tested, because a broken connection looks the same as an idle one.
const HEARTBEAT: Duration = Duration::from_secs(3);

/// The pause between attempts to connect.
const RECONNECT_AFTER: Duration = Duration::from_secs(1);

/// How often all readers wake while there is no connection.
const WAKE_EVERY: Duration = Duration::from_secs(2);

/// The relay between this process and the others.
#[derive(Clone)]
pub(super) struct Relay {
    connection: Arc<Connection>,
    _task: Arc<TaskGuard>,
}

/// Ends the task when the last relay is dropped.
struct TaskGuard(AbortHandle);

impl Drop for TaskGuard {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Relay {
    /// Starts to connect. From then on, it passes wake-ups of other processes to `local`. Fails if the URL is invalid.
    pub(super) fn start(url: &str, local: Local) -> Result<Self, RedisError> {
        let info = url.into_connection_info()?;
        let resp3 = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        let client = Client::open(info.set_redis_settings(resp3))?;
        let connection = Arc::new(Connection::new(local)?);
        let shared = connection.clone();
        let task = tokio::spawn(async move { tokio::join!(shared.run(&client), shared.wake_periodically()) });
        Ok(Self { connection, _task: Arc::new(TaskGuard(task.abort_handle())) })
    }

    /// Wakes the other processes, as soon as there is a connection.
    pub(super) fn publish(&self, organization: Uuid) {
        self.connection.unsent().insert(organization);
        self.connection.pending.notify_one();
    }

    /// Sends a sign of presence to the other processes, if there is a connection.
    pub(super) fn show(&self, sign: &Sign) {
        let Ok(text) = serde_json::to_string(&(&self.connection.process, sign)) else { return };
        let mut signs = lock(&self.connection.signs);
        if self.is_up() && signs.len() < MAX_SIGNS {
            signs.push(text);
            self.connection.pending.notify_one();
        }
    }

    /// Returns whether there is a connection, as far as is known.
    pub(super) fn is_up(&self) -> bool {
        self.connection.up.load(Ordering::Relaxed)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Connection {
    /// The id of this process in its messages, so that it can ignore its own.
    process: String,
    local: Local,
    up: AtomicBool,
    /// The organizations of which the others were not woken yet. It is a set, because one wake-up is enough for any
    /// number of events.
    unsent: Mutex<HashSet<Uuid>>,
    /// The unsent signs. They are lost with the connection.
    signs: Mutex<Vec<String>>,
    pending: Notify,
}

impl Connection {
    fn new(local: Local) -> Result<Self, RedisError> {
        let process = dossier_core::secret::random_text(12)
            .map_err(|error| RedisError::from((ErrorKind::Client, "no random bytes", error.to_string())))?;
        let (up, unsent, signs, pending) = Default::default();
        Ok(Self { process, local, up, unsent, signs, pending })
    }

    fn unsent(&self) -> MutexGuard<'_, HashSet<Uuid>> {
        lock(&self.unsent)
    }

    /// Keeps a connection open. After any failure, it connects again.
    async fn run(self: &Arc<Self>, client: &Client) {
        let mut is_logged = false;
        loop {
            let Err(error) = self.serve(client).await;
            // Logged once, and not for each attempt.
            if self.up.swap(false, Ordering::Relaxed) || !is_logged {
                tracing::warn!(%error, "Redis is away; events arrive later, by looking, until it is back");
                is_logged = true;
            }
            sleep(RECONNECT_AFTER).await;
        }
    }

    /// Serves one connection until it ends.
    async fn serve(self: &Arc<Self>, client: &Client) -> Result<Infallible, RedisError> {
        let ended = Arc::new(Notify::new());
        let mut connection = self.connect(client, ended.clone()).await?;
        self.up.store(true, Ordering::Relaxed);
        tracing::info!("Redis carries wake-ups between the processes");
        self.local.wake_all();
        loop {
            self.send_unsent(&mut connection).await?;
            tokio::select! {
                () = self.pending.notified() => {}
                () = ended.notified() => return Err((ErrorKind::Io, "the connection has ended").into()),
                () = sleep(HEARTBEAT) => connection.ping::<()>().await?,
            }
        }
    }

    /// Connects, and subscribes to all organizations.
    async fn connect(
        self: &Arc<Self>,
        client: &Client,
        ended: Arc<Notify>,
    ) -> Result<MultiplexedConnection, RedisError> {
        let this = self.clone();
        let handle_push = move |push: PushInfo| {
            match push.kind {
                PushKind::Disconnection => ended.notify_one(),
                PushKind::PMessage => this.handle_wakeup(&push.data),
                PushKind::Message => this.handle_sign(&push.data),
                _ => {}
            }
            Ok::<(), Infallible>(())
        };
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT))
            .set_push_sender(handle_push);
        let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
        connection.psubscribe(format!("{CHANNEL}*")).await?;
        connection.subscribe(PRESENCE).await?;
        Ok(connection)
    }

    /// Handles a wake-up: pattern, channel, and the id of the sending process.
    fn handle_wakeup(&self, message: &[Value]) {
        let [_, Value::BulkString(channel), Value::BulkString(process)] = message else { return };
        let organization = str::from_utf8(channel).ok().and_then(|channel| channel.strip_prefix(CHANNEL));
        let Some(organization) = organization.and_then(|id| Uuid::try_parse(id).ok()) else { return };
        if *process != self.process.as_bytes() {
            self.local.wake(organization);
        }
    }

    /// Handles a sign: channel, and a message with the id of the sending process.
    fn handle_sign(&self, message: &[Value]) {
        let [_, Value::BulkString(text)] = message else { return };
        let Ok((process, sign)) = serde_json::from_slice::<(String, Sign)>(text) else { return };
        if process != self.process {
            self.local.show(sign);
        }
    }

    /// Sends the unsent messages. Failed ones are sent over the next connection.
    async fn send_unsent(&self, connection: &mut MultiplexedConnection) -> Result<(), RedisError> {
        let unsent = mem::take(&mut *self.unsent());
        let signs = mem::take(&mut *lock(&self.signs));
        if unsent.is_empty() && signs.is_empty() {
            return Ok(());
        }
        let mut pipe = redis::pipe();
        for organization in &unsent {
            pipe.publish(format!("{CHANNEL}{}", organization.simple()), &self.process).ignore();
        }
        for sign in &signs {
            pipe.publish(PRESENCE, sign).ignore();
        }
        let content = pipe.query_async::<()>(connection).await;
        if content.is_err() {
            self.unsent().extend(unsent);
        }
        content
    }

    /// Wakes all readers at a fixed interval while there is no connection: once for the process, for any number of
    /// readers.
    async fn wake_periodically(&self) {
        let mut pace = interval(WAKE_EVERY);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            pace.tick().await;
            if !self.up.load(Ordering::Relaxed) {
                self.local.wake_all();
            }
        }
    }
}
