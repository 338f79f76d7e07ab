//! Memberships and the tables that depend on them: sites, sessions, and records of mutations.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(membership()).await?;
        manager.create_index(one_membership_in_agency()).await?;
        create_indexes(manager, "membership", &[&["user_id"]]).await?;
        manager.create_table(membership_site()).await?;
        create_indexes(manager, "membership_site", &[&["site_id"]]).await?;
        manager.create_table(session()).await?;
        create_indexes(manager, "session", &[&["membership_id"]]).await?;
        manager.create_table(idempotency_record()).await?;
        create_indexes(manager, "idempotency_record", &[&["created_at"]]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["idempotency_record", "session", "membership_site", "membership"]).await
    }
}

fn membership() -> TableCreateStatement {
    organization_table("membership")
        .col(uuid("user_id"))
        .col(string_len("role", 24))
        .col(uuid_null("client_id"))
        .col(timestamp_with_time_zone_null("suspended_at"))
        .col(timestamp_with_time_zone("created_at"))
        .index(&mut unique(&["organization_id", "id"]))
        // Nulls are distinct, so this applies only to clients.
        .index(&mut unique(&["client_id", "user_id"]))
        .foreign_key(&mut to_user("user_id"))
        .foreign_key(&mut within_organization("client_id", "client"))
        .check(one_of("role", &["OWNER", "OPERATOR", "MANAGER", "STAFF", "CLIENT"]))
        .check(rule("client_of_role", "(role = 'CLIENT') = (client_id IS NOT NULL)"))
        .take()
}

/// Allows a person only one role in the agency, because two would contradict each other.
fn one_membership_in_agency() -> IndexCreateStatement {
    unique(&["organization_id", "user_id"])
        .name("membership_in_agency_idx")
        .table("membership")
        .and_where(Expr::col("client_id").is_null())
        .take()
}

fn membership_site() -> TableCreateStatement {
    table("membership_site")
        .col(uuid("membership_id"))
        .col(uuid("site_id"))
        .col(uuid("organization_id"))
        .primary_key(Index::create().col("membership_id").col("site_id"))
        .foreign_key(&mut to_organization())
        .foreign_key(&mut within_organization("membership_id", "membership"))
        .foreign_key(&mut within_organization("site_id", "site"))
        .take()
}

fn session() -> TableCreateStatement {
    organization_table("session")
        .col(uuid("membership_id"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .foreign_key(&mut within_organization("membership_id", "membership"))
        .take()
}

fn idempotency_record() -> TableCreateStatement {
    table("idempotency_record")
        .col(uuid("membership_id"))
        .col(text("key"))
        .col(uuid("organization_id"))
        .col(text("fingerprint"))
        .col(text("outcome"))
        .col(timestamp_with_time_zone("created_at"))
        .primary_key(Index::create().col("membership_id").col("key"))
        .foreign_key(&mut to_organization())
        .foreign_key(&mut within_organization("membership_id", "membership"))
        .take()
}
