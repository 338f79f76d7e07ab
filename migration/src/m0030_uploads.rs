//! An upload whose bytes are of another type than announced keeps them, and the recognized type. Uploads can be scanned for
//! malware.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = &mut text_null("recognized_type");
        manager.alter_table(Table::alter().table(TABLE).add_column(column).take()).await?;
        replace_values(manager, TABLE, "failure_reason", REASONS, &new_reasons()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let failed = "UPDATE document_version SET failure_reason = 'STORE_UNAVAILABLE' \
                      WHERE failure_reason IN ('MALWARE_FOUND', 'SCANNER_UNAVAILABLE')";
        manager.get_connection().execute_unprepared(failed).await?;
        replace_values(manager, TABLE, "failure_reason", &new_reasons(), REASONS).await?;
        manager.alter_table(Table::alter().table(TABLE).drop_column("recognized_type").take()).await
    }
}

const TABLE: &str = "document_version";

const REASONS: &[&str] = &[
    "SIZE_MISMATCH",
    "SHA256_MISMATCH",
    "TYPE_MISMATCH",
    "TYPE_NOT_ACCEPTED",
    "UPLOAD_LOST",
    "STORE_UNAVAILABLE",
    "NOT_PERMITTED",
];

fn new_reasons() -> Vec<&'static str> {
    [REASONS, &["MALWARE_FOUND", "SCANNER_UNAVAILABLE"]].concat()
}
