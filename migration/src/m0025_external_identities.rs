//! Accounts at identity providers that are linked to people, the sessions that began with them, and the audit actions of
//! linking and removing.

use crate::prelude::*;

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
        replace_values(manager, "audit_entry", "action", &old_actions(), ACTIONS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Entries with the new actions refuse this on `PostgreSQL`, because an entry of the audit log never changes.
        replace_values(manager, "audit_entry", "action", ACTIONS, &old_actions()).await?;
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

/// The new actions.
const NEW_ACTIONS: [&str; 2] = ["EXTERNAL_IDENTITY_LINKED", "EXTERNAL_IDENTITY_REMOVED"];

fn old_actions() -> Vec<&'static str> {
    ACTIONS.iter().copied().filter(|action| !NEW_ACTIONS.contains(action)).collect()
}

const ACTIONS: &[&str] = &[
    "SIGNED_IN",
    "SIGN_IN_REFUSED",
    "SESSION_REFRESH_REFUSED",
    "SESSION_ENDED",
    "ALL_SESSIONS_ENDED",
    "PASSWORD_CHANGED",
    "PASSWORD_RESET",
    "FACTOR_ADDED",
    "FACTOR_REMOVED",
    "ADDRESS_CHANGED",
    "EXTERNAL_IDENTITY_LINKED",
    "EXTERNAL_IDENTITY_REMOVED",
    "MEMBER_INVITED",
    "INVITATION_REVOKED",
    "INVITATION_ACCEPTED",
    "MEMBER_ADDED",
    "MEMBER_CHANGED",
    "MEMBER_SUSPENDED",
    "MEMBER_RESUMED",
    "MEMBER_REMOVED",
    "MEMBER_LEFT",
    "OWNERSHIP_TRANSFERRED",
    "SITE_ADDED",
    "SITE_CHANGED",
    "ORGANIZATION_CHANGED",
    "ORGANIZATION_SUSPENDED",
    "ORGANIZATION_RESUMED",
    "API_KEY_CREATED",
    "API_KEY_REVOKED",
    "VALIDATION_ASSIGNED",
    "VALIDATION_SHARED",
    "VALIDATION_APPROVED",
    "VALIDATION_REJECTED",
    "VALIDATION_CHANGES_REQUESTED",
    "QUOTE_ACCEPTED",
    "QUOTE_REFUSED",
    "INVOICE_ISSUED",
    "CREDIT_NOTE_ISSUED",
    "PRIVATE_DOCUMENT_DOWNLOADED",
];
