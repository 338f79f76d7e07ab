//! The second factor of a person, and the roles for which an organization requires one.

use crate::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, mut column) in new_columns() {
            manager.alter_table(Table::alter().table(table).add_column(&mut column).take()).await?;
        }
        count_organizations(manager, "suspended_at, required_factor_roles").await?;
        count_people(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared(match manager.get_database_backend() {
            DbBackend::Postgres => {
                "DROP TRIGGER user_account_access ON user_account; DROP FUNCTION dossier_person_access_changed()"
            }
            _ => "DROP TRIGGER user_account_access_update",
        })
        .await?;
        count_organizations(manager, "suspended_at").await?;
        for (table, column) in new_columns() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table(table).drop_column(name).take()).await?;
        }
        Ok(())
    }
}

fn new_columns() -> Vec<(&'static str, ColumnDef)> {
    vec![
        ("user_account", text_null("totp_secret")),
        ("user_account", timestamp_with_time_zone_null("totp_confirmed_at")),
        ("user_account", big_integer_null("totp_step")),
        ("user_account", text_null("recovery_codes")),
        ("user_account", integer("wrong_codes").default(0).take()),
        ("user_account", timestamp_with_time_zone_null("wrong_code_at")),
        ("organization", text_null("required_factor_roles")),
    ]
}

/// Replaces the trigger that counts changes of access, so that it counts updates of these columns.
async fn count_organizations(manager: &SchemaManager<'_>, columns: &str) -> Result<(), DbErr> {
    let sql = match manager.get_database_backend() {
        DbBackend::Postgres => format!(
            "DROP TRIGGER organization_access ON organization; \
             CREATE TRIGGER organization_access AFTER UPDATE OF {columns} ON organization FOR EACH ROW \
             EXECUTE FUNCTION dossier_access_changed('id')"
        ),
        _ => format!(
            "DROP TRIGGER organization_access_update; \
             CREATE TRIGGER organization_access_update AFTER UPDATE OF {columns} ON organization BEGIN \
             INSERT INTO counter (organization_id, name, value) VALUES (NEW.id, 'ACCESS', 1) \
             ON CONFLICT (organization_id, name) DO UPDATE SET value = value + 1; END"
        ),
    };
    manager.get_connection().execute_unprepared(&sql).await.map(drop)
}

/// Counts a confirmed or removed factor as a change of access in all organizations of the person.
async fn count_people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let sql = match manager.get_database_backend() {
        DbBackend::Postgres => {
            "CREATE FUNCTION dossier_person_access_changed() RETURNS trigger \
             LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$ \
             BEGIN \
                 INSERT INTO counter (organization_id, name, value) \
                     SELECT DISTINCT organization_id, 'ACCESS', 1 FROM membership WHERE user_id = NEW.id \
                     ORDER BY organization_id \
                     ON CONFLICT (organization_id, name) DO UPDATE SET value = counter.value + 1; \
                 RETURN NULL; \
             END $$; \
             CREATE TRIGGER user_account_access AFTER UPDATE OF totp_confirmed_at ON user_account FOR EACH ROW \
             EXECUTE FUNCTION dossier_person_access_changed()"
        }
        _ => {
            "CREATE TRIGGER user_account_access_update AFTER UPDATE OF totp_confirmed_at ON user_account BEGIN \
             INSERT INTO counter (organization_id, name, value) \
             SELECT DISTINCT organization_id, 'ACCESS', 1 FROM membership WHERE user_id = NEW.id \
             ON CONFLICT (organization_id, name) DO UPDATE SET value = value + 1; END"
        }
    };
    manager.get_connection().execute_unprepared(sql).await.map(drop)
}
