//! The only door to the database. What comes through it is filtered by the viewer's row rule; what goes in is checked
//! against it and leaves an event in the same transaction.
//!
//! A [`Unit`] is a unit of work: one transaction, one viewer read anew, loaders of its own. Raw `SeaORM` finders are
//! banned elsewhere (`clippy.toml`), so that there is no way around.

#![expect(clippy::disallowed_methods, reason = "this is the door")]

mod cursor;
mod idempotency;
mod loader;
mod outcome;
mod page;
mod rows;
mod unit;
mod write;

pub use cursor::{Key, Position, Sealer};
pub use idempotency::Repeatable;
pub use loader::Sum;
pub use outcome::Outcome;
pub use page::{Arguments, MAX_PAGE, Order, Page, Slice};
pub use rows::Found;
pub use unit::Unit;
pub use write::Write;

use crate::{auth::Credentials, clock::Clock, events::Bus, failure::Failure, viewer::Viewer};
use entities::user;
use sea_orm::{
    ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use std::sync::Arc;

/// Opens units of work.
#[derive(Clone)]
pub struct Door {
    db: DatabaseConnection,
    /// What time it is.
    pub clock: Clock,
    /// Wakes subscribers once a write is committed.
    pub bus: Bus,
}

impl Door {
    /// A door to `db`.
    pub fn new(db: DatabaseConnection, clock: Clock, bus: Bus) -> Self {
        Self { db, clock, bus }
    }

    /// Begins a unit that reads, for whoever the credentials speak for now.
    pub async fn read(&self, credentials: &Credentials) -> Result<Unit, Failure> {
        let tx = self.db.begin().await?;
        let now = self.clock.now();
        let viewer = crate::auth::viewer(&tx, credentials, now).await?;
        Ok(Unit::new(viewer, Arc::new(tx), now))
    }

    /// Begins a unit that writes.
    pub async fn write(&self, credentials: &Credentials) -> Result<Write, Failure> {
        let tx = self.begin_write().await?;
        let now = self.clock.now();
        let viewer = crate::auth::viewer(&tx, credentials, now).await?;
        Ok(Write::new(Unit::new(viewer, Arc::new(tx), now), self.bus.clone()))
    }

    /// Begins a unit that writes for a viewer who holds no token: Dossier itself, the platform, or a person signing in.
    pub async fn write_as(&self, viewer: Viewer) -> Result<Write, Failure> {
        let tx = self.begin_write().await?;
        Ok(Write::new(Unit::new(viewer, Arc::new(tx), self.clock.now()), self.bus.clone()))
    }

    /// Begins a unit that reads for a viewer who holds no token.
    pub async fn read_as(&self, viewer: Viewer) -> Result<Unit, Failure> {
        Ok(Unit::new(viewer, Arc::new(self.db.begin().await?), self.clock.now()))
    }

    /// The account with this address, in lower case: only signing in and the command line ask by address, and neither
    /// has a viewer yet.
    pub async fn account(&self, email: &str) -> Result<Option<user::Model>, Failure> {
        Ok(user::Entity::find().filter(user::Column::Email.eq(email)).one(&self.db).await?)
    }

    /// A deferred `SQLite` transaction that reads before it writes fails when somebody else wrote in between.
    async fn begin_write(&self) -> Result<sea_orm::DatabaseTransaction, Failure> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.db.begin_with_options(options).await?)
    }
}
