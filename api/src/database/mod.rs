//! The database itself: connecting to it, bringing its schema up to date, and refusing one that is not safe to serve.

mod connection;
pub mod roles;

pub use connection::{connect, look, open};

use crate::config::Config;
use dossier_core::error::BoxError;
use dossier_data::{Source, Transaction};
use migration::{MigrationStatus, partition::Outcome};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};
use secrecy::ExposeSecret;

/// Has `SQLite` look at the tables about which it knows too little to choose between their indexes: at a few hundred rows
/// of each (<https://sqlite.org/lang_analyze.html>).
const LOOK_AT_TABLES: &str = "PRAGMA optimize = 0x10002";

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
