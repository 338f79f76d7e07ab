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

/// The door to the configured database; the embedded one is brought up to date first.
pub async fn door(config: &Config) -> Result<Door, Error> {
    let db = database(config).await?;
    if config.is_embedded() {
        migrate(&db).await?;
    }
    let bus = match &config.redis_url {
        Some(url) => Bus::connect(url.expose_secret()).await.map_err(|error| format!("REDIS_URL: {error}"))?,
        None => Bus::default(),
    };
    Ok(Door::new(db, Clock::default(), bus))
}

/// A server that has its address, and does not answer yet.
pub struct Server {
    listener: TcpListener,
    /// Its parts.
    pub app: App,
    /// Where clients reach it.
    pub public_url: Url,
}

impl Server {
    /// Takes the address and puts the parts together.
    pub async fn bind(config: &Config) -> Result<Self, Error> {
        let door = door(config).await?;
        let listener =
            TcpListener::bind(config.listen).await.map_err(|error| format!("LISTEN={}: {error}", config.listen))?;
        let public_url = config.public(listener.local_addr()?)?;
        let secrets = config.secrets(public_url.clone())?;
        let secret = secrets.jwt.expose_secret().as_bytes();
        let app = App {
            door,
            objects: Objects::open(secrets.objects).await?,
            tokens: Tokens::new(secret),
            sealer: Sealer::new(secret)?,
        };
        Ok(Self { listener, app, public_url })
    }

    /// Answers until `stopped` returns.
    pub async fn run(self, config: &Config, stopped: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
        let router = http::router(self.app, config);
        Ok(axum::serve(self.listener, router).with_graceful_shutdown(stopped).await?)
    }
}

/// Serves until it is told to stop.
pub async fn serve(config: &Config) -> Result<(), Error> {
    let server = Server::bind(config).await?;
    eprintln!("Dossier serves on {}", server.public_url);
    server.run(config, stopped()).await
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
