//! An index for each filter that leaves few of many: without one, the database walks along the order until it has
//! found a page, or has seen all.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_indexes(manager, "validation_request", &[ASSIGNED]).await?;
        for (table, indexes) in FILTERS {
            create_indexes(manager, table, indexes).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, indexes) in FILTERS {
            drop_indexes(manager, table, indexes).await?;
        }
        create_indexes(manager, "validation_request", &[ASSIGNED]).await
    }
}

/// Finds what is assigned to somebody, and not in which order.
const ASSIGNED: &[&str] = &["assignee_id"];

/// By table: the organization, what a filter asks for, and an order. Uploads that wait and conversations that are open are
/// few among all that ever were; and files of a zone have names that begin alike.
const FILTERS: [(&str, &[&[&str]]); 3] = [
    ("document", &[&["organization_id", "status", "id"], &["organization_id", "zone", "name_key", "id"]]),
    ("conversation", &[&["organization_id", "status", "updated_at", "id"]]),
    ("validation_request", &[&["assignee_id", "id"]]),
];
