//! API keys of organizations, with which scripts call the API.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut of_key = boolean(OF_KEY).default(false).take();
        manager.alter_table(Table::alter().table("membership").add_column(&mut of_key).take()).await?;
        manager.create_table(api_key()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["api_key"]).await?;
        manager.alter_table(Table::alter().table("membership").drop_column(OF_KEY).take()).await
    }
}

/// Whether a membership is that of a key.
const OF_KEY: &str = "api_key";

fn api_key() -> TableCreateStatement {
    organization_table("api_key")
        .col(uuid("user_id"))
        .col(text("name"))
        .col(text("token_start"))
        .col(text("token_hash"))
        .col(text("token_salt"))
        .col(text("scopes"))
        .col(uuid_null("site_id"))
        .col(text_null("networks"))
        .col(text("creator_name"))
        .col(string_len("creator_kind", 24))
        .col(uuid_null("creator_id"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("expires_at"))
        .col(timestamp_with_time_zone_null("revoked_at"))
        .col(timestamp_with_time_zone_null("last_used_at"))
        .col(text_null("last_network"))
        .index(&mut unique(&["organization_id", "id"]))
        .index(&mut unique(&["token_hash"]))
        .foreign_key(&mut to_user("user_id"))
        .foreign_key(&mut to_user("creator_id"))
        .foreign_key(&mut within_organization("site_id", "site"))
        .check(one_of("creator_kind", &["CLIENT", "MEMBER", "ASSISTANT", "SYSTEM"]))
        .take()
}
