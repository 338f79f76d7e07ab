//! The database itself: connecting to it, bringing its schema up to date, and refusing one that is not safe to serve.

pub mod roles;

use crate::config::{Config, private};
use dossier_core::error::BoxError;
use dossier_data::{Source, Transaction};
use migration::{MigrationStatus, partition::Outcome};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend};
use secrecy::ExposeSecret;
use std::{fs, path::Path, time::Duration};

/// Has `SQLite` look at the tables about which it knows too little to choose between their indexes: at a few hundred rows
/// of each (<https://sqlite.org/lang_analyze.html>).
const LOOK_AT_TABLES: &str = "PRAGMA optimize = 0x10002";

/// How many rows the thread of a `SQLite` connection may be ahead of who reads them: where one waits for the other, they
/// change places on the processor. No page has more.
const ROWS_AHEAD: usize = 1_000;

/// The URL of an `SQLite` file, which is made if it is missing.
pub fn sqlite_url(path: &Path) -> String {
    let path = path.display().to_string().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    format!("sqlite://{path}?mode=rwc")
}

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
    let [_, log, ..] = private::database_files(&file);
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

/// Brings the schema up to date, as its owner, and lets the server's role in. Several at once wait for each other.
pub async fn migrate(config: &Config) -> Result<(), BoxError> {
    let role = config.migrate_database_url.as_ref().and_then(|_| roles::name_in(&config.database()));
    update(&owned(config).await?, role.as_deref()).await
}

/// Brings the schema of this database up to date, unless a newer version did more.
pub async fn update(db: &DatabaseConnection, role: Option<&str>) -> Result<(), BoxError> {
    if let newer @ MigrationStatus::Newer(_) = migration::status(db).await? {
        return Err(unfit(newer.fault().as_slice()));
    }
    Ok(migration::up(db, role).await?)
}

/// Divides the tables that grow without end, as their owner; returns whether they were whole before.
pub async fn partition(config: &Config, partitions: u16) -> Result<bool, BoxError> {
    Ok(migration::partition::divide(&owned(config).await?, partitions).await? == Outcome::Divided)
}

/// The configured database as its owner sees it: without the second wall, if the owner is another than the server.
pub async fn owned(config: &Config) -> Result<DatabaseConnection, BoxError> {
    match &config.migrate_database_url {
        Some(owner) => {
            let opened = connect(owner.expose_secret()).await;
            opened.map_err(|error| format!("MIGRATE_DATABASE_URL: {error}").into())
        }
        None => open(config).await,
    }
}

/// Fails unless the connection is the owner's, which policies do not bind, and the schema is the one of this version.
pub async fn own(db: &DatabaseConnection) -> Result<(), BoxError> {
    if let Some(fault) = migration::status(db).await?.fault() {
        return Err(unfit(&[fault]));
    }
    if db.get_database_backend() == DbBackend::Postgres && !migration::wall::is_passed(db).await? {
        return Err("this role is bound by row level security and cannot write for all organizations; set \
                    MIGRATE_DATABASE_URL to the owner of the tables, as for `dossier migrate`"
            .into());
    }
    Ok(())
}

/// The configured database, safe to serve. The embedded one is brought up to date; others are looked at only.
pub async fn current(config: &Config) -> Result<Source, BoxError> {
    let db = open(config).await?;
    if config.is_embedded() {
        update(&db, None).await?;
        // Plans may be worse without it; a full disk is no reason to serve nothing.
        if let Err(error) = db.execute_unprepared(LOOK_AT_TABLES).await {
            tracing::warn!(%error, "could not update the statistics of the embedded database");
        }
        return Ok(Source::of(&db));
    }
    let source = Source::of(&db);
    match faults(config, &Transaction::of_nobody(&source, config.session_settings()).await?).await? {
        faults if faults.is_empty() => Ok(source),
        faults => Err(unfit(&faults)),
    }
}

fn unfit(faults: &[String]) -> BoxError {
    format!("the database is not fit to be served:\n  {}", faults.join("\n  ")).into()
}

/// Why the configured database cannot be served, in words for the operator.
pub async fn faults(config: &Config, db: &impl ConnectionTrait) -> Result<Vec<String>, BoxError> {
    match (migration::status(db).await?, db.get_database_backend()) {
        // The server does the missing steps when it starts.
        (MigrationStatus::Outdated(_), _) if config.is_embedded() => Ok(Vec::new()),
        (MigrationStatus::Current, DbBackend::Postgres) => Ok(migration::wall::faults(db).await?),
        (status, _) => Ok(status.fault().into_iter().collect()),
    }
}
