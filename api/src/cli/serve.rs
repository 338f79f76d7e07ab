//! Putting the server together and running it.

use super::Error;
use crate::{
    access::{Door, Sealer},
    app::App,
    auth::Tokens,
    clock::Clock,
    config::Config,
    events::Bus,
    http,
    storage::Objects,
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use secrecy::ExposeSecret;
use std::time::Duration;
use tokio::net::TcpListener;
use url::Url;

/// Connects to the configured database.
pub async fn database(config: &Config) -> Result<DatabaseConnection, Error> {
    if config.is_embedded() {
        std::fs::create_dir_all(&config.data_dir)?;
    }
    let mut options = ConnectOptions::new(config.database());
    options.sqlx_logging(false).acquire_timeout(Duration::from_secs(5)).max_connections(16).map_sqlx_sqlite_opts(
        |sqlite| {
            use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
            // FULL: what was answered as done must survive the machine, not only the process.
            sqlite
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(10))
        },
    );
    Ok(Database::connect(options).await?)
}

/// Brings the schema up to date.
pub async fn migrate(db: &DatabaseConnection) -> Result<(), Error> {
    Ok(Migrator::up(db, None).await?)
}

/// The server's parts, over a database whose schema is up to date.
pub async fn assemble(config: &Config, db: DatabaseConnection, public_url: Url) -> Result<App, Error> {
    let secrets = config.secrets(public_url)?;
    let secret = secrets.jwt.expose_secret().as_bytes();
    Ok(App {
        door: Door::new(db, Clock::default(), Bus::default()),
        objects: Objects::open(secrets.objects).await?,
        tokens: Tokens::new(secret),
        sealer: Sealer::new(secret)?,
    })
}

/// Serves until it is told to stop.
pub async fn serve(config: &Config) -> Result<(), Error> {
    let db = database(config).await?;
    if config.is_embedded() {
        migrate(&db).await?;
    }
    let listener =
        TcpListener::bind(config.listen).await.map_err(|error| format!("LISTEN={}: {error}", config.listen))?;
    let public_url = config.public(listener.local_addr()?)?;
    let app = assemble(config, db, public_url.clone()).await?;
    eprintln!("Dossier serves on {public_url}");
    let router = http::router(app, config);
    axum::serve(listener, router).with_graceful_shutdown(stopped()).await?;
    Ok(())
}

/// Returns when the process is asked to end.
async fn stopped() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated => {}
    }
}
