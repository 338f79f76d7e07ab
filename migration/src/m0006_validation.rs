//! Validation requests and their history.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(validation_request()).await?;
        create_indexes(
            manager,
            "validation_request",
            // The last one finds the requests about a document, which prevent its deletion.
            &[&["organization_id", "status", "id"], &["assignee_id"], &["document_version_id"]],
        )
        .await?;
        manager.create_table(validation_step()).await?;
        create_indexes(manager, "validation_step", &[&["request_id", "id"]]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["validation_step", "validation_request"]).await
    }
}

fn validation_request() -> TableCreateStatement {
    dossier_table("validation_request")
        .col(uuid_null("document_version_id"))
        .col(text("title"))
        .col(text_null("description"))
        .col(string_len("status", 24))
        .col(boolean("internal"))
        .col(text_null("internal_note"))
        .col(text_null("decision_reason"))
        .col(uuid_null("submitter_id"))
        .col(text("submitter_name"))
        .col(uuid_null("assignee_id"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .col(integer("revision"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .index(&mut unique(&["organization_id", "client_id", "id"]))
        .foreign_key(&mut within_dossier("document_version_id", "document_version"))
        .foreign_key(&mut to_user("submitter_id"))
        .foreign_key(&mut within_organization("assignee_id", "membership"))
        .check(one_of("status", &["PENDING", "APPROVED", "REJECTED", "CHANGES_REQUESTED", "CANCELLED"]))
        .take()
}

fn validation_step() -> TableCreateStatement {
    dossier_table("validation_step")
        .col(uuid("request_id"))
        .col(string_len("action", 24))
        .col(text_null("reason"))
        .col(uuid_null("document_version_id"))
        .col(string_len("actor_kind", 24))
        .col(uuid_null("actor_id"))
        .col(text("actor_name"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut within_dossier("request_id", "validation_request"))
        .foreign_key(&mut within_dossier("document_version_id", "document_version"))
        .foreign_key(&mut to_user("actor_id"))
        .check(one_of("action", ACTIONS))
        .check(one_of("actor_kind", &["CLIENT", "MEMBER", "ASSISTANT", "SYSTEM"]))
        .take()
}

const ACTIONS: &[&str] =
    &["SUBMITTED", "RESUBMITTED", "SHARED", "ASSIGNED", "APPROVED", "REJECTED", "CHANGES_REQUESTED", "CANCELLED"];
