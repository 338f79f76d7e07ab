//! Deleted documents stay in a trash until they are purged. Versions can share an object, which counts only once. Legal
//! holds and retention stop a purge.

use crate::{m0027_key_actors::actions as old_actions, m0029_message_changes::kinds as old_kinds, prelude::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        replace_values(manager, "event", "kind", &old_kinds(), &kinds()).await?;
        replace_values(manager, "audit_entry", "action", &old_actions(), &actions()).await?;
        for (table, mut column) in columns() {
            manager.alter_table(Table::alter().table(table).add_column(&mut column).take()).await?;
        }
        let db = manager.get_connection();
        db.execute_unprepared(PURGED_BEFORE).await?;
        drop_triggers(manager).await?;
        create_triggers(manager, &TRIGGERS).await?;
        for sql in INDEXES {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        // The version before has no trash, and counts each version.
        for sql in [EMPTY_TRASH, RECOUNT, EVENTS] {
            db.execute_unprepared(sql).await?;
        }
        drop_triggers(manager).await?;
        create_triggers(manager, &OLD_TRIGGERS).await?;
        for name in INDEX_NAMES {
            db.execute_unprepared(&format!("DROP INDEX {name}")).await?;
        }
        for (table, column) in columns().into_iter().rev() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table(table).drop_column(Alias::new(name)).take()).await?;
        }
        // Entries that have a new action refuse this on PostgreSQL.
        replace_values(manager, "audit_entry", "action", &actions(), &old_actions()).await?;
        replace_values(manager, "event", "kind", &kinds(), &old_kinds()).await
    }
}

fn columns() -> Vec<(&'static str, ColumnDef)> {
    let person = |name| uuid_null(name).extra("REFERENCES user_account (id)").take();
    let actor = |name| string_len_null(name, 24).check(one_of(name, ACTORS)).take();
    vec![
        ("document", timestamp_with_time_zone_null("purged_at")),
        ("document", person("deleter_id")),
        ("document", text_null("deleter_name")),
        ("document", actor("deleter_kind")),
        ("document_version", integer_null("restored_from")),
        ("organization", integer("trash_days").default(30).take()),
        ("organization", text_null("zone_retention")),
        ("client", timestamp_with_time_zone_null("held_at")),
        ("client", text_null("hold_reason")),
        ("client", person("holder_id")),
        ("client", text_null("holder_name")),
        ("client", actor("holder_kind")),
    ]
}

const ACTORS: &[&str] = &["CLIENT", "MEMBER", "API_KEY", "ASSISTANT", "SYSTEM"];

/// A trigger: its name without that of its table, its table, the moment, the condition, and the change.
type Trigger = (&'static str, &'static str, &'static str, &'static str, &'static str);

const STORED: &str =
    "UPDATE counter SET value = value + NEW.size WHERE organization_id = NEW.organization_id AND name = 'STORED'";
const RELEASED: &str =
    "UPDATE counter SET value = value - NEW.size WHERE organization_id = NEW.organization_id AND name = 'STORED'";

/// A version that shares its object does not count. The trash keeps complete versions, and purging discards all.
const TRIGGERS: [Trigger; 3] = [
    ("stored", "document_version", "INSERT", "NEW.restored_from IS NULL", STORED),
    (
        "released",
        "document_version",
        "UPDATE OF released_at",
        "OLD.released_at IS NULL AND NEW.released_at IS NOT NULL AND NEW.restored_from IS NULL",
        RELEASED,
    ),
    (
        "discarded",
        "document",
        "UPDATE OF deleted_at, purged_at",
        "OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL OR OLD.purged_at IS NULL AND NEW.purged_at IS NOT NULL",
        "UPDATE document_version SET discarded_at = coalesce(NEW.purged_at, NEW.deleted_at), \
         sweep_at = coalesce(NEW.purged_at, NEW.deleted_at) \
         WHERE organization_id = NEW.organization_id AND document_id = NEW.id AND discarded_at IS NULL \
         AND (NEW.purged_at IS NOT NULL OR status <> 'READY')",
    ),
];

const OLD_TRIGGERS: [Trigger; 3] = [
    ("stored", "document_version", "INSERT", "NEW.size >= 0", STORED),
    (
        "released",
        "document_version",
        "UPDATE OF released_at",
        "OLD.released_at IS NULL AND NEW.released_at IS NOT NULL",
        RELEASED,
    ),
    (
        "discarded",
        "document",
        "UPDATE OF deleted_at",
        "OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL",
        "UPDATE document_version SET discarded_at = NEW.deleted_at, sweep_at = NEW.deleted_at \
         WHERE organization_id = NEW.organization_id AND document_id = NEW.id AND discarded_at IS NULL",
    ),
];

async fn drop_triggers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
    for (name, table, ..) in OLD_TRIGGERS {
        let on = if is_postgres { format!(" ON {table}") } else { String::new() };
        manager.get_connection().execute_unprepared(&format!("DROP TRIGGER {table}_{name}{on}")).await?;
    }
    Ok(())
}

/// Creates the triggers. On `PostgreSQL`, their functions run as the owner, who sees the counter and all versions.
async fn create_triggers(manager: &SchemaManager<'_>, triggers: &[Trigger]) -> Result<(), DbErr> {
    let db = manager.get_connection();
    for (name, table, moment, condition, change) in triggers {
        let begin = format!("CREATE TRIGGER {table}_{name} AFTER {moment} ON {table}");
        if manager.get_database_backend() == DbBackend::Postgres {
            let function = format!(
                "CREATE OR REPLACE FUNCTION dossier_{name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER \
                 SET search_path FROM CURRENT AS $$ BEGIN {change}; RETURN NULL; END $$"
            );
            db.execute_unprepared(&function).await?;
            let trigger = format!("{begin} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION dossier_{name}()");
            db.execute_unprepared(&trigger).await?;
        } else {
            db.execute_unprepared(&format!("{begin} WHEN {condition} BEGIN {change}; END")).await?;
        }
    }
    Ok(())
}

/// The bytes of documents that were deleted before are discarded already.
const PURGED_BEFORE: &str = "UPDATE document SET purged_at = deleted_at WHERE deleted_at IS NOT NULL";

const EMPTY_TRASH: &str = "UPDATE document SET purged_at = deleted_at, published_version_id = NULL \
    WHERE deleted_at IS NOT NULL AND purged_at IS NULL";
const RECOUNT: &str = "DELETE FROM counter WHERE name = 'STORED'";
const EVENTS: &str =
    "UPDATE event SET kind = 'DOCUMENT_UPLOADED' WHERE kind IN ('DOCUMENT_RESTORED', 'DOCUMENT_VERSION_RESTORED')";

/// Partial, because few of all documents are deleted.
const INDEX_NAMES: [&str; 4] = [
    "document_trash_idx",
    "document_purged_idx",
    "document_version_open_uploader_idx",
    "document_version_open_client_idx",
];

const INDEXES: [&str; 4] = [
    "CREATE INDEX document_trash_idx ON document (organization_id, updated_at, id) \
     WHERE deleted_at IS NOT NULL AND purged_at IS NULL",
    "CREATE INDEX document_purged_idx ON document (organization_id, purged_at) WHERE purged_at IS NOT NULL",
    // They find the open uploads of a person and of a dossier, which the quota counts.
    "CREATE INDEX document_version_open_uploader_idx ON document_version (uploader_id) WHERE sweep_at IS NOT NULL",
    "CREATE INDEX document_version_open_client_idx ON document_version (client_id) WHERE sweep_at IS NOT NULL",
];

/// All kinds of events, in the order of the enum.
pub fn kinds() -> Vec<&'static str> {
    let after = |kind| match kind {
        "DOCUMENT_DELETED" => vec![kind, "DOCUMENT_RESTORED", "DOCUMENT_VERSION_RESTORED"],
        _ => vec![kind],
    };
    old_kinds().into_iter().flat_map(after).collect()
}

/// All actions, in the order of the enum.
pub fn actions() -> Vec<&'static str> {
    let after = |action| match action {
        "PRIVATE_DOCUMENT_DOWNLOADED" => vec![action, "DOCUMENT_PURGED", "LEGAL_HOLD_SET", "LEGAL_HOLD_LIFTED"],
        _ => vec![action],
    };
    old_actions().into_iter().flat_map(after).collect()
}
