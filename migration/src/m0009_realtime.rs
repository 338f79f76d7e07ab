//! How long events are kept, and a number that changes whenever access may have changed.
//!
//! Triggers count, because access can also end by hand: somebody may suspend a member in the database itself.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut days = integer("event_days");
        days.default(7).check(rule("event_days_in_range", "event_days BETWEEN 1 AND 3650"));
        manager.alter_table(Table::alter().table("organization").add_column(days).take()).await?;
        let db = manager.get_connection();
        match manager.get_database_backend() {
            DbBackend::Postgres => {
                db.execute_unprepared(COUNT).await?;
                for (table, organization, when) in WATCHED {
                    let sql = format!(
                        "CREATE TRIGGER {table}_access AFTER {} ON {table} FOR EACH ROW \
                         EXECUTE FUNCTION dossier_access_changed('{organization}')",
                        when.join(" OR ")
                    );
                    db.execute_unprepared(&sql).await?;
                }
            }
            _ => {
                for (table, organization, when) in WATCHED {
                    for when in when {
                        db.execute_unprepared(&counting(table, organization, when)).await?;
                    }
                }
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for (table, _, when) in WATCHED {
            if manager.get_database_backend() == DbBackend::Postgres {
                db.execute_unprepared(&format!("DROP TRIGGER {table}_access ON {table}")).await?;
            } else {
                for when in when {
                    db.execute_unprepared(&format!("DROP TRIGGER {}", name(table, when))).await?;
                }
            }
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            db.execute_unprepared("DROP FUNCTION dossier_access_changed()").await?;
        }
        manager.alter_table(Table::alter().table("organization").drop_column("event_days").take()).await
    }
}

/// The table, the column of the organization, and the changes of a row that may change somebody's access.
const WATCHED: [(&str, &str, &[&str]); 4] = [
    ("organization", "id", &["UPDATE OF suspended_at"]),
    ("membership", "organization_id", &["UPDATE", "DELETE"]),
    ("membership_site", "organization_id", &["INSERT", "UPDATE", "DELETE"]),
    ("session", "organization_id", &["UPDATE", "DELETE"]),
];

/// It runs as the owner, who always sees the counter.
const COUNT: &str = "CREATE FUNCTION dossier_access_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO counter (organization_id, name, value)
        VALUES ((to_jsonb(CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END) ->> TG_ARGV[0])::uuid, 'ACCESS', 1)
        ON CONFLICT (organization_id, name) DO UPDATE SET value = counter.value + 1;
    RETURN NULL;
END $$";

fn name(table: &str, when: &str) -> String {
    format!("{table}_access_{}", when.split(' ').next().unwrap_or(when).to_lowercase())
}

/// Returns the same trigger for `SQLite`, which needs one for each kind of change.
fn counting(table: &str, organization: &str, when: &str) -> String {
    let row = if when == "DELETE" { "OLD" } else { "NEW" };
    format!(
        "CREATE TRIGGER {} AFTER {when} ON {table} BEGIN \
         INSERT INTO counter (organization_id, name, value) VALUES ({row}.{organization}, 'ACCESS', 1) \
         ON CONFLICT (organization_id, name) DO UPDATE SET value = value + 1; END",
        name(table, when)
    )
}
