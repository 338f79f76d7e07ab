//! Wakes the subscribers of other processes through Redis: one connection a process (RESP3) publishes and subscribes.
//!
//! Pub/sub loses messages by design, so nothing here is the truth; what must hold is that a loss is noticed. One task
//! keeps the connection. While there is none, it wakes everybody of this process at a steady pace, so that events
//! arrive by looking; once there is one again, it wakes everybody, for nobody knows what was said meanwhile, and tells
//! the others what they were not told. A server starts without Redis, and is merely slower until it comes.

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

/// Begins the name of an organization's channel; the number is the version of what is sent there: who sent it.
const CHANNEL: &str = "dossier:1:events:";

/// The channel of who is there: who sent it, and a sign.
const PRESENCE: &str = "dossier:1:presence";

/// How many signs wait for being sent before further ones are lost.
const SIGNS: usize = 256;

/// How long Redis may take to accept a connection, and to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long a connection may be idle before it is asked whether it still stands: one that ended without a word looks
/// like one on which nothing is said.
const HEARTBEAT: Duration = Duration::from_secs(3);

/// The pause between attempts to connect.
const RECONNECT_AFTER: Duration = Duration::from_secs(1);

/// How often everybody looks while there is no connection.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// This process's part in what all processes tell each other.
#[derive(Clone)]
pub(super) struct Relay {
    link: Arc<Link>,
    _keeper: Arc<Keeper>,
}

/// Ends the task when the last relay is gone.
struct Keeper(AbortHandle);

impl Drop for Keeper {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Relay {
    /// Begins to connect, and from then on passes wake-ups of other processes on to `local`. Fails on a URL that can
    /// not work.
    pub(super) fn start(url: &str, local: Local) -> Result<Self, RedisError> {
        let info = url.into_connection_info()?;
        let resp3 = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        let client = Client::open(info.set_redis_settings(resp3))?;
        let link = Arc::new(Link::new(local)?);
        let kept = link.clone();
        let keeper = tokio::spawn(async move { tokio::join!(kept.keep(&client), kept.look()) });
        Ok(Self { link, _keeper: Arc::new(Keeper(keeper.abort_handle())) })
    }

    /// Tells the other processes, as soon as there is a connection.
    pub(super) fn publish(&self, organization: Uuid) {
        self.link.untold().insert(organization);
        self.link.news.notify_one();
    }

    /// Tells the other processes who is there, if it can be told now.
    pub(super) fn show(&self, sign: &Sign) {
        let Ok(text) = serde_json::to_string(&(&self.link.process, sign)) else { return };
        let mut signs = lock(&self.link.signs);
        if self.is_up() && signs.len() < SIGNS {
            signs.push(text);
            self.link.news.notify_one();
        }
    }

    /// Whether there is a connection, as far as is known.
    pub(super) fn is_up(&self) -> bool {
        self.link.up.load(Ordering::Relaxed)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Link {
    /// Signs this process's messages, which it need not hear.
    process: String,
    local: Local,
    up: AtomicBool,
    /// Whose events the others were not told of yet. A set: one wake-up is enough for any number of events.
    untold: Mutex<HashSet<Uuid>>,
    /// Signs that the others were not told of yet; they are lost with the connection.
    signs: Mutex<Vec<String>>,
    news: Notify,
}

impl Link {
    fn new(local: Local) -> Result<Self, RedisError> {
        let process = dossier_core::secret::random_text(12)
            .map_err(|error| RedisError::from((ErrorKind::Client, "no random bytes", error.to_string())))?;
        let (up, untold, signs, news) = Default::default();
        Ok(Self { process, local, up, untold, signs, news })
    }

    fn untold(&self) -> MutexGuard<'_, HashSet<Uuid>> {
        lock(&self.untold)
    }

    /// Keeps a connection; whatever ends one, the next is tried.
    async fn keep(self: &Arc<Self>, client: &Client) {
        let mut said = false;
        loop {
            let Err(error) = self.serve(client).await;
            // Said once, not with every attempt.
            if self.up.swap(false, Ordering::Relaxed) || !said {
                tracing::warn!(%error, "Redis is away; events arrive later, by looking, until it is back");
                said = true;
            }
            sleep(RECONNECT_AFTER).await;
        }
    }

    /// One connection's life.
    async fn serve(self: &Arc<Self>, client: &Client) -> Result<Infallible, RedisError> {
        let ended = Arc::new(Notify::new());
        let mut connection = self.connect(client, ended.clone()).await?;
        self.up.store(true, Ordering::Relaxed);
        tracing::info!("Redis carries wake-ups between the processes");
        self.local.wake_all();
        loop {
            self.tell(&mut connection).await?;
            tokio::select! {
                () = self.news.notified() => {}
                () = ended.notified() => return Err((ErrorKind::Io, "the connection has ended").into()),
                () = sleep(HEARTBEAT) => connection.ping::<()>().await?,
            }
        }
    }

    /// Connects and listens to all organizations.
    async fn connect(
        self: &Arc<Self>,
        client: &Client,
        ended: Arc<Notify>,
    ) -> Result<MultiplexedConnection, RedisError> {
        let link = self.clone();
        let hear = move |push: PushInfo| {
            match push.kind {
                PushKind::Disconnection => ended.notify_one(),
                PushKind::PMessage => link.hear(&push.data),
                PushKind::Message => link.hear_sign(&push.data),
                _ => {}
            }
            Ok::<(), Infallible>(())
        };
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_push_sender(hear);
        let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
        connection.psubscribe(format!("{CHANNEL}*")).await?;
        connection.subscribe(PRESENCE).await?;
        Ok(connection)
    }

    /// A message has come: pattern, channel, and the process that sent it.
    fn hear(&self, message: &[Value]) {
        let [_, Value::BulkString(channel), Value::BulkString(process)] = message else { return };
        let organization = str::from_utf8(channel).ok().and_then(|channel| channel.strip_prefix(CHANNEL));
        let Some(organization) = organization.and_then(|id| Uuid::try_parse(id).ok()) else { return };
        if *process != self.process.as_bytes() {
            self.local.wake(organization);
        }
    }

    /// A sign has come: channel, and who sent it with what.
    fn hear_sign(&self, message: &[Value]) {
        let [_, Value::BulkString(text)] = message else { return };
        let Ok((process, sign)) = serde_json::from_slice::<(String, Sign)>(text) else { return };
        if process != self.process {
            self.local.show(sign);
        }
    }

    /// Tells the others what they were not told; what fails is told over the next connection.
    async fn tell(&self, connection: &mut MultiplexedConnection) -> Result<(), RedisError> {
        let untold = mem::take(&mut *self.untold());
        let signs = mem::take(&mut *lock(&self.signs));
        if untold.is_empty() && signs.is_empty() {
            return Ok(());
        }
        let mut pipe = redis::pipe();
        for organization in &untold {
            pipe.publish(format!("{CHANNEL}{}", organization.simple()), &self.process).ignore();
        }
        for sign in &signs {
            pipe.publish(PRESENCE, sign).ignore();
        }
        let content = pipe.query_async::<()>(connection).await;
        if content.is_err() {
            self.untold().extend(untold);
        }
        content
    }

    /// Wakes everybody at a steady pace while there is no connection: once for the whole process, whatever hangs on it.
    async fn look(&self) {
        let mut pace = interval(LOOK_EVERY);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            pace.tick().await;
            if !self.up.load(Ordering::Relaxed) {
                self.local.wake_all();
            }
        }
    }
}
