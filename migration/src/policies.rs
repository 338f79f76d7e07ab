//! Installs Row Level Security, and checks whether it is still as installed.

use crate::{rls, rls_functions};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbErr, Statement};
use std::fmt::Write;

/// Summarizes the installed state: the tables with Row Level Security, all policies, and the functions.
const INSTALLED: &str = "SELECT md5(concat( \
    (SELECT string_agg(concat_ws('|', relname, relrowsecurity, relforcerowsecurity), ';' ORDER BY relname) \
        FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')), \
    (SELECT string_agg(concat_ws('|', tablename, policyname, permissive, roles, cmd, qual, with_check), ';' \
        ORDER BY tablename, policyname) FROM pg_policies WHERE schemaname = current_schema()), \
    (SELECT string_agg(prosrc, ';' ORDER BY proname) FROM pg_proc \
        WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'dossier\\_%')))";

/// Reads the note about the source and the result of the installation.
const NOTE: &str = "SELECT obj_description(to_regprocedure('dossier_enter(uuid)'), 'pg_proc')";

/// Returns the current role, if it is subject to policies.
const NON_EXEMPT: &str =
    "SELECT rolname::text FROM pg_roles WHERE rolname = current_user AND NOT rolbypassrls AND NOT rolsuper";

/// Installs Row Level Security if it is not the one of this version. Only the owner of the tables can do this. Tables
/// are locked only if something changes.
pub async fn install(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if is_installed(db).await? {
        return Ok(());
    }
    require_exempt(db).await?;
    db.execute_unprepared(&rls::sql()).await?;
    write_note(db).await
}

/// Installs the policies of tables that were created again, while all others are current.
pub(crate) async fn reinstall(db: &impl ConnectionTrait, tables: &[&str]) -> Result<(), DbErr> {
    db.execute_unprepared(&rls::sql_of(tables)).await?;
    write_note(db).await
}

/// Returns whether the installed Row Level Security is the one of this version.
pub(crate) async fn is_installed(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(read_note(db).await? == Some(expected(db).await?))
}

/// Returns whether the current role is not subject to policies.
pub async fn is_exempt(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(texts(db, NON_EXEMPT).await?.is_empty())
}

/// Fails if the current role is subject to policies.
pub(crate) async fn require_exempt(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if is_exempt(db).await? {
        return Ok(());
    }
    let message = "the role that migrates owns the tables and must not be bound by their policies: it needs \
                   BYPASSRLS (`dossier database create` gives it)";
    Err(DbErr::Custom(message.to_owned()))
}

async fn write_note(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let note = expected(db).await?;
    db.execute_unprepared(&format!("COMMENT ON FUNCTION dossier_enter(uuid) IS '{note}'")).await.map(drop)
}

/// Lets the server's role use the tables, and nothing else. It cannot change the rows of tables that are only appended to.
pub async fn grant_access(db: &impl ConnectionTrait, role: &str) -> Result<(), DbErr> {
    let role = format!("\"{}\"", role.replace('"', "\"\""));
    let mut sql = format!(
        "GRANT SELECT ON seaql_migrations TO {role}; GRANT EXECUTE ON FUNCTION {} TO {role}",
        rls_functions::called()
    );
    for table in rls::tables() {
        let (updates, deletes) = rls::mutability(table);
        let privileges = |granted| {
            let all = [("SELECT", true), ("INSERT", true), ("UPDATE", updates), ("DELETE", deletes)];
            all.into_iter().filter(|(_, is)| *is == granted).map(|(name, _)| name).collect::<Vec<_>>().join(", ")
        };
        let (granted, revoked) = (privileges(true), privileges(false));
        let _ = write!(sql, "; GRANT {granted} ON {table} TO {role}");
        if !revoked.is_empty() {
            let _ = write!(sql, "; REVOKE {revoked} ON {table} FROM {role}");
        }
    }
    db.execute_unprepared(&sql).await.map(drop)
}

/// Returns the reasons why the server's role could see hidden rows, in words for the operator. It is empty if there are
/// none.
pub async fn faults(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let mut faults = Vec::new();
    for (query, fault) in CHECKS {
        for subject in texts(db, query).await? {
            faults.push(fault.replace("{}", &subject));
        }
    }
    if !is_installed(db).await? {
        faults.push("the row level security is not the one of this version; run `dossier migrate`".to_owned());
    }
    Ok(faults)
}

/// Queries that must return no row, and the fault if they do.
const CHECKS: &[(&str, &str)] = &[
    (
        "SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace \
         AND relkind IN ('r', 'p') AND relname <> 'seaql_migrations' \
         AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY relname",
        "the table `{}` lacks forced row level security; run `dossier migrate`",
    ),
    (
        "SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace \
         AND relkind IN ('v', 'm', 'f') ORDER BY relname",
        "`{}` is no plain table, and may show rows past row level security; remove it from this schema",
    ),
    (
        "SELECT rolname::text FROM pg_roles WHERE (rolsuper OR rolbypassrls) \
         AND pg_has_role(current_user, oid, 'MEMBER') \
         AND (oid = current_user::regrole OR NOT (SELECT rolsuper FROM pg_roles WHERE oid = current_user::regrole)) \
         ORDER BY rolname",
        "the server's role can act as `{}`, which bypasses row level security; connect as a role that cannot \
         (`dossier database create` makes one)",
    ),
    (
        "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace \
         AND relkind IN ('r', 'p') AND pg_has_role(current_user, relowner, 'MEMBER')",
        "the server's role can act as `{}`, which owns the tables and could take row level security away; migrate as \
         the owner (MIGRATE_DATABASE_URL) and serve as another role (DATABASE_URL)",
    ),
];

/// Returns the expected note: this version, and the state of the catalog.
async fn expected(db: &impl ConnectionTrait) -> Result<String, DbErr> {
    let written = Statement::from_sql_and_values(db.get_database_backend(), "SELECT md5($1)", [rls::sql().into()]);
    let written: Option<String> = one(db, written).await?;
    let standing: Option<String> = one(db, Statement::from_string(db.get_database_backend(), INSTALLED)).await?;
    Ok(format!("{} {}", written.unwrap_or_default(), standing.unwrap_or_default()))
}

async fn read_note(db: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    one(db, Statement::from_string(db.get_database_backend(), NOTE)).await
}

async fn one(db: &impl ConnectionTrait, statement: Statement) -> Result<Option<String>, DbErr> {
    db.query_one_raw(statement).await?.map_or(Ok(None), |row| row.try_get_by_index(0))
}

async fn texts(db: &impl ConnectionTrait, sql: &str) -> Result<Vec<String>, DbErr> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}
