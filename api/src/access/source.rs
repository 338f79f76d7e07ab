//! Where transactions begin: the connections to the database.

use super::postgres::cause;
use deadpool::managed::{self, Metrics, PoolError, QueueMode, RecycleResult, WeakPool};
use sea_orm::{
    ConnAcquireErr, DatabaseConnection, DbBackend, DbErr,
    sqlx::{self, ConnectOptions, Connection as _, PgConnection, PgPool, postgres::PgConnectOptions},
};
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// How old a connection becomes, or little more: what it has kept of each statement is let go.
const LIFETIME: Duration = Duration::from_mins(30);

/// How long a connection stays that nobody uses.
const IDLE: Duration = Duration::from_mins(10);

/// How often connections are looked over.
const ROUND: Duration = Duration::from_mins(1);

/// How long to wait before knocking again at a database that is starting or full.
const PAUSE: Duration = Duration::from_millis(100);

/// The connections to a database. Cheap to clone.
#[derive(Clone)]
pub enum Source {
    /// To the embedded one.
    Sqlite(DatabaseConnection),
    /// To a server.
    Postgres(Pool),
}

/// How many connections there are.
#[derive(Clone, Copy, Debug)]
pub struct Connections {
    /// Open.
    pub open: usize,
    /// Of these, used by nobody.
    pub idle: usize,
    /// The most that may be open.
    pub most: usize,
}

impl Source {
    /// As many connections as `db` may have, opened as they are needed; `db` itself is not used for long.
    pub fn of(db: DatabaseConnection) -> Result<Self, DbErr> {
        if db.get_database_backend() == DbBackend::Postgres {
            return Pool::like(db.get_postgres_connection_pool()).map(Self::Postgres);
        }
        Ok(Self::Sqlite(db))
    }

    /// How many connections there are now.
    pub fn connections(&self) -> Connections {
        match self {
            Self::Sqlite(db) => {
                let pool = db.get_sqlite_connection_pool();
                let [open, most] = [pool.size(), pool.options().get_max_connections()]
                    .map(|count| usize::try_from(count).unwrap_or(usize::MAX));
                let idle = pool.num_idle();
                Connections { open: open.max(idle), idle, most }
            }
            Self::Postgres(Pool { connections, .. }) => {
                let managed::Status { max_size, size, available, .. } = connections.status();
                Connections { open: size, idle: available, most: max_size }
            }
        }
    }
}

/// Connections to `PostgreSQL`. They come back at once: the pool of `sqlx` asks each for a sign of life first, which is
/// a round trip for every transaction, where beginning one replaces a dead connection anyway.
#[derive(Clone)]
pub struct Pool {
    connections: managed::Pool<Opener>,
    /// How long to wait for one.
    wait: Duration,
}

/// A connection, on loan.
pub(super) type Connection = managed::Object<Opener>;

/// Opens connections.
pub struct Opener(PgConnectOptions);

impl managed::Manager for Opener {
    type Type = PgConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<PgConnection, sqlx::Error> {
        loop {
            // Boxed, for whoever waits for a connection holds room for opening one.
            match Box::pin(self.0.connect()).await {
                Err(error) if passes(&error) => sleep(PAUSE).await,
                done => return done,
            }
        }
    }

    async fn recycle(&self, _: &mut PgConnection, _: &Metrics) -> RecycleResult<sqlx::Error> {
        Ok(())
    }
}

impl Pool {
    fn like(other: &PgPool) -> Result<Self, DbErr> {
        let options = other.options();
        let connections = managed::Pool::builder(Opener(PgConnectOptions::clone(&other.connect_options())))
            .max_size(usize::try_from(options.get_max_connections()).unwrap_or(usize::MAX))
            // The one that was used last knows most of what will be asked.
            .queue_mode(QueueMode::Lifo)
            .build()
            .map_err(|error| DbErr::Custom(error.to_string()))?;
        tokio::spawn(look_over(connections.weak()));
        Ok(Self { connections, wait: options.get_acquire_timeout() })
    }

    pub(super) async fn lend(&self) -> Result<Connection, DbErr> {
        match timeout(self.wait, self.connections.get()).await {
            Ok(lent) => lent.map_err(|error| match error {
                PoolError::Backend(error) => DbErr::Conn(cause(error)),
                error => DbErr::Custom(error.to_string()),
            }),
            Err(_) => Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)),
        }
    }

    /// Another connection than those that are lent, of which there may be none left.
    pub(super) async fn aside(&self) -> Result<PgConnection, sqlx::Error> {
        self.connections.manager().0.connect().await
    }
}

/// Ends connections that are old, or that nobody uses, as long as there is somebody who might.
async fn look_over(pool: WeakPool<Opener>) {
    loop {
        sleep(ROUND).await;
        let Some(pool) = pool.upgrade() else { return };
        let over = pool.retain(|_, metrics| metrics.age() < LIFETIME && metrics.last_used() < IDLE);
        for connection in over.removed {
            let _ = timeout(PAUSE, connection.close()).await;
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
