//! An index for each order of an organization's lists. Without one, the database reads and sorts all rows for a page.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, indexes) in ORDERS {
            create_indexes(manager, table, indexes).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, indexes) in ORDERS {
            drop_indexes(manager, table, indexes).await?;
        }
        Ok(())
    }
}

/// By table: the organization, other columns that all rows of the list share, and the columns of the order.
const ORDERS: [(&str, &[&[&str]]); 4] = [
    ("document", &[&["organization_id", "id"], &["organization_id", "name_key", "id"]]),
    ("conversation", &[&["organization_id", "id"]]),
    ("validation_request", &[&["organization_id", "id"], &["organization_id", "updated_at", "id"]]),
    ("invoice", &[&["organization_id", "kind", "id"], &["organization_id", "kind", "updated_at", "id"]]),
];
