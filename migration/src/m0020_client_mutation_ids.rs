//! The id that a caller gave to the mutation that an event came from.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let id = string_len_null(COLUMN, 64);
        manager.alter_table(Table::alter().table("event").add_column(id).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("event").drop_column(COLUMN).take()).await
    }
}

const COLUMN: &str = "client_mutation_id";
