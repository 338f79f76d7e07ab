//! How far members have read conversations.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(read_marker()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["read_marker"]).await
    }
}

fn read_marker() -> TableCreateStatement {
    dossier_table("read_marker")
        .col(uuid("membership_id"))
        .col(uuid("conversation_id"))
        // Messages may be partitioned, so that no key refers to them.
        .col(uuid("message_id"))
        .col(timestamp_with_time_zone("updated_at"))
        .index(&mut unique(&["membership_id", "conversation_id"]))
        .foreign_key(&mut within_organization("membership_id", "membership"))
        .foreign_key(&mut within_dossier("conversation_id", "conversation"))
        .take()
}
