//! The database itself: connecting to it, bringing its schema up to date, and refusing one that is not safe to serve.

pub mod roles;

use crate::{
    access::{Source, Transaction},
    cli::Error,
    config::Config,
};
use migration::{Standing, partition::Outcome};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend};
use secrecy::ExposeSecret;
use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, time::Duration};

/// Has `SQLite` look at the tables about which it knows too little to choose between their indexes: at a few hundred rows
/// of each (<https://sqlite.org/lang_analyze.html>).
const LOOK_AT_TABLES: &str = "PRAGMA optimize = 0x10002";

/// How many rows the thread of a `SQLite` connection may be ahead of who reads them: where one waits for the other, they
/// change places on the processor. No page has more.
const ROWS_AHEAD: usize = 1_000;

/// Connects to the configured database.
pub async fn open(config: &Config) -> Result<DatabaseConnection, Error> {
    if config.is_embedded() {
        // Whoever can read the folder can read everything.
        DirBuilder::new().recursive(true).mode(0o700).create(&config.data_dir)?;
    }
    let opened = connect_with(&config.database(), config.database_pool_size, config.database_pool_wait()).await;
    opened.map_err(|error| format!("DATABASE_URL: {error}").into())
}

/// Connects to a database for a task of one's own.
pub async fn connect(url: &str) -> Result<DatabaseConnection, Error> {
    connect_with(url, 4, Duration::from_secs(5)).await
}

async fn connect_with(url: &str, size: u32, wait: Duration) -> Result<DatabaseConnection, Error> {
    let mut options = ConnectOptions::new(url);
    options
        .sqlx_logging(false)
        .acquire_timeout(wait)
        .max_connections(size)
        // A unit of work replaces a dead connection when it begins, which saves asking each time.
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(|sqlite| {
            use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
            // FULL: what was answered as done must survive the machine, not only the process.
            sqlite
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .row_buffer_size(ROWS_AHEAD)
                .busy_timeout(Duration::from_secs(10))
        });
    Ok(Database::connect(options).await?)
}

/// Brings the schema up to date, as its owner, and lets the server's role in. Several at once wait for each other.
pub async fn migrate(config: &Config) -> Result<(), Error> {
    let role = config.migrate_database_url.as_ref().and_then(|_| roles::name_in(&config.database()));
    Ok(migration::up(&owned(config).await?, role.as_deref()).await?)
}

/// Divides the tables that grow without end, as their owner; returns whether they were whole before.
pub async fn partition(config: &Config, partitions: u16) -> Result<bool, Error> {
    Ok(migration::partition::divide(&owned(config).await?, partitions).await? == Outcome::Divided)
}

/// The configured database as its owner sees it: without the second wall, if the owner is another than the server.
pub async fn owned(config: &Config) -> Result<DatabaseConnection, Error> {
    match &config.migrate_database_url {
        Some(owner) => {
            let opened = connect(owner.expose_secret()).await;
            opened.map_err(|error| format!("MIGRATE_DATABASE_URL: {error}").into())
        }
        None => open(config).await,
    }
}

/// The configured database, safe to serve. The embedded one is brought up to date; others are looked at only.
pub async fn current(config: &Config) -> Result<Source, Error> {
    let db = open(config).await?;
    if config.is_embedded() {
        migration::up(&db, None).await?;
        db.execute_unprepared(LOOK_AT_TABLES).await?;
        return Ok(Source::of(db));
    }
    let source = Source::of(db);
    match faults(&Transaction::of_nobody(&source, config.terms()).await?).await? {
        faults if faults.is_empty() => Ok(source),
        faults => Err(format!("the database is not fit to be served:\n  {}", faults.join("\n  ")).into()),
    }
}

/// Why the database cannot be served, in words for the operator.
pub async fn faults(db: &impl ConnectionTrait) -> Result<Vec<String>, Error> {
    match (schema_fault(db).await?, db.get_database_backend()) {
        (Some(fault), _) => Ok(vec![fault]),
        (None, DbBackend::Postgres) => Ok(migration::wall::faults(db).await?),
        (None, _) => Ok(Vec::new()),
    }
}

/// Why the schema does not fit this version.
pub async fn schema_fault(db: &impl ConnectionTrait) -> Result<Option<String>, Error> {
    Ok(match migration::standing(db).await? {
        Standing::Current => None,
        Standing::Outdated(step) => Some(format!("its schema lacks `{step}`; run `dossier migrate`, then start again")),
        Standing::Newer(step) => Some(format!(
            "its schema has `{step}`, which this version does not know; run the version that it was migrated by, or a \
             newer one"
        )),
    })
}
