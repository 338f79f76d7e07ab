//! Connections to `PostgreSQL`.
//!
//! Other pools ping each connection before they lend it, and end a transaction before they take it back. Each is a
//! round trip without need. The start of a transaction replaces a dead connection anyway. A transaction that only read
//! is ended in the message that begins the next one.

use super::connections::Connections;
use futures::FutureExt;
use sea_orm::{
    ConnAcquireErr, DbErr, RuntimeErr,
    sqlx::{self, ConnectOptions, Connection as _, PgConnection, PgPool, postgres::PgConnectOptions},
};
use std::{
    mem::take,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    task::unconstrained,
    time::{sleep, timeout},
};

/// How long a finished transaction may wait for the next one, whose first message ends it.
const END_AFTER: Duration = Duration::from_millis(5);

/// The maximum age of a connection, or a little more. Closing it frees what it keeps of each statement.
const LIFETIME: Duration = Duration::from_mins(30);

/// How long an unused connection stays open.
const IDLE: Duration = Duration::from_mins(10);

/// How often connections are checked for age and use.
const CHECK_INTERVAL: Duration = Duration::from_mins(1);

/// The pause before a new attempt to connect to a database that is starting or full.
const RETRY_AFTER: Duration = Duration::from_millis(100);

/// A pool of connections that opens them on demand. It lends the last used one first, because that one has prepared
/// most of the statements. Cheap to clone.
#[derive(Clone)]
pub struct Pool(Arc<Shared>);

struct Shared {
    options: PgConnectOptions,
    max: usize,
    permits: Arc<Semaphore>,
    /// The time limit for a free connection.
    wait: Duration,
    free: Mutex<Vec<IdleConnection>>,
    /// Signals that a transaction is over.
    over: mpsc::Sender<()>,
}

/// A connection that nobody uses.
struct IdleConnection {
    pooled: PooledConnection,
    idle_since: Instant,
}

struct PooledConnection {
    wire: PgConnection,
    opened: Instant,
    /// Whether it has a finished transaction that the database has not ended yet.
    over: bool,
}

/// A borrowed connection. Dropping it closes it.
pub(super) struct Connection {
    pooled: PooledConnection,
    _permit: OwnedSemaphorePermit,
}

impl Connection {
    /// Returns the text with which the next message must begin.
    pub(super) fn ending(&mut self) -> &'static str {
        if take(&mut self.pooled.over) { "ROLLBACK; " } else { "" }
    }

    pub(super) fn wire(&mut self) -> &mut PgConnection {
        &mut self.pooled.wire
    }
}

impl Pool {
    /// Creates a pool with the options and the size of `other`.
    pub(super) fn like(other: &PgPool) -> Self {
        let options = other.options();
        let max = usize::try_from(options.get_max_connections()).unwrap_or(Semaphore::MAX_PERMITS);
        let (over, finished) = mpsc::channel(1);
        let shared = Arc::new(Shared {
            options: PgConnectOptions::clone(&other.connect_options()),
            max,
            permits: Arc::new(Semaphore::new(max)),
            wait: options.get_acquire_timeout(),
            free: Mutex::default(),
            over,
        });
        tokio::spawn(end_transactions(Arc::downgrade(&shared), finished));
        tokio::spawn(close_stale(Arc::downgrade(&shared)));
        Self(shared)
    }

    /// Returns the current numbers of connections.
    pub(super) fn connections(&self) -> Connections {
        let Shared { max, permits, .. } = &*self.0;
        let idle = self.0.free().len();
        Connections { open: max - permits.available_permits() + idle, idle, most: *max }
    }

    pub(super) async fn lend(&self) -> Result<Connection, DbErr> {
        match timeout(self.0.wait, self.wait()).await {
            Ok(lent) => lent.map_err(|error| DbErr::Conn(cause(error))),
            Err(_) => Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)),
        }
    }

    async fn wait(&self) -> Result<Connection, sqlx::Error> {
        let permit = self.0.permits.clone().acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?;
        let free = self.0.free().pop();
        let pooled = match free {
            Some(free) => free.pooled,
            // Boxed, because each caller that waits for a connection holds room for this future.
            None => Box::pin(self.open()).await?,
        };
        Ok(Connection { pooled, _permit: permit })
    }

    async fn open(&self) -> Result<PooledConnection, sqlx::Error> {
        loop {
            match self.aside().await {
                Ok(wire) => return Ok(PooledConnection { wire, opened: Instant::now(), over: false }),
                Err(error) if is_temporary(&error) => sleep(RETRY_AFTER).await,
                Err(error) => return Err(error),
            }
        }
    }

    /// Opens a connection outside of the pool, which may have none left.
    pub(super) async fn aside(&self) -> Result<PgConnection, sqlx::Error> {
        self.0.options.connect().await
    }

    /// Returns the connection to the pool.
    pub(super) fn take_back(&self, connection: Connection) {
        // The permit is dropped last, so that the next caller finds this connection.
        let Connection { pooled, _permit } = connection;
        self.0.free().push(IdleConnection { pooled, idle_since: Instant::now() });
    }

    /// Returns the connection to the pool, with a finished transaction that has only read.
    pub(super) fn take_back_open(&self, mut connection: Connection) {
        connection.pooled.over = true;
        self.take_back(connection);
        // If the channel is full, the receiver has been signalled already.
        let _ = self.0.over.try_send(());
    }
}

impl Shared {
    fn free(&self) -> MutexGuard<'_, Vec<IdleConnection>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends finished transactions of unused connections. Returns whether others are left.
    fn end_transactions(&self) -> bool {
        let mut others = false;
        self.free().retain_mut(|IdleConnection { pooled, idle_since }| {
            if !pooled.over || idle_since.elapsed() < END_AFTER {
                others |= pooled.over;
                return true;
            }
            pooled.over = false;
            roll_back_soon(&mut pooled.wire)
        });
        others
    }
}

/// Sends the end of a transaction without waiting for the answer. That is possible while nothing else is being sent:
/// the next user of the connection reads this answer before their own. Returns whether the connection is usable.
pub(super) fn roll_back_soon(wire: &mut PgConnection) -> bool {
    let sent = unconstrained(sqlx::raw_sql("ROLLBACK").execute(wire)).now_or_never();
    !matches!(sent, Some(Err(_)))
}

/// Ends finished transactions that no other has followed, for as long as the pool exists.
async fn end_transactions(pool: Weak<Shared>, mut finished: mpsc::Receiver<()>) {
    while finished.recv().await.is_some() {
        loop {
            sleep(END_AFTER).await;
            let Some(pool) = pool.upgrade() else { return };
            if !pool.end_transactions() {
                break;
            }
        }
    }
}

/// Closes connections that are old or unused, for as long as the pool exists.
async fn close_stale(pool: Weak<Shared>) {
    loop {
        sleep(CHECK_INTERVAL).await;
        let Some(pool) = pool.upgrade() else { return };
        let stale: Vec<_> = pool
            .free()
            .extract_if(.., |IdleConnection { pooled, idle_since }| {
                pooled.opened.elapsed() >= LIFETIME || idle_since.elapsed() >= IDLE
            })
            .collect();
        for free in stale {
            let _ = timeout(RETRY_AFTER, free.pooled.wire.close()).await;
        }
    }
}

/// Returns whether the database will soon accept connections: it is starting, or full, or an operator is starting it.
fn is_temporary(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() == std::io::ErrorKind::ConnectionRefused,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code == "57P03" || code.starts_with("53")),
        _ => false,
    }
}

pub(super) fn cause(error: sqlx::Error) -> RuntimeErr {
    RuntimeErr::SqlxError(Arc::new(error))
}
