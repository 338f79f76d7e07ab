//! The debts that all processes share in Redis. They have a connection of their own, because the connection of events
//! must not delay them.
//!
//! A limit must not cause failures. While Redis is unavailable, or slower than [`MAX_WAIT`], each process counts alone.

use redis::{AsyncConnectionConfig, Client, FromRedisValue, Pipeline, RedisError, Script, aio::MultiplexedConnection};
use std::{
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::Notify,
    task::AbortHandle,
    time::{sleep, timeout},
};

/// The maximum time for an answer of Redis. A caller waits for it before every operation.
const MAX_WAIT: Duration = Duration::from_millis(250);

/// The maximum time for connecting to Redis. No caller waits for it.
const CONNECTS_WITHIN: Duration = Duration::from_secs(3);

/// The pause between attempts to connect.
const RECONNECT_AFTER: Duration = Duration::from_secs(1);

/// The interval of tests of an idle connection.
const HEARTBEAT: Duration = Duration::from_secs(3);

/// The debts in Redis.
pub struct Shared {
    link: Arc<Link>,
    charge: Script,
    keeper: AbortHandle,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

#[derive(Default)]
struct Link {
    connection: Mutex<Option<MultiplexedConnection>>,
    lost: Notify,
}

impl Shared {
    /// Starts to connect. Fails if the URL is not valid.
    pub fn start(url: &str) -> Result<Self, RedisError> {
        let client = Client::open(url)?;
        let link = Arc::new(Link::default());
        let kept = link.clone();
        let keeper = tokio::spawn(async move { kept.keep(&client).await }).abort_handle();
        Ok(Self { link, charge: Script::new(include_str!("charge.lua")), keeper })
    }

    /// Does the same as [`super::memory::Memory::charge`]. `None` while Redis does not answer.
    pub async fn charge(&self, keys: &[String], prices: &[u64], period: u64, used: bool) -> Option<(bool, Vec<u64>)> {
        let mut connection = self.link.connection()?;
        let mut call = self.charge.prepare_invoke();
        for key in keys {
            call.key(key);
        }
        call.arg(period).arg(u8::from(used)).arg(prices);
        let Ok(Ok(answer)) = timeout(MAX_WAIT, call.invoke_async::<Vec<u64>>(&mut connection)).await else {
            self.link.lose();
            return None;
        };
        answer.split_first().map(|(fits, debts)| (*fits == 1, debts.to_vec()))
    }
}

impl Shared {
    /// Runs commands. `None` while Redis does not answer.
    pub async fn run<T: FromRedisValue>(&self, commands: &Pipeline) -> Option<T> {
        let mut connection = self.link.connection()?;
        let Ok(Ok(answer)) = timeout(MAX_WAIT, commands.query_async(&mut connection)).await else {
            self.link.lose();
            return None;
        };
        Some(answer)
    }
}

impl Link {
    fn connection(&self) -> Option<MultiplexedConnection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, connection: Option<MultiplexedConnection>) {
        *self.connection.lock().unwrap_or_else(PoisonError::into_inner) = connection;
    }

    /// From here on, callers do not wait for this connection.
    fn lose(&self) {
        self.set(None);
        self.lost.notify_one();
    }

    async fn keep(&self, client: &Client) {
        let mut said = false;
        loop {
            let Err(error) = self.serve(client, &mut said).await;
            self.set(None);
            // Logged once, not with every attempt.
            if !said {
                tracing::warn!(%error, "Redis is unavailable; until it is back, each process counts its rate limits \
                                        alone");
                said = true;
            }
            sleep(RECONNECT_AFTER).await;
        }
    }

    /// Runs one connection until it fails.
    async fn serve(&self, client: &Client, said: &mut bool) -> Result<Infallible, RedisError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECTS_WITHIN))
            .set_response_timeout(Some(CONNECTS_WITHIN));
        let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
        redis::cmd("PING").query_async::<()>(&mut connection).await?;
        self.set(Some(connection.clone()));
        *said = false;
        loop {
            tokio::select! {
                () = self.lost.notified() => return Err((redis::ErrorKind::Io, "no answer in time").into()),
                () = sleep(HEARTBEAT) => redis::cmd("PING").query_async::<()>(&mut connection).await?,
            }
        }
    }
}
