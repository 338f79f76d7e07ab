//! Clients. Only this table contains their site, so that moving a client to another site changes no other rows.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(client(manager)).await?;
        create_indexes(
            manager,
            "client",
            &[
                &["organization_id", "name_key", "id"],
                &["organization_id", "site_id"],
                &["organization_id", "status", "id"],
                &["organization_id", "updated_at", "id"],
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["client"]).await
    }
}

fn client(manager: &SchemaManager<'_>) -> TableCreateStatement {
    organization_table("client")
        .col(uuid_null("site_id"))
        .col(text("name"))
        .col(sort_key(manager, "name_key"))
        .col(text_null("email"))
        .col(text_null("phone"))
        .col(text_null("billing_address"))
        .col(string_len("track", 24))
        .col(string_len("status", 24))
        .col(string_len_null("status_before_archive", 24))
        .col(text_null("internal_notes"))
        .col(integer("revision"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .index(&mut unique(&["organization_id", "id"]))
        .foreign_key(&mut within_organization("site_id", "site"))
        .check(one_of("track", &["LAB", "ONE"]))
        .check(one_of("status", &["PROSPECT", "ACTIVE", "PAUSED", "ARCHIVED"]))
        .check(one_of("status_before_archive", &["PROSPECT", "ACTIVE", "PAUSED"]))
        .check(rule("archived_from", "(status = 'ARCHIVED') = (status_before_archive IS NOT NULL)"))
        .take()
}
