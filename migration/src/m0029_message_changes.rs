//! Messages can be changed and deleted.

use crate::{m0028_drafts::kinds as old_kinds, prelude::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        replace_values(manager, "event", "kind", &old_kinds(), &kinds()).await?;
        for column in COLUMNS {
            let mut column = timestamp_with_time_zone_null(column);
            manager.alter_table(Table::alter().table("message").add_column(&mut column).take()).await?;
        }
        replace_rule(manager, "message", "body_not_empty", NOT_EMPTY, EMPTY_IF_DELETED).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let deleted = "UPDATE message SET body = '-', deleted_at = NULL WHERE deleted_at IS NOT NULL";
        manager.get_connection().execute_unprepared(deleted).await?;
        replace_rule(manager, "message", "body_not_empty", EMPTY_IF_DELETED, NOT_EMPTY).await?;
        for column in COLUMNS {
            manager.alter_table(Table::alter().table("message").drop_column(column).take()).await?;
        }
        let events = "UPDATE event SET kind = 'MESSAGE_POSTED' WHERE kind IN ('MESSAGE_EDITED', 'MESSAGE_DELETED')";
        manager.get_connection().execute_unprepared(events).await?;
        replace_values(manager, "event", "kind", &kinds(), &old_kinds()).await
    }
}

const NOT_EMPTY: &str = "body <> ''";
const EMPTY_IF_DELETED: &str = "(body = '') = (deleted_at IS NOT NULL)";

const COLUMNS: [&str; 2] = ["edited_at", "deleted_at"];

/// All kinds of events, in the order of the enum.
pub fn kinds() -> Vec<&'static str> {
    let after = |kind| match kind {
        "MESSAGE_POSTED" => vec![kind, "MESSAGE_EDITED", "MESSAGE_DELETED"],
        _ => vec![kind],
    };
    old_kinds().into_iter().flat_map(after).collect()
}
