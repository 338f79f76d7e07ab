//! Accounts at identity providers that are linked to people, the sessions that began with them, and the audit actions of
//! linking and removing.

use crate::{m0023_audit::ACTIONS, prelude::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(external_identity()).await?;
        manager.get_connection().execute_unprepared(LINKED).await?;
        manager.alter_table(Table::alter().table("session").add_column(of_session()).take()).await?;
        replace_values(manager, "audit_entry", "action", ACTIONS, &actions()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Entries with the new actions refuse this on `PostgreSQL`, because an entry of the audit log never changes.
        replace_values(manager, "audit_entry", "action", &actions(), ACTIONS).await?;
        manager.alter_table(Table::alter().table("session").drop_column(OF_SESSION).take()).await?;
        drop_tables(manager, &["external_identity"]).await
    }
}

/// The account with which a session began.
const OF_SESSION: &str = "external_identity_id";

fn of_session() -> ColumnDef {
    uuid_null(OF_SESSION).extra("REFERENCES external_identity (id)").take()
}

fn external_identity() -> TableCreateStatement {
    table("external_identity")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(text("issuer"))
        .col(text("subject"))
        .col(text_null("email"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("last_used_at"))
        .col(timestamp_with_time_zone_null("removed_at"))
        .index(&mut unique(&["user_id", "issuer", "subject"]))
        .foreign_key(&mut to_user("user_id"))
        .take()
}

/// An account at a provider is linked to one person at a time. Removed links stay.
const LINKED: &str =
    "CREATE UNIQUE INDEX external_identity_linked ON external_identity (issuer, subject) WHERE removed_at IS NULL";

const NEW_ACTIONS: [&str; 2] = ["EXTERNAL_IDENTITY_LINKED", "EXTERNAL_IDENTITY_REMOVED"];

/// All actions, in the order of the enum: the new ones stand before those of members.
pub fn actions() -> Vec<&'static str> {
    let at = ACTIONS.iter().position(|action| *action == "MEMBER_INVITED").unwrap_or(ACTIONS.len());
    [&ACTIONS[..at], &NEW_ACTIONS, &ACTIONS[at..]].concat()
}
