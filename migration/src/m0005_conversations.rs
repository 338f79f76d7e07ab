//! Conversations and their messages.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(conversation()).await?;
        create_indexes(manager, "conversation", &[&["organization_id", "updated_at", "id"]]).await?;
        manager.create_table(message()).await?;
        create_indexes(manager, "message", &[&["conversation_id", "id"]]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["message", "conversation"]).await
    }
}

fn conversation() -> TableCreateStatement {
    dossier_table("conversation")
        .col(text("subject"))
        .col(string_len("status", 24))
        .col(text_null("analysis"))
        .col(integer("revision"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .index(&mut unique(&["organization_id", "client_id", "id"]))
        .check(one_of("status", &["OPEN", "CLOSED"]))
        .take()
}

fn message() -> TableCreateStatement {
    dossier_table("message")
        .col(uuid("conversation_id"))
        .col(string_len("author_kind", 24))
        .col(uuid_null("author_id"))
        .col(text("author_name"))
        .col(text("body"))
        .col(boolean("internal"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut within_dossier("conversation_id", "conversation"))
        .foreign_key(&mut to_user("author_id"))
        .check(one_of("author_kind", &["CLIENT", "MEMBER", "ASSISTANT", "SYSTEM"]))
        .check(rule("body_not_empty", "body <> ''"))
        .take()
}
