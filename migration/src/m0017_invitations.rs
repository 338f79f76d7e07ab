//! Invitations, removed members, closed sites, the language of a person, and an organization's legal details.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in new_columns() {
            let (table, mut column) = column;
            manager.alter_table(Table::alter().table(table).add_column(&mut column).take()).await?;
        }
        manager.create_table(invitation()).await?;
        create_indexes(manager, "invitation", &[&["organization_id", "email"], &["client_id"]]).await?;
        // Owners are few among the members.
        create_indexes(manager, "membership", OF_ROLES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_indexes(manager, "membership", OF_ROLES).await?;
        drop_tables(manager, &["invitation"]).await?;
        for (table, column) in new_columns() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table(table).drop_column(name).take()).await?;
        }
        Ok(())
    }
}

const OF_ROLES: &[&[&str]] = &[&["organization_id", "role"]];

fn new_columns() -> Vec<(&'static str, ColumnDef)> {
    vec![
        ("user_account", text_null("locale")),
        ("membership", timestamp_with_time_zone_null("removed_at")),
        ("site", timestamp_with_time_zone_null("closed_at")),
        ("organization", integer("revision").default(1).take()),
        ("organization", text_null("legal_name")),
        ("organization", text_null("address")),
        ("organization", text_null("registration_number")),
        ("organization", text_null("vat_number")),
        ("organization", text_null("legal_notice")),
    ]
}

fn invitation() -> TableCreateStatement {
    organization_table("invitation")
        .col(text("email"))
        .col(text_null("display_name"))
        .col(string_len("role", 24))
        .col(text_null("site_ids"))
        .col(uuid_null("client_id"))
        .col(text("locale"))
        .col(text("inviter_name"))
        .col(string_len("inviter_kind", 24))
        .col(uuid_null("inviter_id"))
        .col(integer("link_number"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("sent_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("accepted_at"))
        .col(timestamp_with_time_zone_null("revoked_at"))
        .index(&mut unique(&["organization_id", "id"]))
        .foreign_key(&mut within_organization("client_id", "client"))
        .foreign_key(&mut to_user("inviter_id"))
        .check(one_of("role", &["OWNER", "OPERATOR", "MANAGER", "STAFF", "CLIENT"]))
        .check(one_of("inviter_kind", &["CLIENT", "MEMBER", "ASSISTANT", "SYSTEM"]))
        .check(rule("client_of_role", "(role = 'CLIENT') = (client_id IS NOT NULL)"))
        .check(rule("ends_once", "accepted_at IS NULL OR revoked_at IS NULL"))
        .take()
}
