//! Passkeys as second factors.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const OLD_REFUSALS: &[&str] = &["WRONG_PASSWORD", "WRONG_CODE", "NO_MEMBERSHIP", "TOKEN_REUSED"];
const REFUSALS: &[&str] = &["WRONG_PASSWORD", "WRONG_CODE", "WRONG_PASSKEY", "NO_MEMBERSHIP", "TOKEN_REUSED"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = &mut text_null("passkeys");
        manager.alter_table(Table::alter().table("user_account").add_column(column).take()).await?;
        replace_values(manager, "audit_entry", "refusal", OLD_REFUSALS, REFUSALS).await?;
        // Each use of a passkey updates it, but only the first and the last one change what its person may do.
        let changed = "(OLD.passkeys IS NULL) <> (NEW.passkeys IS NULL) \
                       OR (OLD.totp_confirmed_at IS NULL) <> (NEW.totp_confirmed_at IS NULL)";
        count_people(manager, "totp_confirmed_at, passkeys", changed).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        count_people(manager, "totp_confirmed_at", "true").await?;
        // Entries are never deleted. On PostgreSQL, this fails if one of them has the new value.
        replace_values(manager, "audit_entry", "refusal", REFUSALS, OLD_REFUSALS).await?;
        manager.alter_table(Table::alter().table("user_account").drop_column("passkeys").take()).await
    }
}

/// Replaces the trigger that counts changed factors as a change of access in all organizations of the person.
async fn count_people(manager: &SchemaManager<'_>, columns: &str, changed: &str) -> Result<(), DbErr> {
    let sql = match manager.get_database_backend() {
        DbBackend::Postgres => format!(
            "DROP TRIGGER user_account_access ON user_account; \
             CREATE TRIGGER user_account_access AFTER UPDATE OF {columns} ON user_account FOR EACH ROW \
             WHEN ({changed}) EXECUTE FUNCTION dossier_person_access_changed()"
        ),
        _ => format!(
            "DROP TRIGGER user_account_access_update; \
             CREATE TRIGGER user_account_access_update AFTER UPDATE OF {columns} ON user_account WHEN {changed} BEGIN \
             INSERT INTO counter (organization_id, name, value) \
             SELECT DISTINCT organization_id, 'ACCESS', 1 FROM membership WHERE user_id = NEW.id \
             ON CONFLICT (organization_id, name) DO UPDATE SET value = value + 1; END"
        ),
    };
    manager.get_connection().execute_unprepared(&sql).await.map(drop)
}
