//! Indexes of the events that a client, or the members of a site, may see. They find the newest event without reading
//! the others.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, column, condition) in INDEXES {
            // SQLite uses an index for an order only if it has all columns of the order. The last of these is the id.
            let sql = format!("CREATE INDEX {name} ON event (organization_id, {column}, number, id) WHERE {condition}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, ..) in INDEXES {
            manager.get_connection().execute_unprepared(&format!("DROP INDEX {name}")).await?;
        }
        Ok(())
    }
}

/// The name, the column, and the condition.
const INDEXES: [(&str, &str, &str); 4] = [
    ("event_told_to_client_idx", "client_id", TOLD_TO_CLIENT),
    ("event_after_site_id_number_idx", "after_site_id", AT_SITE),
    ("event_told_to_staff_idx", "after_site_id", TOLD_TO_STAFF),
    ("event_left_site_idx", "before_site_id", LEFT_SITE),
];

/// The events of a dossier whose subject its client saw, before or after, and the uploads that clients began, which
/// only the uploader sees. A query uses the index only if it has the same condition, word for word.
pub const TOLD_TO_CLIENT: &str = "(before_present AND before_zone IS DISTINCT FROM 'PRIVATE' \
    AND before_visible IS NOT FALSE AND before_internal IS NOT TRUE AND before_draft IS NOT TRUE \
    OR after_present AND after_zone IS DISTINCT FROM 'PRIVATE' \
    AND after_visible IS NOT FALSE AND after_internal IS NOT TRUE AND after_draft IS NOT TRUE \
    OR kind = 'DOCUMENT_UPLOAD_REQUESTED' AND actor_kind = 'CLIENT')";

/// The events whose subject was at a site after the event.
pub const AT_SITE: &str = "after_site_id IS NOT NULL";

/// The events whose subject the staff of the dossier's site saw, before or after the event.
pub const TOLD_TO_STAFF: &str = "(subject_kind <> 'INVOICE' \
    AND (before_present AND (before_zone IS NULL OR before_zone <> 'PRIVATE' AND before_zone <> 'INVOICES') \
    OR after_present AND (after_zone IS NULL OR after_zone <> 'PRIVATE' AND after_zone <> 'INVOICES')))";

/// The events after which the subject was no longer at its site.
pub const LEFT_SITE: &str = "before_site_id IS NOT NULL AND after_site_id IS DISTINCT FROM before_site_id";
