//! The schema fits the entities and refuses invalid rows, on each database, after up, down and up again.

use super::rows::{CLIENT, ELSEWHERE, document as a_document, fill, id};
use std::collections::BTreeSet;

use entities::{
    api_key, audit_detail, audit_entry, client, conversation, counter, document, document_version, event,
    external_identity, idempotency_record, invitation, invoice, invoice_line, job, job_detail, membership,
    membership_site, message, organization, payment, portal, read_marker, schedule, session, site, user,
    validation_comment, validation_request, validation_step, validation_version,
};
use migration::{Migrator, MigratorTrait};
use sea_orm::prelude::*;
use sea_orm::{ActiveEnum, ConnectionTrait, Database, DbBackend, IntoActiveModel, Schema, Statement};

#[tokio::test]
async fn sqlite() -> Result<(), DbErr> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("dossier.db");
    let db = Database::connect(format!("sqlite://{}?mode=rwc", path.display())).await?;
    prove(&db).await?;
    enums_are_listed(&db).await?;
    references_carry_their_owner(&db).await?;
    db.close().await
}

#[tokio::test]
async fn postgres() -> Result<(), DbErr> {
    let url = crate::support::postgres::server();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let random: String =
        folder.path().to_string_lossy().to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let (server, _) = url.rsplit_once('/').expect("a URL that ends in a database");
    let admin = Database::connect(&url).await?;
    admin.execute_unprepared(&format!("CREATE DATABASE dossier_{random}")).await?;
    let fresh = Database::connect(format!("{server}/dossier_{random}")).await?;
    // A separate task, so that the database is dropped even after a failed assertion.
    let outcome = tokio::spawn(async move { prove(&fresh).await }).await;
    admin.execute_unprepared(&format!("DROP DATABASE dossier_{random} WITH (FORCE)")).await?;
    outcome.expect("the proof ends without a panic")
}

async fn prove(db: &DatabaseConnection) -> Result<(), DbErr> {
    Migrator::up(db, None).await?;
    assert_eq!(columns_of_database(db).await?, columns_of_entities(db.get_database_backend()));
    fill(db).await?;
    nothing_is_empty(db).await?;
    references_hold(db).await;
    for (change, check) in BROKEN_RULES {
        refused(db, change, check).await;
    }
    for change in DUPLICATES {
        refused(db, change, "unique constraint").await;
    }
    // No column of a client is unique, because a refusal would reveal another client.
    db.execute_unprepared("UPDATE client SET name = 'Same', name_key = 'same', email = 'same@example.org'").await?;
    // With rows in the tables, as in a real downgrade.
    Migrator::down(db, None).await?;
    assert!(columns_of_database(db).await?.is_empty(), "down leaves no table");
    Migrator::up(db, None).await?;
    fill(db).await
}

/// Table, column, and whether it is nullable.
type Columns = BTreeSet<(String, String, bool)>;

async fn columns_of_database(db: &DatabaseConnection) -> Result<Columns, DbErr> {
    let backend = db.get_database_backend();
    let catalogue = match backend {
        DbBackend::Sqlite => {
            "SELECT m.name, c.name, c.\"notnull\" = 0 FROM sqlite_master m, pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name <> 'seaql_migrations'"
        }
        _ => {
            "SELECT table_name::text, column_name::text, is_nullable = 'YES' FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name <> 'seaql_migrations'"
        }
    };
    let rows = db.query_all_raw(Statement::from_string(backend, catalogue)).await?;
    rows.iter().map(|row| Ok((row.try_get_by(0)?, row.try_get_by(1)?, row.try_get_by(2)?))).collect()
}

fn columns_of_entities(backend: DbBackend) -> Columns {
    let mut columns = Columns::new();
    macro_rules! add {
        ($($entity:ident),*) => {$(
            let table = Schema::new(backend).create_table_from_entity(entities::$entity::Entity);
            for column in table.get_columns() {
                let nullable = column.get_column_spec().nullable.unwrap_or(true);
                let table = $entity::Entity.table_name().to_owned();
                columns.insert((table, column.get_column_name().to_string(), nullable));
            }
        )*};
    }
    entities::for_each_entity!(add);
    columns
}

async fn nothing_is_empty(db: &DatabaseConnection) -> Result<(), DbErr> {
    macro_rules! read {
        ($($entity:ident),*) => {$(
            let rows = $entity::Entity::find().all(db).await?;
            assert!(!rows.is_empty(), "no row proves {}", stringify!($entity));
        )*};
    }
    entities::for_each_entity!(read);
    Ok(())
}

async fn references_hold(db: &DatabaseConnection) {
    let mut strange = a_document(90, CLIENT);
    strange.client_id = id(ELSEWHERE);
    let inserted = document::Entity::insert(strange.into_active_model()).exec_without_returning(db).await;
    assert_refused("another organization's client", inserted, "foreign key constraint");
    for (table, column, _) in columns_of_entities(db.get_database_backend()) {
        if NEVER_CHANGED.contains(&table.as_str()) {
            refused(db, &format!("UPDATE {table} SET {column} = NULL"), "are only added").await;
            continue;
        }
        let other = match column.as_str() {
            // These contain no reference that could be wrong.
            "organization_id" if !["counter", "portal", "schedule"].contains(&table.as_str()) => {
                "SELECT id FROM organization WHERE slug = 'other'"
            }
            // An event, a membership or an invitation of another client is valid.
            "client_id" if !["event", "membership", "invitation"].contains(&table.as_str()) => {
                "SELECT id FROM client WHERE name = 'Second'"
            }
            _ => continue,
        };
        refused(db, &format!("UPDATE {table} SET {column} = ({other})"), "foreign key constraint").await;
    }
    refused(db, "DELETE FROM audit_entry", "are only added").await;
    for change in FOREIGN_REFERENCES {
        refused(db, change, "foreign key constraint").await;
    }
}

/// Tables whose rows nobody can change, not even the owner of the tables.
const NEVER_CHANGED: [&str; 2] = ["audit_entry", "audit_detail"];

async fn refused(db: &DatabaseConnection, change: &str, by: &str) {
    assert_refused(change, db.execute_unprepared(change).await, by);
}

fn assert_refused<T>(change: &str, outcome: Result<T, DbErr>, by: &str) {
    let error = outcome.err().unwrap_or_else(|| panic!("accepted: {change}")).to_string();
    assert!(error.to_lowercase().contains(by), "{change}: {error}");
}

/// References to rows of another organization, another document or another invoice of the same client.
const FOREIGN_REFERENCES: &[&str] = &[
    "UPDATE client SET site_id = (SELECT id FROM site WHERE name = 'Elsewhere') WHERE name = 'First'",
    "UPDATE membership SET client_id = (SELECT id FROM client WHERE name = 'Elsewhere') WHERE role = 'CLIENT'",
    "UPDATE invitation SET client_id = (SELECT id FROM client WHERE name = 'Elsewhere') WHERE role = 'CLIENT'",
    "UPDATE api_key SET site_id = (SELECT id FROM site WHERE name = 'Elsewhere')",
    "UPDATE membership_site SET site_id = (SELECT id FROM site WHERE name = 'Elsewhere')",
    "UPDATE validation_request SET assignee_id = (SELECT id FROM membership WHERE role = 'OWNER')",
    "UPDATE document SET published_version_id = (SELECT id FROM document_version WHERE number = 7)",
    "UPDATE payment SET invoice_id = (SELECT id FROM invoice WHERE kind = 'INVOICE' AND sequence = 2) WHERE amount < 0",
    "UPDATE message SET author_id = conversation_id",
    "UPDATE job_detail SET caused_by = job_id",
    "UPDATE payment SET recorder_id = invoice_id",
    "UPDATE document SET deleter_id = client_id",
    "UPDATE client SET holder_id = id",
];

const DUPLICATES: &[&str] = &[
    "UPDATE organization SET slug = 'same'",
    "UPDATE user_account SET email = 'same@example.org'",
    "UPDATE membership SET user_id = (SELECT id FROM user_account WHERE email = '12@example.org') \
     WHERE client_id IS NULL AND role <> 'OWNER'",
    "UPDATE membership SET user_id = (SELECT id FROM user_account WHERE email = '12@example.org') \
     WHERE client_id IS NOT NULL",
    "UPDATE api_key SET token_hash = 'same'",
    "UPDATE external_identity SET subject = 'same'",
    "UPDATE document_version SET number = 3",
    "UPDATE invoice SET sequence = 9 WHERE kind = 'INVOICE' AND status <> 'DRAFT'",
    "UPDATE invoice SET origin_id = (SELECT id FROM invoice WHERE kind = 'QUOTE') WHERE kind = 'INVOICE'",
    "UPDATE invoice_line SET position = 3",
    "UPDATE payment SET reverses_id = (SELECT reverses_id FROM payment WHERE amount = -100) WHERE amount < 0",
    "UPDATE event SET id = organization_id",
    "UPDATE job SET unique_key = 'same' WHERE finished_at IS NULL",
];

/// A change, and the check that refuses it.
const BROKEN_RULES: &[(&str, &str)] = &[
    ("UPDATE organization SET currency = 'EURO'", "currency_code"),
    ("UPDATE client SET track = 'TWO'", "track_known"),
    ("UPDATE client SET status = 'ARCHIVED' WHERE name = 'Second'", "archived_from"),
    ("UPDATE client SET status = 'ACTIVE' WHERE name = 'First'", "archived_from"),
    ("UPDATE client SET status_before_archive = 'ARCHIVED' WHERE name = 'First'", "status_before_archive_known"),
    ("UPDATE membership SET role = 'CLIENT' WHERE role = 'OPERATOR'", "client_of_role"),
    ("UPDATE membership SET role = 'STAFF' WHERE role = 'CLIENT'", "client_of_role"),
    ("UPDATE invitation SET role = 'STAFF' WHERE role = 'CLIENT'", "client_of_role"),
    ("UPDATE invitation SET accepted_at = created_at, revoked_at = created_at", "ends_once"),
    ("UPDATE document SET zone = '_bmad'", "zone_known"),
    ("UPDATE document SET zone = 'PRIVATE' WHERE published_version_id IS NOT NULL", "private_unpublished"),
    ("UPDATE document_version SET size = -1", "size_not_negative"),
    ("UPDATE document_version SET sha256 = 'abc'", "sha256_length"),
    ("UPDATE message SET body = ''", "body_not_empty"),
    ("UPDATE validation_request SET status = 'DONE'", "status_known"),
    ("UPDATE invoice SET status = 'PAID' WHERE kind = 'QUOTE'", "status_of_kind"),
    ("UPDATE invoice SET status = 'ACCEPTED' WHERE kind = 'INVOICE' AND status = 'ISSUED'", "status_of_kind"),
    ("UPDATE invoice SET status = 'ISSUED' WHERE status = 'DRAFT'", "number_when_issued"),
    ("UPDATE invoice SET issued_on = NULL WHERE status = 'ISSUED'", "number_when_issued"),
    ("UPDATE invoice SET origin_id = NULL WHERE kind = 'CREDIT_NOTE'", "origin_of_kind"),
    ("UPDATE invoice SET paid_total = -1 WHERE kind = 'INVOICE'", "paid_not_negative"),
    ("UPDATE invoice SET credited_total = -1 WHERE kind = 'INVOICE'", "credited_not_negative"),
    ("UPDATE invoice SET paid_total = total - credited_total + 1 WHERE kind = 'INVOICE'", "settled_within_total"),
    ("UPDATE invoice_line SET quantity = 0", "quantity_positive"),
    ("UPDATE invoice_line SET vat_rate = 10001", "vat_rate_range"),
    ("UPDATE payment SET amount = 0 WHERE reverses_id IS NULL", "amount_not_zero"),
    ("UPDATE payment SET amount = -amount", "reversal_negative"),
    ("UPDATE event SET kind = 'SOMETHING'", "kind_known"),
    ("UPDATE job SET state = 'WAITING'", "state_known"),
    ("UPDATE job SET state = 'QUEUED' WHERE state = 'RUNNING'", "leased_while_running"),
    ("UPDATE job SET leased_until = NULL WHERE state = 'RUNNING'", "leased_until_a_time"),
    ("UPDATE job SET finished_at = NULL WHERE state = 'DEAD'", "finished_at_a_time"),
    ("UPDATE job SET attempts = -1", "attempts_not_negative"),
    ("UPDATE job_detail SET progress_done = -1", "progress_not_negative"),
];

/// Checks on all columns what [`references_hold`] tries on rows: each id is a foreign key, and each key contains the
/// organization, and the client if both rows belong to one.
async fn references_carry_their_owner(db: &DatabaseConnection) -> Result<(), DbErr> {
    const NO_KEYS: &[&str] = &[
        "upload_id",
        "subject_id",
        "before_site_id",
        "after_site_id",
        "client_mutation_id",
        "family_id",
        "round_id",
        // Messages may be partitioned.
        "message_id",
    ];
    let keys = "SELECT name, target, group_concat(part) FROM (
                    SELECT m.name, k.\"table\" AS target, k.\"from\" AS part, k.id AS key
                    FROM sqlite_master m, pragma_foreign_key_list(m.name) k ORDER BY m.name, k.id, k.seq
                ) GROUP BY name, key";
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Sqlite, keys)).await?;
    let columns = columns_of_entities(DbBackend::Sqlite);
    let belongs = |table: &str, owner: &str| columns.contains(&(table.into(), owner.into(), false));
    let mut sound = BTreeSet::new();
    for row in &rows {
        let (table, target, parts): (String, String, String) =
            (row.try_get_by(0)?, row.try_get_by(1)?, row.try_get_by(2)?);
        let parts: Vec<&str> = parts.split(',').collect();
        let carries = |owner: &str| parts.contains(&owner) || !(belongs(&table, owner) && belongs(&target, owner));
        if let Some(column) = parts.last().filter(|_| carries("organization_id") && carries("client_id")) {
            sound.insert((table.clone(), (*column).to_owned()));
        }
    }
    for (table, column, _) in columns.into_iter().filter(|(_, column, _)| column.ends_with("_id")) {
        // The rows to which an entry of the audit log refers may be deleted.
        let free = NO_KEYS.contains(&column.as_str()) || table == "audit_entry" && column != "organization_id";
        let key = (table, column);
        assert!(free || sound.contains(&key), "{key:?} may name another owner's row");
    }
    Ok(())
}

/// The migrations name the values of enums themselves. Both databases must have all of them.
async fn enums_are_listed(db: &DatabaseConnection) -> Result<(), DbErr> {
    let tables = "SELECT name, sql FROM sqlite_master WHERE type = 'table'";
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Sqlite, tables)).await?;
    let tables: Vec<(String, String)> =
        rows.iter().map(|row| Ok((row.try_get_by(0)?, row.try_get_by(1)?))).collect::<Result<_, DbErr>>()?;
    let listed = |table: &str, column: &str, values: Vec<String>| {
        let (_, sql) = tables.iter().find(|(name, _)| name == table).expect("the table");
        let check = format!("\"{column}\" IN ('{}')", values.join("', '"));
        assert!(sql.contains(&check), "{table} lacks {check}");
    };
    listed("client", "track", client::Track::values());
    listed("client", "status", client::Status::values());
    listed("membership", "role", membership::Role::values());
    listed("invitation", "inviter_kind", event::ActorKind::values());
    listed("api_key", "creator_kind", event::ActorKind::values());
    listed("invitation", "role", membership::Role::values());
    listed("document", "zone", document::Zone::values());
    listed("document", "status", document::Status::values());
    listed("document_version", "status", document::Status::values());
    listed("document_version", "failure_reason", document_version::FailureReason::values());
    listed("conversation", "status", conversation::Status::values());
    listed("message", "author_kind", event::ActorKind::values());
    listed("validation_request", "status", validation_request::Status::values());
    listed("document", "uploader_kind", event::ActorKind::values());
    listed("document", "deleter_kind", event::ActorKind::values());
    listed("client", "holder_kind", event::ActorKind::values());
    listed("document_version", "uploader_kind", event::ActorKind::values());
    listed("validation_request", "submitter_kind", event::ActorKind::values());
    listed("payment", "recorder_kind", event::ActorKind::values());
    listed("validation_step", "action", validation_step::Action::values());
    listed("validation_step", "actor_kind", event::ActorKind::values());
    listed("validation_comment", "author_kind", event::ActorKind::values());
    listed("invoice", "kind", invoice::Kind::values());
    listed("invoice", "status", invoice::Status::values());
    listed("payment", "method", payment::Method::values());
    // Two kinds are delivered to subscribers and never stored.
    let not_stored = ["REMOVED", "RESYNC_REQUIRED"];
    let stored = event::Kind::values().into_iter().filter(|kind| !not_stored.contains(&kind.as_str()));
    listed("event", "kind", stored.collect());
    listed("job", "state", job::State::values());
    listed("audit_entry", "action", audit_entry::Action::values());
    listed("audit_entry", "refusal", audit_entry::Refusal::values());
    listed("audit_entry", "actor_kind", event::ActorKind::values());
    listed("event", "subject_kind", event::SubjectKind::values());
    listed("event", "actor_kind", event::ActorKind::values());
    listed("event", "before_zone", document::Zone::values());
    listed("event", "after_zone", document::Zone::values());
    Ok(())
}
