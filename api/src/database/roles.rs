//! Sets up `PostgreSQL`: a database, the role that owns it, and the role of the server, which owns nothing and cannot
//! bypass Row Level Security.

use super::connection::connect;
use crate::config::Misconfigured;
use dossier_core::error::BoxError;
use dossier_core::secret::random_text;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, sqlx::postgres::PgConnectOptions};
use url::Url;

/// A database with the URLs of its two roles. Both contain a password.
pub struct DatabaseRoles {
    /// The URL of the server (`DATABASE_URL`).
    pub server: Url,
    /// The URL of the owner (`MIGRATE_DATABASE_URL`).
    pub owner: Url,
    /// Whether the database must not exist, because new passwords would lock its users out.
    new: bool,
}

impl DatabaseRoles {
    /// Returns the database `name` on the administrator's server, with the roles `{name}_owner` and `{name}_server` and
    /// new passwords.
    pub fn generate(admin: &str, name: &str) -> Result<Self, BoxError> {
        let url = parse("ADMIN_DATABASE_URL", admin)?;
        Ok(Self {
            server: with(&url, name, &format!("{name}_server"))?,
            owner: with(&url, name, &format!("{name}_owner"))?,
            new: true,
        })
    }

    /// Returns the database in the configuration.
    pub fn named(server: &str, owner: &str) -> Result<Self, BoxError> {
        let (server, owner) = (parse("DATABASE_URL", server)?, parse("MIGRATE_DATABASE_URL", owner)?);
        let named = Self { server, owner, new: false };
        for (variable, url) in [("DATABASE_URL", &named.server), ("MIGRATE_DATABASE_URL", &named.owner)] {
            name(url.username()).map_err(|why| format!("{variable}: the name of the role {why}"))?;
            name(database(url)).map_err(|why| format!("{variable}: the name of the database {why}"))?;
            password(url).map_err(|why| format!("{variable}: the password {why}"))?;
        }
        if named.server.username() == named.owner.username() || database(&named.server) != database(&named.owner) {
            return Err("DATABASE_URL and MIGRATE_DATABASE_URL must have the same database and different roles".into());
        }
        Ok(named)
    }
}

/// Creates a database and its roles as an administrator. If the configuration names them, they may exist, and are
/// brought into the same state.
pub async fn create(admin: &str, made: &DatabaseRoles) -> Result<(), BoxError> {
    let mut inside = parse("ADMIN_DATABASE_URL", admin)?;
    let db = connect(admin).await?;
    let (name, owner, server) = (database(&made.owner), made.owner.username(), made.server.username());
    // Migrations and dumps must see all rows, so policies do not apply to the owner.
    make_role(&db, &made.owner, "BYPASSRLS", made.new).await?;
    make_role(&db, &made.server, "NOBYPASSRLS", made.new).await?;
    if made.new || !there(&db, "SELECT true FROM pg_database WHERE datname", name).await? {
        db.execute_unprepared(&format!("CREATE DATABASE {name} OWNER {owner} ENCODING 'UTF8' TEMPLATE template0"))
            .await?;
    }
    db.execute_unprepared(&format!("REVOKE ALL ON DATABASE {name} FROM PUBLIC")).await?;
    db.execute_unprepared(&format!("GRANT CONNECT ON DATABASE {name} TO {server}")).await?;
    inside.set_path(name);
    let inside = connect(inside.as_str()).await?;
    inside.execute_unprepared("REVOKE ALL ON SCHEMA public FROM PUBLIC").await?;
    inside.execute_unprepared(&format!("ALTER SCHEMA public OWNER TO {owner}")).await?;
    inside.execute_unprepared(&format!("GRANT USAGE ON SCHEMA public TO {server}")).await?;
    inside.close().await?;
    db.close().await?;
    Ok(())
}

/// Checks the name of a new database, which becomes part of statements.
pub fn name(value: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if (1..=50).contains(&value.len())
        && value.starts_with(|c: char| c.is_ascii_lowercase())
        && value.chars().all(plain)
    {
        Ok(value.to_owned())
    } else {
        Err("must have 1 to 50 of a-z, 0-9 and _, and begin with a letter".to_owned())
    }
}

/// Returns the role in a URL. `None` if it is not a `PostgreSQL` URL.
pub fn name_in(url: &str) -> Option<String> {
    let options = Some(url).filter(|url| url.starts_with("postgres"))?.parse::<PgConnectOptions>().ok()?;
    Some(options.get_username().to_owned())
}

async fn make_role(db: &DatabaseConnection, url: &Url, bypass: &str, new: bool) -> Result<(), BoxError> {
    let (name, password) = (url.username(), password(url)?);
    // A wrong URL must not remove the administrator's own rights.
    if there(db, "SELECT true FROM pg_roles WHERE rolsuper AND rolname", name).await? {
        return Err(format!("`{name}` is a superuser, but the owner and the server must not be superusers").into());
    }
    let known = !new && there(db, "SELECT true FROM pg_roles WHERE rolname", name).await?;
    let make = if known { "ALTER" } else { "CREATE" };
    let sql = format!(
        "{make} ROLE {name} LOGIN PASSWORD '{password}' NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION {bypass}"
    );
    db.execute_unprepared(&sql).await?;
    Ok(())
}

async fn there(db: &DatabaseConnection, question: &str, name: &str) -> Result<bool, BoxError> {
    let sql = format!("{question} = $1");
    let row = db.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [name.into()])).await?;
    Ok(row.is_some())
}

fn parse(variable: &str, url: &str) -> Result<Url, Misconfigured> {
    let named = Url::parse(url).ok().filter(|url| url.has_host() && url.scheme().starts_with("postgres"));
    let named = named.filter(|_| url.parse::<PgConnectOptions>().is_ok());
    named.ok_or_else(|| Misconfigured(format!("{variable} must be a URL such as postgres://user:password@host/name")))
}

fn database(url: &Url) -> &str {
    url.path().trim_start_matches('/')
}

/// Returns the password in a URL, which becomes part of statements.
fn password(url: &Url) -> Result<&str, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    let given = url.password().filter(|password| !password.is_empty() && password.chars().all(plain));
    given.ok_or_else(|| "is required, and may contain only letters, digits, -, ., _ and ~".to_owned())
}

/// Returns the URL of another database on the same server, with another role and a new password.
fn with(url: &Url, database: &str, role: &str) -> Result<Url, BoxError> {
    let mut url = url.clone();
    url.set_path(database);
    let password = random_text(24)?;
    let set = url.set_username(role).and_then(|()| url.set_password(Some(&password)));
    set.map_err(|()| "ADMIN_DATABASE_URL must name a host")?;
    Ok(url)
}
