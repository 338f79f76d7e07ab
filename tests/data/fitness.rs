//! The server refuses an unfit database and says how to repair it. `dossier doctor` says the same.

use crate::support::{process::command, services::Services};
use sea_orm::{ConnectionTrait, Database};
use std::path::Path;
use tempfile::TempDir;

/// Returns the standard error of a command that needs the database. It is empty after a success.
pub(super) fn stderr(data: &Path, arguments: &[&str]) -> String {
    let output = command(data).args(arguments).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    if output.status.success() {
        return String::new();
    }
    assert_eq!(output.status.code(), Some(1), "{err}");
    err
}

async fn production() -> (TempDir, Services) {
    let data = tempfile::tempdir().unwrap();
    let services = Services::production(data.path()).await;
    services.write(data.path());
    (data, services)
}

/// Statements that make the database unfit, the resulting message, and the repair.
const FAULTS: [(&str, &str, Repair); 7] = [
    ("ALTER TABLE message NO FORCE ROW LEVEL SECURITY", "`message` lacks forced row level security", Repair::Migrate),
    ("ALTER TABLE message DISABLE ROW LEVEL SECURITY", "`message` lacks forced row level security", Repair::Migrate),
    ("ALTER POLICY seen ON message USING (true)", "not the one of this version", Repair::Migrate),
    ("CREATE POLICY hole ON invoice FOR SELECT USING (true)", "not the one of this version", Repair::Migrate),
    ("CREATE VIEW peephole AS SELECT * FROM client", "`peephole` is no plain table", Repair::Sql("DROP VIEW peephole")),
    (
        "DELETE FROM seaql_migrations WHERE version LIKE 'm0008%'",
        "lacks `m0008_events`; run `dossier migrate`",
        Repair::Sql("INSERT INTO seaql_migrations VALUES ('m0008_events', 0)"),
    ),
    (
        "INSERT INTO seaql_migrations VALUES ('m9999_tomorrow', 0)",
        "has `m9999_tomorrow`, which this version does not know",
        Repair::Sql("DELETE FROM seaql_migrations WHERE version LIKE 'm9999%'"),
    ),
];

enum Repair {
    Sql(&'static str),
    Migrate,
}

#[tokio::test]
async fn an_unfit_database_is_refused_with_its_fault() {
    let (data, services) = production().await;
    let owner = Database::connect(services.get("MIGRATE_DATABASE_URL")).await.unwrap();
    assert_eq!(stderr(data.path(), &["organization", "list"]), "");
    assert_eq!(stderr(data.path(), &["doctor"]), "");
    for (damage, fault, mend) in &FAULTS {
        owner.execute_unprepared(damage).await.unwrap();
        let refusal = stderr(data.path(), &["serve"]);
        assert!(refusal.contains(fault), "{damage}: {refusal}");
        assert!(stderr(data.path(), &["doctor"]).contains("fault(s) found"), "{damage}");
        match mend {
            Repair::Sql(sql) => drop(owner.execute_unprepared(sql).await.unwrap()),
            Repair::Migrate => assert_eq!(stderr(data.path(), &["migrate"]), ""),
        }
        assert_eq!(stderr(data.path(), &["organization", "list"]), "", "{damage} is mended");
    }
}

#[tokio::test]
async fn a_role_that_bypasses_policies_is_refused() {
    let (data, mut services) = production().await;
    let owner = services.get("MIGRATE_DATABASE_URL").to_owned();
    services.set("DATABASE_URL", owner);
    services.write(data.path());
    let refusal = stderr(data.path(), &["serve"]);
    assert!(refusal.contains("which bypasses row level security"), "{refusal}");
    assert!(refusal.contains("which owns the tables"), "{refusal}");
    assert!(!refusal.contains(services.get("JWT_SECRET")), "{refusal}");
}

/// Processes that migrate at once wait for each other, and one of them does the work.
#[tokio::test]
async fn several_processes_may_migrate_at_once() {
    let (data, services) = production().await;
    let owner = Database::connect(services.get("MIGRATE_DATABASE_URL")).await.unwrap();
    owner.execute_unprepared("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await.unwrap();
    owner.execute_unprepared("GRANT USAGE ON SCHEMA public TO PUBLIC").await.unwrap();
    let migrations: Vec<_> =
        (0..4).map(|_| command(data.path()).arg("migrate").stderr(std::process::Stdio::piped()).spawn()).collect();
    for migration in migrations {
        let output = migration.unwrap().wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(stderr(data.path(), &["organization", "list"]), "");
}
