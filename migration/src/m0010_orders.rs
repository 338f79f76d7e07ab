//! An index for each order in which the lists of an organization come: without one, the database reads and sorts all of
//! them for a page.

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

/// By table: the organization, what else all rows of the list have in common, and what they are ordered by.
const ORDERS: [(&str, &[&[&str]]); 4] = [
    ("document", &[&["organization_id", "id"], &["organization_id", "name_key", "id"]]),
    ("conversation", &[&["organization_id", "id"]]),
    ("validation_request", &[&["organization_id", "id"], &["organization_id", "updated_at", "id"]]),
    ("invoice", &[&["organization_id", "kind", "id"], &["organization_id", "kind", "updated_at", "id"]]),
];
