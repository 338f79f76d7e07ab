//! Sessions that are renewed by refresh tokens, and that their person can recognize and end.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in new_columns() {
            manager.alter_table(Table::alter().table("session").add_column(&mut column).take()).await?;
        }
        let db = manager.get_connection();
        db.execute_unprepared(
            "UPDATE session SET user_id = (SELECT user_id FROM membership WHERE membership.id = session.membership_id)",
        )
        .await?;
        create_indexes(manager, "session", &[&["user_id"]]).await?;
        count_updates(manager, Some("ended_at, expires_at, scopes")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        count_updates(manager, None).await?;
        drop_indexes(manager, "session", &[&["user_id"]]).await?;
        for column in new_columns() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table("session").drop_column(name).take()).await?;
        }
        Ok(())
    }
}

fn new_columns() -> Vec<ColumnDef> {
    vec![
        uuid_null("user_id").extra("REFERENCES user_account (id)").take(),
        uuid_null("family_id"),
        integer("refresh_number").default(0).take(),
        timestamp_with_time_zone_null("refreshed_at"),
        timestamp_with_time_zone_null("proven_at"),
        text_null("device"),
        text_null("network"),
    ]
}

/// Replaces the trigger that counts changes of access, so that it counts only updates of these columns. Refreshing a
/// session changes nobody's access.
async fn count_updates(manager: &SchemaManager<'_>, columns: Option<&str>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let of = columns.map(|columns| format!(" OF {columns}")).unwrap_or_default();
    let sql = match manager.get_database_backend() {
        DbBackend::Postgres => format!(
            "DROP TRIGGER session_access ON session; \
             CREATE TRIGGER session_access AFTER UPDATE{of} OR DELETE ON session FOR EACH ROW \
             EXECUTE FUNCTION dossier_access_changed('organization_id')"
        ),
        _ => format!(
            "DROP TRIGGER session_access_update; \
             CREATE TRIGGER session_access_update AFTER UPDATE{of} ON session BEGIN \
             INSERT INTO counter (organization_id, name, value) VALUES (NEW.organization_id, 'ACCESS', 1) \
             ON CONFLICT (organization_id, name) DO UPDATE SET value = value + 1; END"
        ),
    };
    db.execute_unprepared(&sql).await.map(drop)
}
