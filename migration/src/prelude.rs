//! Functions that the migrations share. Their results never change, because released migrations use them.

pub use sea_orm_migration::prelude::*;
pub use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, boolean_null, date, date_null, integer, integer_null, pk_uuid, string_len,
    string_len_null, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
};
pub use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, Statement};

pub fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(name).take()
}

/// Creates a table whose rows belong to an organization.
pub fn organization_table(name: &'static str) -> TableCreateStatement {
    table(name).col(pk_uuid("id")).col(uuid("organization_id")).foreign_key(&mut to_organization()).take()
}

/// Creates a table whose rows belong to a client's dossier.
pub fn dossier_table(name: &'static str) -> TableCreateStatement {
    organization_table(name).col(uuid("client_id")).foreign_key(&mut within_organization("client_id", "client")).take()
}

/// Creates a text column for the order of pages. It is compared by bytes, as `SQLite` does by default. Otherwise,
/// `PostgreSQL` would use the locale of its cluster, and sort differently.
pub fn sort_key(manager: &SchemaManager<'_>, name: &'static str) -> ColumnDef {
    let mut column = text(name);
    if manager.get_database_backend() == DbBackend::Postgres {
        column.extra(r#"COLLATE "C""#);
    }
    column
}

pub fn to_organization() -> ForeignKeyCreateStatement {
    reference(&["organization_id"], "organization", &["id"])
}

/// Refers to a person. This is the only reference without the organization, because people belong to none.
pub fn to_user(column: &'static str) -> ForeignKeyCreateStatement {
    reference(&[column], "user_account", &["id"])
}

pub fn within_organization(column: &'static str, target: &'static str) -> ForeignKeyCreateStatement {
    reference(&["organization_id", column], target, &["organization_id", "id"])
}

pub fn within_dossier(column: &'static str, target: &'static str) -> ForeignKeyCreateStatement {
    reference(&["organization_id", "client_id", column], target, &["organization_id", "client_id", "id"])
}

/// Creates a foreign key. No key cascades: rows are deleted only by an explicit statement.
pub fn reference(
    columns: &[&'static str],
    target: &'static str,
    target_columns: &[&'static str],
) -> ForeignKeyCreateStatement {
    let mut key = ForeignKey::create();
    for column in columns {
        key.from_col(*column);
    }
    key.to_tbl(target);
    for column in target_columns {
        key.to_col(*column);
    }
    key
}

/// Creates a unique constraint. Both databases create an index for it, which also serves queries by its first columns.
pub fn unique(columns: &[&'static str]) -> IndexCreateStatement {
    let mut key = Index::create().unique().take();
    for column in columns {
        key.col(*column);
    }
    key
}

/// Allows only these values, and null.
pub fn one_of(column: &'static str, values: &[&'static str]) -> Check {
    Check::named(format!("{column}_known"), Expr::col(column).is_in(values.iter().copied()))
}

/// Creates a check constraint from SQL that both databases accept.
pub fn rule(name: &'static str, sql: &'static str) -> Check {
    Check::named(name, Expr::cust(sql))
}

pub async fn create_indexes(
    manager: &SchemaManager<'_>,
    table: &'static str,
    indexes: &[&[&'static str]],
) -> Result<(), DbErr> {
    for columns in indexes {
        let mut index = Index::create().name(format!("{table}_{}_idx", columns.join("_"))).table(table).take();
        for column in *columns {
            index.col(*column);
        }
        manager.create_index(index).await?;
    }
    Ok(())
}

pub async fn drop_indexes(
    manager: &SchemaManager<'_>,
    table: &'static str,
    indexes: &[&[&'static str]],
) -> Result<(), DbErr> {
    for columns in indexes {
        let name = format!("{table}_{}_idx", columns.join("_"));
        manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
    }
    Ok(())
}

pub async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).take()).await?;
    }
    Ok(())
}

/// Adds a foreign key within the dossier to a column of an existing table, in which it is empty.
pub async fn add_reference(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &'static str,
    target: &'static str,
) -> Result<(), DbErr> {
    let key = reference_sql(table, column, target);
    if manager.get_database_backend() == DbBackend::Postgres {
        return manager.get_connection().execute_unprepared(&format!("ALTER TABLE {table} ADD {key}")).await.map(drop);
    }
    let before = format!("sql = substr(sql, 1, length(sql) - 1) || ', {key} )'");
    edit_table(manager, table, &before, "sql LIKE '%)'", &format!("a foreign key for {column}")).await
}

/// Drops a foreign key that [`add_reference`] has added.
pub async fn drop_reference(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &'static str,
    target: &'static str,
) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        let drop = format!("ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_fkey");
        return manager.get_connection().execute_unprepared(&drop).await.map(std::mem::drop);
    }
    let key = format!("', {}'", reference_sql(table, column, target));
    let change = format!("sql = replace(sql, {key}, '')");
    edit_table(manager, table, &change, &format!("instr(sql, {key}) > 0"), &format!("a foreign key for {column}")).await
}

fn reference_sql(table: &str, column: &str, target: &str) -> String {
    format!(
        "CONSTRAINT {table}_{column}_fkey FOREIGN KEY (organization_id, client_id, {column}) \
         REFERENCES {target} (organization_id, client_id, id)"
    )
}

/// Replaces the values that [`one_of`] allows in a column.
pub async fn replace_values(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &'static str,
    before: &[&str],
    after: &[&str],
) -> Result<(), DbErr> {
    let check = |values: &[&str]| format!("\"{column}\" IN ('{}')", values.join("', '"));
    replace_rule(manager, table, &format!("{column}_known"), &check(before), &check(after)).await
}

/// Replaces the condition of a check. `SQLite` cannot alter a check, so the text of the table is edited, as its
/// documentation describes (<https://www.sqlite.org/lang_altertable.html#otheralter>): a check has no part in how rows are
/// stored.
pub async fn replace_rule(
    manager: &SchemaManager<'_>,
    table: &'static str,
    name: &str,
    before: &str,
    after: &str,
) -> Result<(), DbErr> {
    let db = manager.get_connection();
    if manager.get_database_backend() == DbBackend::Postgres {
        let replace = format!("ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} CHECK ({after})");
        return db.execute_unprepared(&replace).await.map(drop);
    }
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let (before, after) = (quoted(before), quoted(after));
    let change = format!("sql = replace(sql, {before}, {after})");
    edit_table(manager, table, &change, &format!("instr(sql, {before}) > 0"), &format!("a check `{name}`")).await
}

/// Edits the text of a table of `SQLite`.
async fn edit_table(
    manager: &SchemaManager<'_>,
    table: &str,
    change: &str,
    condition: &str,
    part: &str,
) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let version = Statement::from_string(DbBackend::Sqlite, "PRAGMA schema_version");
    let version = db.query_one_raw(version).await?.map_or(Ok(0), |row| row.try_get_by_index::<i64>(0))?;
    db.execute_unprepared("PRAGMA writable_schema = ON").await?;
    let replaced = db
        .execute_unprepared(&format!(
            "UPDATE sqlite_schema SET {change} WHERE type = 'table' AND name = '{table}' AND {condition}"
        ))
        .await?;
    db.execute_unprepared(&format!("PRAGMA schema_version = {}", version + 1)).await?;
    db.execute_unprepared("PRAGMA writable_schema = RESET").await?;
    match replaced.rows_affected() {
        1 => Ok(()),
        _ => Err(DbErr::Migration(format!("the table `{table}` has not {part} as expected"))),
    }
}
