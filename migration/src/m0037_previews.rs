//! Previews of document versions.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "document_version";

/// The sweep finds the versions that wait for their previews.
const PENDING: &str = "CREATE INDEX document_version_preview_pending_idx ON document_version (organization_id, id) \
                       WHERE preview IS NULL";

/// Versions of other types have no previews.
const OTHERS: &str = "UPDATE document_version SET preview = 'NONE' WHERE content_type NOT LIKE 'image/%' \
                      AND content_type NOT LIKE 'application/pdf%'";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = &mut string_len_null("preview", 24);
        manager.alter_table(Table::alter().table(TABLE).add_column(column).take()).await?;
        let db = manager.get_connection();
        db.execute_unprepared(OTHERS).await?;
        db.execute_unprepared(PENDING).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("document_version_preview_pending_idx").table(TABLE).to_owned()).await?;
        manager.alter_table(Table::alter().table(TABLE).drop_column("preview").take()).await
    }
}
