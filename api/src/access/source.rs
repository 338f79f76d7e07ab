//! Where transactions begin: the connections to the database.

use super::pool::Pool;
use sea_orm::{DatabaseConnection, DbBackend};

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
    pub fn of(db: DatabaseConnection) -> Self {
        if db.get_database_backend() == DbBackend::Postgres {
            return Self::Postgres(Pool::like(db.get_postgres_connection_pool()));
        }
        Self::Sqlite(db)
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
            Self::Postgres(pool) => pool.connections(),
        }
    }
}
