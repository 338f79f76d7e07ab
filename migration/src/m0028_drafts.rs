//! Drafts of quotes, invoices and credit notes can be deleted, and billing documents are searched and sorted.

use crate::{m0015_verification::new_kinds as old_kinds, prelude::*};
use sea_orm_migration::sea_orm::{QueryResult, prelude::Uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        replace_values(manager, "event", "kind", &old_kinds(), &kinds()).await?;
        // Processes of the version before add rows without these columns.
        for column in [
            timestamp_with_time_zone_null("deleted_at"),
            text("search_key").default("").take(),
            date("due_order").default("9999-12-31").take(),
            big_integer("number_order").default(i64::MAX).take(),
        ] {
            manager.alter_table(Table::alter().table("invoice").add_column(column).take()).await?;
        }
        let db = manager.get_connection();
        db.execute_unprepared(ORDERS).await?;
        fill_search_keys(manager).await?;
        create_indexes(manager, "invoice", INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        drop_indexes(manager, "invoice", INDEXES).await?;
        for sql in DELETED {
            db.execute_unprepared(sql).await?;
        }
        for column in ["deleted_at", "search_key", "due_order", "number_order"] {
            manager.alter_table(Table::alter().table("invoice").drop_column(column).take()).await?;
        }
        replace_values(manager, "event", "kind", &kinds(), &old_kinds()).await
    }
}

const INDEXES: &[&[&str]] = &[
    &["organization_id", "kind", "due_order", "id"],
    &["organization_id", "kind", "number_order", "id"],
    &["organization_id", "kind", "total", "id"],
];

const ORDERS: &str = "UPDATE invoice SET due_order = coalesce(due_on, valid_until, due_order), \
    number_order = coalesce(CAST(year AS bigint) * 1000000000 + sequence, number_order)";

/// The version before knows no deleted drafts and no events about them.
const DELETED: [&str; 3] = [
    "DELETE FROM invoice WHERE deleted_at IS NOT NULL",
    "DELETE FROM event WHERE kind IN ('QUOTE_DELETED', 'INVOICE_DELETED', 'CREDIT_NOTE_DELETED')",
    "UPDATE event SET kind = 'CREDIT_NOTE_CREATED' WHERE kind = 'CREDIT_NOTE_UPDATED'",
];

/// Fills the keys of all rows. Databases cannot compute them.
async fn fill_search_keys(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let backend = manager.get_database_backend();
    let statement = |sql: &str, values: Vec<Value>| Statement::from_sql_and_values(backend, sql, values);
    let rows = "SELECT id, kind, year, sequence, title FROM invoice";
    for row in db.query_all_raw(statement(rows, Vec::new())).await? {
        let id: Uuid = row.try_get("", "id")?;
        let update = "UPDATE invoice SET search_key = $1 WHERE id = $2";
        db.execute_raw(statement(update, vec![search_key(&row)?.into(), id.into()])).await?;
    }
    Ok(())
}

/// Returns the number and the title without accents and case.
fn search_key(row: &QueryResult) -> Result<String, DbErr> {
    let (kind, title): (String, String) = (row.try_get("", "kind")?, row.try_get("", "title")?);
    let letter = match kind.as_str() {
        "QUOTE" => 'D',
        "INVOICE" => 'F',
        _ => 'A',
    };
    let number: (Option<i32>, Option<i32>) = (row.try_get("", "year")?, row.try_get("", "sequence")?);
    let text = match number {
        (Some(year), Some(sequence)) => format!("{letter}-{year}-{sequence:04} {title}"),
        _ => title,
    };
    Ok(deunicode::deunicode(&text).to_lowercase())
}

/// All kinds of events, in the order of the enum.
pub fn kinds() -> Vec<&'static str> {
    let after = |kind| match kind {
        "QUOTE_UPDATED" => vec![kind, "QUOTE_DELETED"],
        "INVOICE_UPDATED" => vec![kind, "INVOICE_DELETED"],
        "CREDIT_NOTE_CREATED" => vec![kind, "CREDIT_NOTE_UPDATED", "CREDIT_NOTE_DELETED"],
        _ => vec![kind],
    };
    old_kinds().into_iter().flat_map(after).collect()
}
