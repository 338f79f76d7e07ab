//! The migrations of Dossier's schema, the same on `SQLite` and `PostgreSQL`.
//!
//! The database itself refuses invalid states: a row that refers to another organization's or another client's row, a
//! status that its kind does not have, an issued invoice without a number. Foreign keys ignore Row Level Security. They
//! are therefore composite: they contain the organization and, within a dossier, the client of both rows.
//!
//! A released migration never changes. It therefore names tables, columns and values itself instead of using
//! `entities`, which follow the newest schema.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, TransactionTrait},
};

mod m0001_organizations;
mod m0002_clients;
mod m0003_members;
mod m0004_documents;
mod m0005_conversations;
mod m0006_validation;
mod m0007_invoices;
mod m0008_events;
mod m0009_realtime;
mod m0010_orders;
mod m0011_filters;
mod m0012_storage;
mod m0013_newest_events;
mod m0014_jobs;
mod m0015_verification;
mod m0016_scopes;
mod m0017_invitations;
mod m0018_sessions;
mod m0019_actors;
mod m0020_client_mutation_ids;
mod m0021_api_keys;
mod m0022_factors;
mod m0023_audit;
mod m0024_passkeys;
mod m0025_external_identities;
mod m0026_accent_colors;
mod m0027_key_actors;
mod m0028_drafts;
mod m0029_message_changes;
mod m0030_uploads;
mod m0031_own_storage_limits;
mod m0032_document_life;
mod m0033_validation_rounds;
mod m0034_read_markers;
mod m0035_portals;
mod m0037_previews;
pub mod partition;
pub mod policies;
mod prelude;
mod rls;
mod rls_conditions;
mod rls_functions;
mod settings;

pub use m0013_newest_events::{AT_SITE, LEFT_SITE, TOLD_TO_STAFF};
pub use m0015_verification::TOLD_TO_CLIENT;
pub use settings::{EVERY_SCOPE, ViewerSettings};

/// If two processes migrate at once, the second waits for the first, and has nothing left to do.
const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtext('dossier migrate'))";

/// Updates the schema, on `PostgreSQL` with Row Level Security, for a server that connects as `role`.
pub async fn up(db: &DatabaseConnection, role: Option<&str>) -> Result<(), DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Migrator::up(db, None).await;
    }
    let tx = db.begin().await?;
    tx.execute_unprepared(LOCK).await?;
    Migrator::up(&tx, None).await?;
    policies::install(&tx).await?;
    if let Some(role) = role {
        policies::grant_access(&tx, role).await?;
    }
    tx.commit().await
}

/// The state of a database's schema, compared with the migrations of this version.
#[derive(Debug, PartialEq, Eq)]
pub enum MigrationStatus {
    /// All migrations are applied, and no others.
    Current,
    /// At least this migration is missing.
    Outdated(String),
    /// This version does not know this migration.
    Newer(String),
}

impl MigrationStatus {
    /// Returns the reason why the schema does not fit this version, in words for the operator.
    pub fn fault(&self) -> Option<String> {
        match self {
            Self::Current => None,
            Self::Outdated(step) => Some(format!("its schema lacks `{step}`; run `dossier migrate`, then start again")),
            Self::Newer(step) => Some(format!(
                "its schema has `{step}`, which this version does not know; run the version that it was migrated by, or \
                 a newer one"
            )),
        }
    }
}

/// Compares the applied migrations with those of this version. It changes nothing.
pub async fn status(db: &impl ConnectionTrait) -> Result<MigrationStatus, DbErr> {
    let known: Vec<_> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
    let done = steps_done(db).await?;
    if let Some(newer) = done.iter().find(|step| !known.contains(step)) {
        return Ok(MigrationStatus::Newer(newer.clone()));
    }
    Ok(known.into_iter().find(|step| !done.contains(step)).map_or(MigrationStatus::Current, MigrationStatus::Outdated))
}

async fn steps_done(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let there = match db.get_database_backend() {
        DbBackend::Postgres => "SELECT to_regclass('seaql_migrations') IS NOT NULL",
        _ => "SELECT count(*) > 0 FROM sqlite_master WHERE name = 'seaql_migrations'",
    };
    let ask = |sql: &str| Statement::from_string(db.get_database_backend(), sql);
    if !db.query_one_raw(ask(there)).await?.map_or(Ok(false), |row| row.try_get_by_index(0))? {
        return Ok(Vec::new());
    }
    let rows = db.query_all_raw(ask("SELECT version FROM seaql_migrations ORDER BY version")).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// All migrations, the oldest first.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_organizations::Migration),
            Box::new(m0002_clients::Migration),
            Box::new(m0003_members::Migration),
            Box::new(m0004_documents::Migration),
            Box::new(m0005_conversations::Migration),
            Box::new(m0006_validation::Migration),
            Box::new(m0007_invoices::Migration),
            Box::new(m0008_events::Migration),
            Box::new(m0009_realtime::Migration),
            Box::new(m0010_orders::Migration),
            Box::new(m0011_filters::Migration),
            Box::new(m0012_storage::Migration),
            Box::new(m0013_newest_events::Migration),
            Box::new(m0014_jobs::Migration),
            Box::new(m0015_verification::Migration),
            Box::new(m0016_scopes::Migration),
            Box::new(m0017_invitations::Migration),
            Box::new(m0018_sessions::Migration),
            Box::new(m0019_actors::Migration),
            Box::new(m0020_client_mutation_ids::Migration),
            Box::new(m0021_api_keys::Migration),
            Box::new(m0022_factors::Migration),
            Box::new(m0023_audit::Migration),
            Box::new(m0024_passkeys::Migration),
            Box::new(m0025_external_identities::Migration),
            Box::new(m0026_accent_colors::Migration),
            Box::new(m0027_key_actors::Migration),
            Box::new(m0028_drafts::Migration),
            Box::new(m0029_message_changes::Migration),
            Box::new(m0030_uploads::Migration),
            Box::new(m0031_own_storage_limits::Migration),
            Box::new(m0032_document_life::Migration),
            Box::new(m0033_validation_rounds::Migration),
            Box::new(m0034_read_markers::Migration),
            Box::new(m0035_portals::Migration),
            Box::new(m0037_previews::Migration),
        ]
    }
}
