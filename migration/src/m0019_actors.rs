//! The capacity in which people uploaded, submitted and recorded, and the person who recorded a payment.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in KINDS {
            // Processes of the version before add rows without it.
            let mut kind = string_len(column, 24);
            kind.default("MEMBER").check(one_of(column, ACTORS));
            manager.alter_table(Table::alter().table(table).add_column(kind).take()).await?;
        }
        let mut recorder = uuid_null(RECORDER);
        recorder.extra("REFERENCES user_account (id)");
        manager.alter_table(Table::alter().table("payment").add_column(recorder).take()).await?;
        let db = manager.get_connection();
        for table in ["document", "document_version"] {
            db.execute_unprepared(&OF_UPLOADERS.replace("{table}", table)).await?;
        }
        db.execute_unprepared(OF_SUBMITTERS).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in KINDS.into_iter().chain([("payment", RECORDER)]) {
            manager.alter_table(Table::alter().table(table).drop_column(column).take()).await?;
        }
        Ok(())
    }
}

const KINDS: [(&str, &str); 4] = [
    ("document", "uploader_kind"),
    ("document_version", "uploader_kind"),
    ("validation_request", "submitter_kind"),
    ("payment", "recorder_kind"),
];

/// The person. It is null for the payments from before this step.
const RECORDER: &str = "recorder_id";

const ACTORS: &[&str] = &["CLIENT", "MEMBER", "ASSISTANT", "SYSTEM"];

/// Somebody who is a client of the dossier uploaded as its client.
const OF_UPLOADERS: &str = "UPDATE {table} \
    SET uploader_kind = CASE WHEN uploader_id IS NULL THEN 'SYSTEM' ELSE 'CLIENT' END \
    WHERE uploader_id IS NULL OR EXISTS (SELECT 1 FROM membership \
        WHERE membership.organization_id = {table}.organization_id \
        AND membership.user_id = {table}.uploader_id AND membership.client_id = {table}.client_id)";

const OF_SUBMITTERS: &str = "UPDATE validation_request SET submitter_kind = coalesce(( \
    SELECT step.actor_kind FROM validation_step step WHERE step.organization_id = validation_request.organization_id \
    AND step.request_id = validation_request.id AND step.action = 'SUBMITTED' LIMIT 1), 'MEMBER')";
