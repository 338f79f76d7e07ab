//! Setting up `PostgreSQL`: a database, the role that owns it, and the role that serves it, which owns nothing and
//! cannot look past Row Level Security.

use crate::{cli::Error, config::random_text};
use sea_orm::{ConnectionTrait, DatabaseConnection, sqlx::postgres::PgConnectOptions};
use url::Url;

/// What was made: where to connect, and as whom. Both hold a password.
pub struct Made {
    /// For the server (`DATABASE_URL`).
    pub server: Url,
    /// For `dossier migrate` (`MIGRATE_DATABASE_URL`).
    pub owner: Url,
}

/// Makes the database `name` with the roles `{name}_owner` and `{name}_server`, as somebody who may.
pub async fn create(admin: &str, name: &str) -> Result<Made, Error> {
    let url =
        Url::parse(admin).map_err(|_| "ADMIN_DATABASE_URL must be a URL such as postgres://postgres@host/postgres")?;
    let db = super::connect(admin).await?;
    let (owner, server) = (format!("{name}_owner"), format!("{name}_server"));
    let made = Made { server: with(&url, name, &server)?, owner: with(&url, name, &owner)? };
    // Data steps of a migration, and dumps, must see all rows: the owner is not bound by the policies that it makes.
    create_role(&db, &made.owner, "BYPASSRLS").await?;
    create_role(&db, &made.server, "NOBYPASSRLS").await?;
    db.execute_unprepared(&format!("CREATE DATABASE {name} OWNER {owner} ENCODING 'UTF8' TEMPLATE template0")).await?;
    db.execute_unprepared(&format!("REVOKE ALL ON DATABASE {name} FROM PUBLIC")).await?;
    db.execute_unprepared(&format!("GRANT CONNECT ON DATABASE {name} TO {server}")).await?;
    let mut inside = url;
    inside.set_path(name);
    let inside = super::connect(inside.as_str()).await?;
    inside.execute_unprepared("REVOKE ALL ON SCHEMA public FROM PUBLIC").await?;
    inside.execute_unprepared(&format!("ALTER SCHEMA public OWNER TO {owner}")).await?;
    inside.execute_unprepared(&format!("GRANT USAGE ON SCHEMA public TO {server}")).await?;
    inside.close().await?;
    db.close().await?;
    Ok(made)
}

/// Checks the name of a database to be made, which becomes part of statements.
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

/// The role that a URL connects as; none if it is not one of `PostgreSQL`.
pub fn name_in(url: &str) -> Option<String> {
    let options = Some(url).filter(|url| url.starts_with("postgres"))?.parse::<PgConnectOptions>().ok()?;
    Some(options.get_username().to_owned())
}

async fn create_role(db: &DatabaseConnection, url: &Url, bypass: &str) -> Result<(), Error> {
    let (name, password) = (url.username(), url.password().unwrap_or_default());
    let sql = format!(
        "CREATE ROLE {name} LOGIN PASSWORD '{password}' NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION {bypass}"
    );
    db.execute_unprepared(&sql).await?;
    Ok(())
}

/// The same server, another database, as another role with a new password.
fn with(url: &Url, database: &str, role: &str) -> Result<Url, Error> {
    let mut url = url.clone();
    url.set_path(database);
    let password = random_text(24)?;
    let set = url.set_username(role).and_then(|()| url.set_password(Some(&password)));
    set.map_err(|()| "ADMIN_DATABASE_URL must name a host")?;
    Ok(url)
}
