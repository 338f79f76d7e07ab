//! Connections to `PostgreSQL`.
//!
//! Other pools ask each connection for a sign of life before they lend it, and end a transaction before they take it back.
//! Each is a round trip, for nothing: beginning a transaction replaces a dead connection anyway, and what has only been
//! read is ended in the message in which the next transaction begins.

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

/// How long a transaction that is over may wait for the next one that ends it.
const LINGERING: Duration = Duration::from_millis(5);

/// How old a connection becomes, or little more: what it has kept of each statement is let go.
const LIFETIME: Duration = Duration::from_mins(30);

/// How long a connection stays that nobody uses.
const IDLE: Duration = Duration::from_mins(10);

/// How often connections are looked over.
const ROUND: Duration = Duration::from_mins(1);

/// How long to wait before knocking again at a database that is starting or full.
const PAUSE: Duration = Duration::from_millis(100);

/// Connections, opened as they are needed and lent one at a time: the one that was used last first, for it knows most of
/// what will be asked. Cheap to clone.
#[derive(Clone)]
pub struct Pool(Arc<Shared>);

struct Shared {
    options: PgConnectOptions,
    most: usize,
    places: Arc<Semaphore>,
    /// How long to wait for a place.
    wait: Duration,
    free: Mutex<Vec<Free>>,
    /// Told when a transaction is over.
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
    /// Whether it has a transaction that is over, and has not been ended.
    over: bool,
}

/// A connection, on loan. Who drops it closes it.
pub(super) struct Connection {
    link: Link,
    _place: OwnedSemaphorePermit,
}

impl Connection {
    /// What the next message has to begin with.
    pub(super) fn ending(&mut self) -> &'static str {
        if take(&mut self.link.over) { "ROLLBACK; " } else { "" }
    }

    pub(super) fn wire(&mut self) -> &mut PgConnection {
        &mut self.link.wire
    }
}

impl Pool {
    /// As many connections as `other` may have.
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

    /// How many connections there are now.
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
            // Boxed, for whoever waits for a connection holds room for opening one.
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

    /// Another connection than those that are lent, of which there may be none left.
    pub(super) async fn aside(&self) -> Result<PgConnection, sqlx::Error> {
        self.0.options.connect().await
    }

    /// For others to use.
    pub(super) fn take_back(&self, connection: Connection) {
        // Whoever waits for a place finds it.
        let Connection { link, _place } = connection;
        self.0.free().push(Free { link, since: Instant::now() });
    }

    /// For others to use, with a transaction that has only read and is over.
    pub(super) fn take_back_open(&self, mut connection: Connection) {
        connection.link.over = true;
        self.take_back(connection);
        // Where there is no room, it has been told.
        let _ = self.0.over.try_send(());
    }
}

impl Shared {
    fn free(&self) -> MutexGuard<'_, Vec<Free>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the transactions that nobody ended meanwhile. Whether there are others that are over.
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

/// Sends the end of a transaction, which needs no waiting while nothing else is on its way: whoever uses the connection
/// next reads the answer before their own. Whether the connection is of use.
pub(super) fn roll_back_soon(wire: &mut PgConnection) -> bool {
    let sent = unconstrained(sqlx::raw_sql("ROLLBACK").execute(wire)).now_or_never();
    !matches!(sent, Some(Err(_)))
}

/// Ends transactions that are over and that no other has followed, as long as there is somebody who might use them.
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

/// Ends connections that are old, or that nobody uses, as long as there is somebody who might.
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

/// Whether the database will let one in soon: it is starting, or full, or being started by somebody.
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
