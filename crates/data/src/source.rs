//! The connections to a database, on which transactions begin.

use super::{connections::Connections, pool, sqlite, writes::Writes};
use sea_orm::{DatabaseConnection, DbBackend};

/// The connections to a database. Cheap to clone.
#[derive(Clone)]
pub struct Source {
    pub(super) pool: Pool,
    pub(super) writes: Writes,
}

#[derive(Clone)]
pub(super) enum Pool {
    /// To the embedded database.
    Sqlite(sqlite::Pool),
    /// To a server.
    Postgres(pool::Pool),
}

impl Source {
    /// Creates a source with the options and the size of `db`, which itself is not used for long. It opens connections
    /// on demand.
    pub fn of(db: &DatabaseConnection) -> Self {
        let pool = if db.get_database_backend() == DbBackend::Postgres {
            Pool::Postgres(pool::Pool::like(db.get_postgres_connection_pool()))
        } else {
            Pool::Sqlite(sqlite::Pool::new(db.get_sqlite_connection_pool()))
        };
        Self { pool, writes: Writes::default() }
    }

    /// Returns the current numbers of connections.
    pub fn connections(&self) -> Connections {
        match &self.pool {
            Pool::Sqlite(pool) => pool.connections(),
            Pool::Postgres(pool) => pool.connections(),
        }
    }
}
