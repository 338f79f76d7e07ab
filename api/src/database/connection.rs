//! Connecting to a database.

use crate::config::{Config, sqlite};
use dossier_core::error::BoxError;
use sea_orm::{ConnectOptions, DatabaseConnection};
use std::{fs, time::Duration};

/// How many rows the thread of a `SQLite` connection may be ahead of who reads them: where one waits for the other, they
/// change places on the processor. No page has more.
const ROWS_AHEAD: usize = 1_000;

/// Connects to the configured database. The folder of the embedded one is made if it is missing.
pub async fn open(config: &Config) -> Result<DatabaseConnection, BoxError> {
    if config.is_embedded() {
        config.make_data_dir()?;
    }
    connect_to(config, Access::Full).await
}

/// Connects to the configured database for looking at it: nothing is created or changed. None if it is a file that is not
/// there.
pub async fn look(config: &Config) -> Result<Option<DatabaseConnection>, BoxError> {
    let Some(file) = config.sqlite_file() else { return Ok(Some(connect_to(config, Access::Full).await?)) };
    if !file.try_exists().map_err(|error| format!("{}: {error}", file.display()))? {
        return Ok(None);
    }
    // SQLite makes the files of its log even for a reader, unless it may take the file for the whole.
    let [_, log, ..] = sqlite::files(&file);
    let whole = fs::metadata(log).map_or(true, |log| log.len() == 0);
    connect_to(config, if whole { Access::WholeFile } else { Access::ReadOnly }).await.map(Some)
}

async fn connect_to(config: &Config, access: Access) -> Result<DatabaseConnection, BoxError> {
    let opened = connect_with(&config.database(), config.database_pool_size, config.database_pool_wait(), access).await;
    let variable = if config.is_embedded() { "DATA_DIR" } else { "DATABASE_URL" };
    opened.map_err(|error| match config.sqlite_file().filter(|file| !file.exists()) {
        Some(file) => {
            format!("{variable}: there is no {}; `?mode=rwc` after it makes it ({error})", file.display()).into()
        }
        None => format!("{variable}: {error}").into(),
    })
}

/// Connects to a database for a task of one's own.
pub async fn connect(url: &str) -> Result<DatabaseConnection, BoxError> {
    connect_with(url, 4, Duration::from_secs(5), Access::Full).await
}

/// The use of an `SQLite` database.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// All that its URL allows.
    Full,
    /// It is read, with its log.
    ReadOnly,
    /// It is read, and has no log: nobody uses it.
    WholeFile,
}

async fn connect_with(url: &str, size: u32, wait: Duration, access: Access) -> Result<DatabaseConnection, BoxError> {
    let mut options = ConnectOptions::new(url);
    options
        .sqlx_logging(false)
        .acquire_timeout(wait)
        .max_connections(size)
        // A unit of work replaces a dead connection when it begins, which saves asking each time.
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
            if access != Access::Full {
                let whole = access == Access::WholeFile;
                return sqlite.create_if_missing(false).read_only(true).immutable(whole);
            }
            // FULL: what was answered as done must survive the machine, not only the process.
            sqlite
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .row_buffer_size(ROWS_AHEAD)
                .busy_timeout(Duration::from_secs(10))
        });
    Ok(sea_orm::Database::connect(options).await?)
}
