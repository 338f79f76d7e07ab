//! Divides the two largest tables, `event` and `message`, into partitions by organization. An operator may do this for
//! a large installation on `PostgreSQL`. It is not a migration.
//!
//! The partition is a hash of the organization. Each statement names the organization and so reads one partition. Each
//! unique key must contain the partition's column, and a sequence stays unique in its organization. Partitions by time
//! would have neither property. They could not be dropped sooner either, because each organization sets how long its
//! events are kept.

use crate::{LOCK, MigrationStatus, policies, status};
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement, TransactionTrait};

/// The tables that can be divided.
pub const TABLES: [&str; 2] = ["event", "message"];

/// The outcome of [`divide`].
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The tables were divided.
    Divided,
    /// The tables already had this many partitions.
    AlreadyDivided,
}

/// Divides the tables in place, in one transaction. It keeps rows, keys, indexes, checks, triggers, comments and
/// grants, and creates the policies again. Fails if the tables have another number of partitions. A key without the
/// organization gets it as its last column, so ids are unique only within an organization.
pub async fn divide(db: &DatabaseConnection, partitions: u16) -> Result<Outcome, DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        return refuse("only PostgreSQL has partitions; the embedded database needs none");
    }
    let tx = db.begin().await?;
    tx.execute_unprepared(LOCK).await?;
    if status(&tx).await? != MigrationStatus::Current || !policies::is_installed(&tx).await? {
        return refuse("the schema is not the one of this version; run `dossier migrate` first");
    }
    // A role that is subject to policies would copy only the rows that it sees, and lose the others.
    policies::require_exempt(&tx).await?;
    match counted(&tx).await?.as_slice() {
        [0, 0] => {}
        [events, messages] if events == messages && *events == i64::from(partitions) => {
            return Ok(Outcome::AlreadyDivided);
        }
        [events, ..] => {
            let told = format!(
                "the tables are divided into {events} partitions already, and their number is not changed in place; \
                 for another one, restore a dump's rows into a new database that was divided before"
            );
            return refuse(&told);
        }
        [] => return refuse("the tables are missing"),
    }
    tx.execute_unprepared(&lock()).await.map_err(|error| in_use(&error))?;
    for table in TABLES {
        let sql = DIVIDE.replace("{table}", table).replace("{partitions}", &partitions.to_string());
        tx.execute_unprepared(&sql).await?;
    }
    policies::reinstall(&tx, &TABLES).await?;
    tx.commit().await?;
    // Autovacuum collects no statistics of a partitioned table as a whole.
    db.execute_unprepared(&format!("ANALYZE {}", TABLES.join(", "))).await?;
    Ok(Outcome::Divided)
}

fn refuse<T>(why: &str) -> Result<T, DbErr> {
    Err(DbErr::Custom(why.to_owned()))
}

fn in_use(error: &DbErr) -> DbErr {
    DbErr::Custom(format!(
        "the tables are in use, and nothing was changed; try again, or stop the servers first ({error})"
    ))
}

/// Returns the number of partitions of each table: 0 for a table that is not divided.
async fn counted(db: &impl ConnectionTrait) -> Result<Vec<i64>, DbErr> {
    let count = |table| format!("SELECT count(*) FROM pg_inherits WHERE inhparent = '{table}'::regclass");
    let sql = TABLES.map(count).join(" UNION ALL ");
    let rows = db.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Locks the tables. The referenced tables come first, because a writing transaction locks their rows before it adds an
/// event. Their rows do not change. While this waits for a table, everybody else waits behind it, so the time limit is
/// short.
fn lock() -> String {
    format!(
        "SET LOCAL lock_timeout = '10s'; \
         DO $$ DECLARE referred text; BEGIN \
         SELECT string_agg(DISTINCT confrelid::regclass::text, ', ') INTO referred FROM pg_constraint \
             WHERE contype = 'f' AND conrelid IN ({}); \
         EXECUTE 'LOCK TABLE ' || referred || ' IN SHARE ROW EXCLUSIVE MODE'; END $$; \
         LOCK TABLE {} IN ACCESS EXCLUSIVE MODE; \
         SET LOCAL lock_timeout = 0",
        TABLES.map(|table| format!("'{table}'::regclass")).join(", "),
        TABLES.join(", ")
    )
}

/// Notes the definitions that depend on a table, moves its rows to a new table of the same name, and creates the
/// definitions again in the order of their ranks. Creating the keys after the rows is faster. The database then checks
/// the constraints again.
const DIVIDE: &str = "DO $$
DECLARE
    whole oid := '{table}'::regclass;
    later text[];
    statement text;
BEGIN
    -- An error, rather than fewer rows, should policies bind after all.
    SET LOCAL row_security = off;
    SELECT array_agg(sql ORDER BY rank, sql) INTO later FROM (
        SELECT 1 AS rank, format('ALTER TABLE {table} ADD CONSTRAINT %I %s (%s)', conname,
            CASE contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END, (
                SELECT string_agg(quote_ident(attname), ', ' ORDER BY array_position(conkey, attnum))
                FROM pg_attribute
                WHERE attrelid = whole AND (attnum = ANY (conkey) OR attname = 'organization_id'))) AS sql
        FROM pg_constraint WHERE conrelid = whole AND contype IN ('p', 'u')
        UNION ALL
        SELECT 2, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = whole
            AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND conrelid = whole)
        UNION ALL
        SELECT 3, format('ALTER TABLE {table} ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE conrelid = whole AND contype = 'f'
        UNION ALL
        SELECT 4, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = whole AND NOT tgisinternal
        UNION ALL
        SELECT 5, format('GRANT %s ON {table} TO %s%s', string_agg(privilege_type, ', '),
            CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
            CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM pg_class, aclexplode(relacl) WHERE pg_class.oid = whole GROUP BY grantee, is_grantable
        UNION ALL
        SELECT 6, format('COMMENT ON TABLE {table} IS %L', description)
        FROM pg_description WHERE objoid = whole AND classoid = 'pg_class'::regclass AND objsubid = 0
    ) AS found;
    ALTER TABLE {table} RENAME TO {table}_whole;
    CREATE TABLE {table} (LIKE {table}_whole INCLUDING ALL EXCLUDING INDEXES) PARTITION BY HASH (organization_id);
    FOR part IN 0 .. {partitions} - 1 LOOP
        EXECUTE format('CREATE TABLE {table}_%s PARTITION OF {table}
            FOR VALUES WITH (MODULUS {partitions}, REMAINDER %s)', to_char(part, 'FM000'), part);
    END LOOP;
    INSERT INTO {table} SELECT * FROM {table}_whole;
    DROP TABLE {table}_whole;
    FOREACH statement IN ARRAY later LOOP
        EXECUTE statement;
    END LOOP;
END $$";
