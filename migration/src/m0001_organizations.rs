//! Organizations, their sites, and people, who belong to no organization.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // A partly applied migration could be neither repeated nor undone, and SQLite begins no transaction by itself.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(organization(manager)).await?;
        manager.create_table(user_account()).await?;
        manager.create_table(site()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["site", "user_account", "organization"]).await
    }
}

fn organization(manager: &SchemaManager<'_>) -> TableCreateStatement {
    table("organization")
        .col(pk_uuid("id"))
        .col(sort_key(manager, "slug"))
        .col(text("name"))
        .col(text("time_zone"))
        .col(text("currency"))
        .col(text("locale"))
        .col(boolean("four_eyes"))
        .col(big_integer("storage_limit"))
        .col(timestamp_with_time_zone_null("suspended_at"))
        .col(timestamp_with_time_zone("created_at"))
        .index(&mut unique(&["slug"]))
        .check(rule("storage_limit_set", "storage_limit >= 0"))
        .check(rule("currency_code", "length(currency) = 3"))
        .take()
}

fn user_account() -> TableCreateStatement {
    table("user_account")
        .col(pk_uuid("id"))
        .col(text("email"))
        .col(text("display_name"))
        .col(text_null("password_hash"))
        .col(timestamp_with_time_zone("created_at"))
        .index(&mut unique(&["email"]))
        .take()
}

fn site() -> TableCreateStatement {
    organization_table("site")
        .col(text("name"))
        .col(timestamp_with_time_zone("created_at"))
        .index(&mut unique(&["organization_id", "id"]))
        .take()
}
