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
const LINGERING: Duration = Duration::from_millis(5);

/// The maximum age of a connection, or a little more. Closing it frees what it keeps of each statement.
const LIFETIME: Duration = Duration::from_mins(30);

/// How long an unused connection stays open.
const IDLE: Duration = Duration::from_mins(10);

/// How often connections are checked for age and use.
const ROUND: Duration = Duration::from_mins(1);

/// The pause before a new attempt to connect to a database that is starting or full.
const PAUSE: Duration = Duration::from_millis(100);

/// A pool of connections that opens them on demand. It lends the last used one first, because that one has prepared
/// most of the statements. Cheap to clone.
#[derive(Clone)]
pub struct Pool(Arc<Shared>);

struct Shared {
    options: PgConnectOptions,
    most: usize,
    places: Arc<Semaphore>,
    /// The time limit for a free connection.
    wait: Duration,
    free: Mutex<Vec<Free>>,
    /// Signals that a transaction is over.
    over: mpsc::Sender<()>,
}

/// A connection that nobody uses.
struct Free {
    link: Link,
    since: Instant,
}

struct Link {
    wire: PgConnection,
    opened: Instant,
    /// Whether it has a finished transaction that the database has not ended yet.
    over: bool,
}

/// A borrowed connection. Dropping it closes it.
pub(super) struct Connection {
    link: Link,
    _place: OwnedSemaphorePermit,
}

impl Connection {
    /// Returns the text with which the next message must begin.
    pub(super) fn ending(&mut self) -> &'static str {
        if take(&mut self.link.over) { "ROLLBACK; " } else { "" }
    }

    pub(super) fn wire(&mut self) -> &mut PgConnection {
        &mut self.link.wire
    }
}

impl Pool {
    /// Creates a pool with the options and the size of `other`.
    pub(super) fn like(other: &PgPool) -> Self {
        let options = other.options();
        let most = usize::try_from(options.get_max_connections()).unwrap_or(Semaphore::MAX_PERMITS);
        let (over, told) = mpsc::channel(1);
        let shared = Arc::new(Shared {
            options: PgConnectOptions::clone(&other.connect_options()),
            most,
            places: Arc::new(Semaphore::new(most)),
            wait: options.get_acquire_timeout(),
            free: Mutex::default(),
            over,
        });
        tokio::spawn(end_transactions(Arc::downgrade(&shared), told));
        tokio::spawn(look_over(Arc::downgrade(&shared)));
        Self(shared)
    }

    /// Returns the current numbers of connections.
    pub(super) fn connections(&self) -> Connections {
        let Shared { most, places, .. } = &*self.0;
        let idle = self.0.free().len();
        Connections { open: most - places.available_permits() + idle, idle, most: *most }
    }

    pub(super) async fn lend(&self) -> Result<Connection, DbErr> {
        match timeout(self.0.wait, self.wait()).await {
            Ok(lent) => lent.map_err(|error| DbErr::Conn(cause(error))),
            Err(_) => Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)),
        }
    }

    async fn wait(&self) -> Result<Connection, sqlx::Error> {
        let place = self.0.places.clone().acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?;
        let free = self.0.free().pop();
        let link = match free {
            Some(free) => free.link,
            // Boxed, because each caller that waits for a connection holds room for this future.
            None => Box::pin(self.open()).await?,
        };
        Ok(Connection { link, _place: place })
    }

    async fn open(&self) -> Result<Link, sqlx::Error> {
        loop {
            match self.aside().await {
                Ok(wire) => return Ok(Link { wire, opened: Instant::now(), over: false }),
                Err(error) if passes(&error) => sleep(PAUSE).await,
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
        let Connection { link, _place } = connection;
        self.0.free().push(Free { link, since: Instant::now() });
    }

    /// Returns the connection to the pool, with a finished transaction that has only read.
    pub(super) fn take_back_open(&self, mut connection: Connection) {
        connection.link.over = true;
        self.take_back(connection);
        // If the channel is full, the receiver has been signalled already.
        let _ = self.0.over.try_send(());
    }
}

impl Shared {
    fn free(&self) -> MutexGuard<'_, Vec<Free>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends finished transactions of unused connections. Returns whether others are left.
    fn end_transactions(&self) -> bool {
        let mut waiting = false;
        self.free().retain_mut(|Free { link, since }| {
            if !link.over || since.elapsed() < LINGERING {
                waiting |= link.over;
                return true;
            }
            link.over = false;
            roll_back_soon(&mut link.wire)
        });
        waiting
    }
}

/// Sends the end of a transaction without waiting for the answer. That is possible while nothing else is being sent:
/// the next user of the connection reads this answer before their own. Returns whether the connection is usable.
pub(super) fn roll_back_soon(wire: &mut PgConnection) -> bool {
    let sent = unconstrained(sqlx::raw_sql("ROLLBACK").execute(wire)).now_or_never();
    !matches!(sent, Some(Err(_)))
}

/// Ends finished transactions that no other has followed, for as long as the pool exists.
async fn end_transactions(pool: Weak<Shared>, mut told: mpsc::Receiver<()>) {
    while told.recv().await.is_some() {
        loop {
            sleep(LINGERING).await;
            let Some(pool) = pool.upgrade() else { return };
            if !pool.end_transactions() {
                break;
            }
        }
    }
}

/// Closes connections that are old or unused, for as long as the pool exists.
async fn look_over(pool: Weak<Shared>) {
    loop {
        sleep(ROUND).await;
        let Some(pool) = pool.upgrade() else { return };
        let over: Vec<_> = pool
            .free()
            .extract_if(.., |Free { link, since }| link.opened.elapsed() >= LIFETIME || since.elapsed() >= IDLE)
            .collect();
        for free in over {
            let _ = timeout(PAUSE, free.link.wire.close()).await;
        }
    }
}

/// Returns whether the database will soon accept connections: it is starting, or full, or an operator is starting it.
fn passes(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() == std::io::ErrorKind::ConnectionRefused,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code == "57P03" || code.starts_with("53")),
        _ => false,
    }
}

pub(super) fn cause(error: sqlx::Error) -> RuntimeErr {
    RuntimeErr::SqlxError(Arc::new(error))
}
