//! Dossier's schema, step by step, the same on `SQLite` and `PostgreSQL`.
//!
//! The database itself refuses what must never be: a row that names another organization's or another client's row,
//! a status that its kind does not know, an issued invoice without a number. Foreign keys look past Row Level
//! Security, so they are composite and carry the organization, and within a dossier the client, of both rows.
//!
//! A released step never changes, and therefore names tables, columns and values itself instead of borrowing them
//! from `entities`, which follow the newest schema.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m0001_organizations;
mod m0002_clients;
mod m0003_members;
mod m0004_documents;
mod m0005_conversations;
mod m0006_validation;
mod m0007_invoices;
mod m0008_events;
mod prelude;

/// All steps, oldest first.
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
        ]
    }
}
