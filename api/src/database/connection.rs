//! Connections to a database.

use crate::config::{Config, sqlite};
use dossier_core::error::BoxError;
use sea_orm::{ConnectOptions, DatabaseConnection};
use std::{fs, time::Duration};

/// The number of rows that the thread of an `SQLite` connection may read ahead. If one waited for the other, the
/// processor would switch between them. No page has more rows.
const ROWS_AHEAD: usize = 1_000;

/// Connects to the configured database. Creates the folder of the embedded database if it is missing.
pub async fn open(config: &Config) -> Result<DatabaseConnection, BoxError> {
    if config.is_embedded() {
        config.make_data_dir()?;
    }
    connect_to(config, Access::Full).await
}

/// Connects to the configured database without creating or changing anything. `None` if its file does not exist.
pub async fn look(config: &Config) -> Result<Option<DatabaseConnection>, BoxError> {
    let Some(file) = config.sqlite_file() else { return Ok(Some(connect_to(config, Access::Full).await?)) };
    if !file.try_exists().map_err(|error| format!("{}: {error}", file.display()))? {
        return Ok(None);
    }
    // SQLite creates the files of its log even for a reader, unless it may treat the file as the complete database.
    let [_, log, ..] = sqlite::files(&file);
    let whole = fs::metadata(log).map_or(true, |log| log.len() == 0);
    connect_to(config, if whole { Access::WholeFile } else { Access::ReadOnly }).await.map(Some)
}

async fn connect_to(config: &Config, access: Access) -> Result<DatabaseConnection, BoxError> {
    let opened = connect_with(&config.database(), config.database_pool_size, config.database_pool_wait(), access).await;
    let variable = if config.is_embedded() { "DATA_DIR" } else { "DATABASE_URL" };
    opened.map_err(|error| match config.sqlite_file().filter(|file| !file.exists()) {
        Some(file) => {
            format!("{variable}: {} does not exist; add `?mode=rwc` to create it ({error})", file.display()).into()
        }
        None => format!("{variable}: {error}").into(),
    })
}

/// Connects to a database for a separate task.
pub async fn connect(url: &str) -> Result<DatabaseConnection, BoxError> {
    connect_with(url, 4, Duration::from_secs(5), Access::Full).await
}

/// How an `SQLite` database is used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// As its URL allows.
    Full,
    /// It is read, including its log.
    ReadOnly,
    /// It is read and has no log, because nobody uses it.
    WholeFile,
}

async fn connect_with(url: &str, size: u32, wait: Duration, access: Access) -> Result<DatabaseConnection, BoxError> {
    let mut options = ConnectOptions::new(url);
    options
        .sqlx_logging(false)
        .acquire_timeout(wait)
        .max_connections(size)
        // A transaction replaces a dead connection when it begins, which saves a test each time.
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
            if access != Access::Full {
                let whole = access == Access::WholeFile;
                return sqlite.create_if_missing(false).read_only(true).immutable(whole);
            }
            // FULL: a confirmed change must survive a crash of the machine, not only of the process.
            sqlite
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .row_buffer_size(ROWS_AHEAD)
                .busy_timeout(Duration::from_secs(10))
        });
    Ok(sea_orm::Database::connect(options).await?)
}
