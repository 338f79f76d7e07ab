//! Validation requests have rounds of several versions, due dates and comments.

use crate::{m0032_document_life::kinds as old_kinds, prelude::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        replace_values(manager, "event", "kind", &old_kinds(), &kinds()).await?;
        replace_values(manager, "validation_step", "action", OLD_ACTIONS, ACTIONS).await?;
        // Processes of the version before add rows without these columns.
        for column in [
            uuid_null("quote_id"),
            uuid_null("message_id"),
            uuid("round_id").default(NO_ROUND).take(),
            uuid_null("previous_id"),
            date_null("due_on"),
            date("due_order").default("9999-12-31").take(),
        ] {
            manager.alter_table(Table::alter().table("validation_request").add_column(column).take()).await?;
        }
        for column in [uuid("round_id").default(NO_ROUND).take(), integer_null("quote_revision")] {
            manager.alter_table(Table::alter().table("validation_step").add_column(column).take()).await?;
        }
        create_indexes(manager, "validation_request", REQUEST_INDEXES).await?;
        for (column, target) in REFERENCES {
            add_reference(manager, "validation_request", column, target).await?;
        }
        manager.create_table(validation_version()).await?;
        create_indexes(manager, "validation_version", VERSION_INDEXES).await?;
        manager.create_table(validation_comment()).await?;
        create_indexes(manager, "validation_comment", &[&["request_id", "id"]]).await?;
        for sql in ROUNDS {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["validation_comment", "validation_version"]).await?;
        drop_indexes(manager, "validation_request", REQUEST_INDEXES).await?;
        for (column, target) in REFERENCES {
            drop_reference(manager, "validation_request", column, target).await?;
        }
        let columns = ["quote_id", "message_id", "round_id", "previous_id", "due_on", "due_order"];
        let columns = columns.map(|column| ("validation_request", column));
        for (table, column) in
            columns.into_iter().chain([("validation_step", "round_id"), ("validation_step", "quote_revision")])
        {
            manager.alter_table(Table::alter().table(table).drop_column(column).take()).await?;
        }
        for sql in REMOVED {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        replace_values(manager, "validation_step", "action", ACTIONS, OLD_ACTIONS).await?;
        replace_values(manager, "event", "kind", &kinds(), &old_kinds()).await
    }
}

const NO_ROUND: &str = "00000000-0000-0000-0000-000000000000";

const REQUEST_INDEXES: &[&[&str]] = &[&["organization_id", "due_order", "id"], &["round_id"], &["message_id"]];

const VERSION_INDEXES: &[&[&str]] =
    &[&["document_id", "document_version_id"], &["document_version_id"], &["request_id"]];

/// Messages may be partitioned, so that no key refers to them.
const REFERENCES: [(&str, &str); 2] = [("quote_id", "invoice"), ("previous_id", "validation_request")];

/// A round begins when a request is submitted, and when it is submitted again.
const ROUNDS: [&str; 3] = [
    "UPDATE validation_step SET round_id = (SELECT first.id FROM validation_step first \
     WHERE first.request_id = validation_step.request_id AND first.id <= validation_step.id \
     AND first.action IN ('SUBMITTED', 'RESUBMITTED') ORDER BY first.id DESC LIMIT 1)",
    "UPDATE validation_request SET round_id = (SELECT last.round_id FROM validation_step last \
     WHERE last.request_id = validation_request.id ORDER BY last.id DESC LIMIT 1)",
    "INSERT INTO validation_version (id, organization_id, client_id, request_id, round_id, position, document_id, \
     document_version_id, sha256) \
     SELECT step.id, step.organization_id, step.client_id, step.request_id, step.id, 1, version.document_id, \
     version.id, version.sha256 FROM validation_step step \
     JOIN document_version version ON version.id = step.document_version_id \
     WHERE step.action IN ('SUBMITTED', 'RESUBMITTED')",
];

/// The version before knows neither these steps nor these events.
const REMOVED: [&str; 2] = [
    "DELETE FROM validation_step WHERE action IN ('DUE_DATE_SET', 'VERSION_REPLACED')",
    "DELETE FROM event WHERE kind IN ('VALIDATION_DUE_DATE_SET', 'VALIDATION_VERSION_REPLACED', \
     'VALIDATION_COMMENTED')",
];

const OLD_ACTIONS: &[&str] =
    &["SUBMITTED", "RESUBMITTED", "SHARED", "ASSIGNED", "APPROVED", "REJECTED", "CHANGES_REQUESTED", "CANCELLED"];

const ACTIONS: &[&str] = &[
    "SUBMITTED",
    "RESUBMITTED",
    "SHARED",
    "ASSIGNED",
    "DUE_DATE_SET",
    "VERSION_REPLACED",
    "APPROVED",
    "REJECTED",
    "CHANGES_REQUESTED",
    "CANCELLED",
];

fn validation_version() -> TableCreateStatement {
    dossier_table("validation_version")
        .col(uuid("request_id"))
        .col(uuid("round_id"))
        .col(integer("position"))
        .col(uuid("document_id"))
        .col(uuid("document_version_id"))
        .col(text("sha256"))
        .index(&mut unique(&["round_id", "position"]))
        .foreign_key(&mut within_dossier("request_id", "validation_request"))
        .foreign_key(&mut within_dossier("document_id", "document"))
        .foreign_key(&mut within_dossier("document_version_id", "document_version"))
        .check(rule("position_positive", "position > 0"))
        .take()
}

fn validation_comment() -> TableCreateStatement {
    dossier_table("validation_comment")
        .col(uuid("request_id"))
        .col(uuid_null("document_version_id"))
        .col(text("body"))
        .col(boolean("internal"))
        .col(text("mentions"))
        .col(string_len("author_kind", 24))
        .col(uuid_null("author_id"))
        .col(text("author_name"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut within_dossier("request_id", "validation_request"))
        .foreign_key(&mut within_dossier("document_version_id", "document_version"))
        .foreign_key(&mut to_user("author_id"))
        .check(one_of("author_kind", &["CLIENT", "MEMBER", "API_KEY", "ASSISTANT", "SYSTEM"]))
        .take()
}

/// All kinds of events, in the order of the enum.
pub fn kinds() -> Vec<&'static str> {
    let after = |kind| match kind {
        "VALIDATION_ASSIGNED" => {
            vec![kind, "VALIDATION_DUE_DATE_SET", "VALIDATION_VERSION_REPLACED", "VALIDATION_COMMENTED"]
        }
        _ => vec![kind],
    };
    old_kinds().into_iter().flat_map(after).collect()
}
