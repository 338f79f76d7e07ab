//! How the portals of an organization look.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(portal()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["portal"]).await
    }
}

fn portal() -> TableCreateStatement {
    organization_table("portal")
        .col(string_len("track", 24))
        .col(text_null("name"))
        .col(string_len_null("accent_color", 7))
        .col(text_null("logo"))
        .index(&mut unique(&["organization_id", "track"]))
        .check(one_of("track", &["LAB", "ONE"]))
        .take()
}
