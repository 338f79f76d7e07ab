//! Counts only the bytes that the store still holds, or may still receive. Discarded bytes count until they are deleted
//! from the store.
//!
//! Triggers keep the count and discard the versions of a deleted document. Processes of the version before do neither,
//! and a person who deletes a document need not see all its versions.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in COLUMNS {
            let column = timestamp_with_time_zone_null(column);
            manager.alter_table(Table::alter().table(TABLE).add_column(column).take()).await?;
        }
        let db = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Postgres {
            db.execute_unprepared(DEFAULT).await?;
            for (name, on, change) in TRIGGERS {
                let function = format!(
                    "CREATE FUNCTION dossier_{name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER \
                     SET search_path FROM CURRENT AS $$ BEGIN {change}; RETURN NULL; END $$"
                );
                db.execute_unprepared(&function).await?;
                let (table, when) = on;
                let trigger = format!(
                    "CREATE TRIGGER {table}_{name} AFTER UPDATE OF {when}_at ON {table} FOR EACH ROW \
                     WHEN ({}) EXECUTE FUNCTION dossier_{name}()",
                    set_now(when)
                );
                db.execute_unprepared(&trigger).await?;
            }
        } else {
            for (name, (table, when), change) in TRIGGERS {
                let trigger = format!(
                    "CREATE TRIGGER {table}_{name} AFTER UPDATE OF {when}_at ON {table} \
                     WHEN {} BEGIN {change}; END",
                    set_now(when)
                );
                db.execute_unprepared(&trigger).await?;
            }
        }
        for sql in [OPEN, DISCARDED, INDEX] {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for (name, (table, _), _) in TRIGGERS {
            if manager.get_database_backend() == DbBackend::Postgres {
                db.execute_unprepared(&format!("DROP TRIGGER {table}_{name} ON {table}")).await?;
                db.execute_unprepared(&format!("DROP FUNCTION dossier_{name}()")).await?;
            } else {
                db.execute_unprepared(&format!("DROP TRIGGER {table}_{name}")).await?;
            }
        }
        db.execute_unprepared("DROP INDEX document_version_sweep_at_idx").await?;
        for column in COLUMNS {
            manager.alter_table(Table::alter().table(TABLE).drop_column(column).take()).await?;
        }
        Ok(())
    }
}

const TABLE: &str = "document_version";

const COLUMNS: [&str; 3] = ["discarded_at", "released_at", "sweep_at"];

/// The sweep also handles uploads that a process of the version before announces. `SQLite` serves one process, and does
/// not accept such a default.
const DEFAULT: &str = "ALTER TABLE document_version ALTER COLUMN sweep_at SET DEFAULT now()";

/// By name: the table, the time that must be set on it, and the effect. They run as the owner, who sees the counter and
/// all versions.
const TRIGGERS: [(&str, (&str, &str), &str); 2] = [
    (
        "released",
        (TABLE, "released"),
        "UPDATE counter SET value = value - NEW.size \
         WHERE organization_id = NEW.organization_id AND name = 'STORED'",
    ),
    (
        "discarded",
        ("document", "deleted"),
        "UPDATE document_version SET discarded_at = NEW.deleted_at, sweep_at = NEW.deleted_at \
         WHERE organization_id = NEW.organization_id AND document_id = NEW.id AND discarded_at IS NULL",
    ),
];

fn set_now(time: &str) -> String {
    format!("OLD.{time}_at IS NULL AND NEW.{time}_at IS NOT NULL")
}

/// Open uploads, and the versions of deleted documents, wait for the first sweep.
const OPEN: &str = "UPDATE document_version SET sweep_at = created_at WHERE status = 'PENDING'";
const DISCARDED: &str = "UPDATE document_version SET sweep_at = created_at, \
    discarded_at = (SELECT deleted_at FROM document WHERE document.id = document_version.document_id) \
    WHERE document_id IN (SELECT id FROM document WHERE deleted_at IS NOT NULL)";

/// Partial, because few of all versions wait for a sweep.
const INDEX: &str = "CREATE INDEX document_version_sweep_at_idx ON document_version (organization_id, sweep_at) \
    WHERE sweep_at IS NOT NULL";
