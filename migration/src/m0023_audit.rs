//! The audit log of each organization: entries that are only appended, and their details, which can be erased.
//!
//! Triggers refuse every change of an entry, also by the owner of the tables. An entry has no reference to a row that can be
//! deleted.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(entry()).await?;
        manager.create_table(detail()).await?;
        create_indexes(manager, "audit_entry", INDEXES).await?;
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let db = manager.get_connection();
        if postgres {
            db.execute_unprepared(REFUSE).await?;
            for (table, when) in FROZEN {
                db.execute_unprepared(&format!(
                    "CREATE TRIGGER {table}_frozen BEFORE {when} ON {table} \
                     FOR EACH STATEMENT EXECUTE FUNCTION dossier_frozen()"
                ))
                .await?;
            }
            return Ok(());
        }
        for (table, when) in FROZEN {
            for when in when.split(" OR ").filter(|when| *when != "TRUNCATE") {
                db.execute_unprepared(&format!(
                    "CREATE TRIGGER {table}_{} BEFORE {when} ON {table} \
                     BEGIN SELECT RAISE(ABORT, 'rows of {table} are only added'); END",
                    when.to_lowercase()
                ))
                .await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit_detail", "audit_entry"]).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION dossier_frozen").await?;
        }
        Ok(())
    }
}

/// The tables and the changes that triggers refuse.
const FROZEN: [(&str, &str); 2] = [("audit_entry", "UPDATE OR DELETE OR TRUNCATE"), ("audit_detail", "UPDATE")];

/// The function of the triggers on `PostgreSQL`.
const REFUSE: &str = "CREATE FUNCTION dossier_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME;
END $$";

/// Pages show the newest entries first, of an action, of a member, with a session, about a row, or all.
const INDEXES: &[&[&str]] = &[
    &["organization_id", "created_at", "id"],
    &["organization_id", "action", "created_at", "id"],
    &["organization_id", "membership_id", "created_at", "id"],
    &["organization_id", "session_id", "created_at", "id"],
    &["organization_id", "subject_id", "created_at", "id"],
];

pub(crate) const ACTIONS: &[&str] = &[
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

fn entry() -> TableCreateStatement {
    organization_table("audit_entry")
        .col(big_integer("sequence"))
        .col(integer("format"))
        .col(timestamp_with_time_zone("created_at"))
        .col(string_len("action", 40))
        .col(string_len_null("refusal", 40))
        .col(string_len("actor_kind", 24))
        .col(uuid_null("actor_id"))
        .col(uuid_null("membership_id"))
        .col(uuid_null("session_id"))
        .col(uuid("subject_id"))
        .col(uuid_null("client_id"))
        .col(text_null("changed"))
        .col(string_len("detail_hash", 64))
        .col(string_len("previous_hash", 64))
        .col(string_len("hash", 64))
        .index(&mut unique(&["organization_id", "id"]))
        .index(&mut unique(&["organization_id", "sequence"]))
        .check(one_of("action", ACTIONS))
        .check(one_of("refusal", &["WRONG_PASSWORD", "WRONG_CODE", "NO_MEMBERSHIP", "TOKEN_REUSED"]))
        .check(one_of("actor_kind", &["CLIENT", "MEMBER", "ASSISTANT", "SYSTEM"]))
        .check(rule("sequence_positive", "sequence > 0"))
        .take()
}

fn detail() -> TableCreateStatement {
    table("audit_detail")
        .col(pk_uuid("entry_id"))
        .col(uuid("organization_id"))
        .col(text("salt"))
        .col(text("content"))
        .foreign_key(&mut to_organization())
        .foreign_key(&mut within_organization("entry_id", "audit_entry"))
        .take()
}
