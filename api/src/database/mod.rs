//! Connects to the database, migrates its schema, and refuses a database that is not safe to serve.

mod connection;
pub mod roles;

pub use connection::{connect, look, open};

use crate::config::Config;
use dossier_core::error::BoxError;
use dossier_data::{Source, Transaction};
use migration::{MigrationStatus, partition::Outcome};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};
use secrecy::ExposeSecret;

/// Lets `SQLite` analyze the tables for which it has too few statistics to choose an index, with a few hundred rows of
/// each (<https://sqlite.org/lang_analyze.html>).
const LOOK_AT_TABLES: &str = "PRAGMA optimize = 0x10002";

/// Migrates the schema as its owner, and grants rights to the server's role. Concurrent calls wait for each other.
pub async fn migrate(config: &Config) -> Result<(), BoxError> {
    let role = config.migrate_database_url.as_ref().and_then(|_| roles::name_in(&config.database()));
    update(&owned(config).await?, role.as_deref()).await
}

/// Migrates the schema of this database, unless a newer version has migrated it further.
pub async fn update(db: &DatabaseConnection, role: Option<&str>) -> Result<(), BoxError> {
    if let newer @ MigrationStatus::Newer(_) = migration::status(db).await? {
        return Err(unfit(newer.fault().as_slice()));
    }
    Ok(migration::up(db, role).await?)
}

/// Partitions the tables that grow without limit, as their owner. Returns false if they are already partitioned.
pub async fn partition(config: &Config, partitions: u16) -> Result<bool, BoxError> {
    Ok(migration::partition::divide(&owned(config).await?, partitions).await? == Outcome::Divided)
}

/// Connects to the configured database as its owner. Row Level Security does not apply to an owner that differs from
/// the server's role.
pub async fn owned(config: &Config) -> Result<DatabaseConnection, BoxError> {
    match &config.migrate_database_url {
        Some(owner) => {
            let opened = connect(owner.expose_secret()).await;
            opened.map_err(|error| format!("MIGRATE_DATABASE_URL: {error}").into())
        }
        None => open(config).await,
    }
}

/// Fails unless policies do not apply to the connection and the schema is that of this version.
pub async fn own(db: &DatabaseConnection) -> Result<(), BoxError> {
    if let Some(fault) = migration::status(db).await?.fault() {
        return Err(unfit(&[fault]));
    }
    if db.get_database_backend() == DbBackend::Postgres && !migration::policies::is_exempt(db).await? {
        return Err("row level security applies to this role, so it cannot write for all organizations; set \
                    MIGRATE_DATABASE_URL to the owner of the tables, as for `dossier migrate`"
            .into());
    }
    Ok(())
}

/// Returns the configured database after checking that it is safe to serve. Only the embedded database is migrated.
pub async fn current(config: &Config) -> Result<Source, BoxError> {
    let db = open(config).await?;
    if config.is_embedded() {
        update(&db, None).await?;
        // Without statistics, plans may be worse. A full disk is no reason to stop serving.
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
    format!("the database cannot be served:\n  {}", faults.join("\n  ")).into()
}

/// Returns the reasons why the configured database cannot be served, for the operator.
pub async fn faults(config: &Config, db: &impl ConnectionTrait) -> Result<Vec<String>, BoxError> {
    match (migration::status(db).await?, db.get_database_backend()) {
        // The server migrates it when it starts.
        (MigrationStatus::Outdated(_), _) if config.is_embedded() => Ok(Vec::new()),
        (MigrationStatus::Current, DbBackend::Postgres) => Ok(migration::policies::faults(db).await?),
        (status, _) => Ok(status.fault().into_iter().collect()),
    }
}
