//! An index for each filter that leaves few rows. Without one, the database reads the rows in order until it has found
//! a page, or has read all. The migration also adds a trigger that counts the bytes of documents, once the counter
//! exists. Without it, each upload would add up all bytes again.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_indexes(manager, "validation_request", &[ASSIGNED]).await?;
        for (table, indexes) in FILTERS {
            create_indexes(manager, table, indexes).await?;
        }
        let db = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Postgres {
            let function = format!("{FUNCTION} BEGIN {COUNT}; RETURN NULL; END $$");
            db.execute_unprepared(&function).await?;
            db.execute_unprepared(&format!("{TRIGGER} FOR EACH ROW EXECUTE FUNCTION dossier_stored()")).await?;
        } else {
            db.execute_unprepared(&format!("{TRIGGER} BEGIN {COUNT}; END")).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Postgres {
            db.execute_unprepared("DROP TRIGGER document_version_stored ON document_version").await?;
            db.execute_unprepared("DROP FUNCTION dossier_stored()").await?;
        } else {
            db.execute_unprepared("DROP TRIGGER document_version_stored").await?;
        }
        for (table, indexes) in FILTERS {
            drop_indexes(manager, table, indexes).await?;
        }
        create_indexes(manager, "validation_request", &[ASSIGNED]).await
    }
}

/// Finds the requests of an assignee, in no particular order.
const ASSIGNED: &[&str] = &["assignee_id"];

/// By table: the organization, the column of a filter, and an order. Pending uploads and open conversations are few
/// among all rows. Files of a zone often have names with the same beginning.
const FILTERS: [(&str, &[&[&str]]); 3] = [
    ("document", &[&["organization_id", "status", "id"], &["organization_id", "zone", "name_key", "id"]]),
    ("conversation", &[&["organization_id", "status", "updated_at", "id"]]),
    ("validation_request", &[&["assignee_id", "id"]]),
];

const TRIGGER: &str = "CREATE TRIGGER document_version_stored AFTER INSERT ON document_version";

/// It runs as the owner, who always sees the counter.
const FUNCTION: &str = "CREATE FUNCTION dossier_stored() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$";

const COUNT: &str =
    "UPDATE counter SET value = value + NEW.size WHERE organization_id = NEW.organization_id AND name = 'STORED'";
