//! Where transactions begin: the connections to the database.

use super::postgres::not_acquired;
use deadpool::{
    Runtime,
    managed::{self, Metrics, QueueMode, RecycleError, RecycleResult, Timeouts},
};
use sea_orm::{
    DatabaseConnection, DbBackend, DbErr,
    sqlx::{self, ConnectOptions, PgConnection, PgPool, postgres::PgConnectOptions},
};
use std::time::Duration;

/// How old a connection may become: what it has kept of each statement is let go.
const LIFETIME: Duration = Duration::from_mins(30);

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
            Self::Postgres(Pool(pool)) => {
                let managed::Status { max_size, size, available, .. } = pool.status();
                Connections { open: size, idle: available, most: max_size }
            }
        }
    }
}

/// Connections to `PostgreSQL`. They come back at once: the pool of `sqlx` asks each for a sign of life first, which is
/// a round trip for every transaction, where beginning one replaces a dead connection anyway.
#[derive(Clone)]
pub struct Pool(managed::Pool<Opener>);

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
                Err(error) if passes(&error) => tokio::time::sleep(PAUSE).await,
                done => return done,
            }
        }
    }

    async fn recycle(&self, _: &mut PgConnection, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        if metrics.age() > LIFETIME { Err(RecycleError::message("old")) } else { Ok(()) }
    }
}

impl Pool {
    fn like(other: &PgPool) -> Result<Self, DbErr> {
        let options = other.options();
        let wait = Some(options.get_acquire_timeout());
        let pool = managed::Pool::builder(Opener(PgConnectOptions::clone(&other.connect_options())))
            .max_size(usize::try_from(options.get_max_connections()).unwrap_or(usize::MAX))
            .timeouts(Timeouts { wait, create: wait, recycle: None })
            // The one that was used last knows most of what will be asked.
            .queue_mode(QueueMode::Lifo)
            .runtime(Runtime::Tokio1)
            .build();
        pool.map(Self).map_err(|error| DbErr::Custom(error.to_string()))
    }

    pub(super) async fn lend(&self) -> Result<Connection, DbErr> {
        self.0.get().await.map_err(not_acquired)
    }

    /// Another connection than those that are lent, of which there may be none left.
    pub(super) async fn aside(&self) -> Result<PgConnection, sqlx::Error> {
        self.0.manager().0.connect().await
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
