//! The rows of `dossier seed` are as consistent as rows that people create through the domain.

pub mod api;
mod rows;

use dossier_seed::generated::{Person, Plan, run};
use indicatif::ProgressBar;
use migration::{Migrator, MigratorTrait};
use sea_orm::{Database, DatabaseConnection};
use std::path::Path;

/// A small plan with a client of each kind, and enough rows for each state.
fn plan() -> Plan {
    Plan {
        organizations: 2,
        clients: 11,
        documents: 17,
        conversations: 2,
        messages: 6,
        requests: 7,
        invoices: 9,
        seed: 42,
    }
}

pub async fn database(folder: &Path) -> DatabaseConnection {
    let db = Database::connect(format!("sqlite://{}?mode=rwc", folder.join("dossier.db").display())).await.unwrap();
    Migrator::up(&db, None).await.unwrap();
    db
}

/// Returns all introduced people, or the reason why nothing was generated.
pub async fn seed(db: &DatabaseConnection, plan: &Plan) -> Result<Vec<serde_json::Value>, String> {
    let mut people = Vec::new();
    let introduce = |person: Person<'_>| {
        people.push(serde_json::to_value(person)?);
        Ok(())
    };
    run(db, plan, &ProgressBar::hidden(), introduce).await.map_err(|error| error.to_string())?;
    Ok(people)
}
