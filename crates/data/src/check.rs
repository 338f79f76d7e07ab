//! The check that the database stores what is written to it.
//!
//! A database with a full disk still answers queries. A write that fails for this reason is remembered until a check
//! has written something. Other successful writes prove little, because a small write may succeed where the next one
//! fails.

use super::{
    database::Database,
    options::{Mode, Principal},
    source::Pool,
};
use dossier_core::{
    error::{Error, cannot_store},
    viewer::Viewer,
};
use sea_orm::ConnectionTrait;
use std::sync::atomic::Ordering;

/// Writes the first page, which holds this number. It changes nothing, because Dossier does not use the number.
const SQLITE_WRITE: &str = "PRAGMA user_version = 0";

/// Writes 64 KiB that nobody sees, and deletes them in the same transaction. They are random because the database
/// compresses.
const POSTGRES_WRITE: &str = "SELECT lo_unlink(lo_from_bytea(0, \
    (SELECT string_agg(uuid_send(gen_random_uuid()), ''::bytea) FROM generate_series(1, 4096))))";

impl Database {
    /// Fails unless the database answers, and stores what is written. It writes only if an earlier write failed.
    pub async fn check(&self) -> Result<(), Error> {
        self.begin_anonymous().await?.execute_unprepared("SELECT 1").await?;
        if self.directory.shared().writes.failing.load(Ordering::Relaxed) { self.try_to_write().await } else { Ok(()) }
    }

    async fn try_to_write(&self) -> Result<(), Error> {
        let write = match &self.directory.shared().pool {
            Pool::Sqlite(pool) => {
                // A small write is not enough, because a full disk may have room for one more page in the log.
                pool.check_room().await?;
                SQLITE_WRITE
            }
            Pool::Postgres(_) => POSTGRES_WRITE,
        };
        let (tx, _) = self.begin(Mode::Write, &Principal::Viewer(&Viewer::Anonymous)).await?;
        match tx.execute_unprepared(write).await {
            Ok(_) => tx.commit().await?,
            Err(error) if cannot_store(&error) => return Err(error.into()),
            Err(error) => tracing::warn!(%error, "could not try whether the database stores anything"),
        }
        self.directory.shared().writes.failing.store(false, Ordering::Relaxed);
        Ok(())
    }
}
