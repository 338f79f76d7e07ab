//! Uploads are verified by a job: an upload is `VERIFYING` meanwhile, and `FAILED` for a reason. A job keeps a checkpoint,
//! from which its next attempt goes on.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in UPLOADS {
            replace_values(manager, table, "status", OLD_STATUSES, STATUSES).await?;
        }
        replace_values(manager, "event", "kind", KINDS, &new_kinds()).await?;
        let mut reason = string_len_null("failure_reason", 24);
        reason.check(one_of("failure_reason", REASONS));
        add_column(manager, "document_version", reason).await?;
        add_column(manager, "job_detail", text_null("checkpoint")).await?;
        replace_index(manager, TOLD_TO_CLIENT).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for table in UPLOADS {
            let open = format!("UPDATE {table} SET status = 'PENDING' WHERE status IN ('VERIFYING', 'FAILED')");
            db.execute_unprepared(&open).await?;
            replace_values(manager, table, "status", STATUSES, OLD_STATUSES).await?;
        }
        db.execute_unprepared(
            "UPDATE event SET kind = 'DOCUMENT_UPLOAD_REQUESTED' WHERE kind = 'DOCUMENT_UPLOAD_FAILED'",
        )
        .await?;
        replace_values(manager, "event", "kind", &new_kinds(), KINDS).await?;
        for (table, column) in [("document_version", "failure_reason"), ("job_detail", "checkpoint")] {
            manager.alter_table(Table::alter().table(table).drop_column(column).take()).await?;
        }
        replace_index(manager, crate::m0013_newest_events::TOLD_TO_CLIENT).await
    }
}

async fn add_column(manager: &SchemaManager<'_>, table: &'static str, column: ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column).take()).await
}

async fn replace_index(manager: &SchemaManager<'_>, condition: &str) -> Result<(), DbErr> {
    let db = manager.get_connection();
    db.execute_unprepared("DROP INDEX event_told_to_client_idx").await?;
    db.execute_unprepared(&format!(
        "CREATE INDEX event_told_to_client_idx ON event (organization_id, client_id, number, id) WHERE {condition}"
    ))
    .await
    .map(drop)
}

/// The tables whose rows have the status of an upload.
const UPLOADS: [&str; 2] = ["document", "document_version"];

const OLD_STATUSES: &[&str] = &["PENDING", "READY"];

const STATUSES: &[&str] = &["PENDING", "VERIFYING", "READY", "FAILED"];

const REASONS: &[&str] = &[
    "SIZE_MISMATCH",
    "SHA256_MISMATCH",
    "TYPE_MISMATCH",
    "TYPE_NOT_ACCEPTED",
    "UPLOAD_LOST",
    "STORE_UNAVAILABLE",
    "NOT_PERMITTED",
];

/// The events of a dossier whose subject its client saw, before or after; and those of the uploads that clients began,
/// which only the uploader sees. A query finds the index if it has the same condition, word for word.
pub const TOLD_TO_CLIENT: &str = "(before_present AND before_zone IS DISTINCT FROM 'PRIVATE' \
    AND before_visible IS NOT FALSE AND before_internal IS NOT TRUE AND before_draft IS NOT TRUE \
    OR after_present AND after_zone IS DISTINCT FROM 'PRIVATE' \
    AND after_visible IS NOT FALSE AND after_internal IS NOT TRUE AND after_draft IS NOT TRUE \
    OR (kind = 'DOCUMENT_UPLOAD_REQUESTED' OR kind = 'DOCUMENT_UPLOAD_FAILED') AND actor_kind = 'CLIENT')";

pub fn new_kinds() -> Vec<&'static str> {
    [&KINDS[..7], &["DOCUMENT_UPLOAD_FAILED"], &KINDS[7..]].concat()
}

/// The kinds of events before this step.
const KINDS: &[&str] = &[
    "CLIENT_CREATED",
    "CLIENT_UPDATED",
    "CLIENT_MOVED",
    "CLIENT_ARCHIVED",
    "CLIENT_RESTORED",
    "DOCUMENT_UPLOAD_REQUESTED",
    "DOCUMENT_UPLOADED",
    "DOCUMENT_PUBLISHED",
    "DOCUMENT_UNPUBLISHED",
    "DOCUMENT_MOVED",
    "DOCUMENT_RENAMED",
    "DOCUMENT_DELETED",
    "CONVERSATION_STARTED",
    "CONVERSATION_CLOSED",
    "MESSAGE_POSTED",
    "VALIDATION_SUBMITTED",
    "VALIDATION_RESUBMITTED",
    "VALIDATION_SHARED",
    "VALIDATION_ASSIGNED",
    "VALIDATION_APPROVED",
    "VALIDATION_REJECTED",
    "VALIDATION_CHANGES_REQUESTED",
    "VALIDATION_CANCELLED",
    "QUOTE_CREATED",
    "QUOTE_UPDATED",
    "QUOTE_ISSUED",
    "QUOTE_ACCEPTED",
    "QUOTE_REFUSED",
    "INVOICE_CREATED",
    "INVOICE_UPDATED",
    "INVOICE_ISSUED",
    "PAYMENT_RECORDED",
    "PAYMENT_REVERSED",
    "CREDIT_NOTE_CREATED",
    "CREDIT_NOTE_ISSUED",
];
