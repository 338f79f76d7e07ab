//! The configuration: environment variables or a `.env` file, parsed into typed sections. The comments explain the
//! variables, and `--help` prints them.

// `--help` prints the comments.
#![allow(clippy::doc_markdown, rustdoc::bare_urls)]

mod data_dir;
pub mod env_file;
mod external;
mod mail;
mod misconfigured;
mod objects;
mod preview;
pub mod private;
mod rate;
mod scanner;
mod secrets;
pub mod sqlite;
mod value;

pub use external::{ExternalIdentities, ExternalTokenSettings, ProviderSettings};
pub use mail::MailSettings;
pub use misconfigured::Misconfigured;
pub use objects::{ObjectStore, Sse};
pub use preview::PreviewSettings;
pub use rate::RateLimits;
pub use scanner::ScannerSettings;
pub use secrets::StoredSecrets;
pub use value::is_loopback;

use crate::{graphiql_assets, observe::log};
use clap::{ArgAction, Args};
use dossier_core::secret::ServerSecret;
use dossier_data::SessionSettings;
use dossier_mail::{MailFolder, Mailer, SettingsError};
use rate::LIMITS;
use sea_orm::sqlx::postgres::PgConnectOptions;
use secrecy::{ExposeSecret, SecretString};
use std::{net::SocketAddr, path::PathBuf, time::Duration};
use tracing_subscriber::filter::Targets;
use url::Url;

/// The minimum length of a configured secret in bytes. It is the length of the key that is derived from it.
const MIN_SECRET: usize = 32;

/// The headings in `--help`.
const SERVER: &str = "Server";
const DATABASE: &str = "Database and Redis";
const WATCHING: &str = "Log, metrics and traces";

/// The configuration.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Address and port to listen on.
    #[arg(long, help_heading = SERVER, env = "LISTEN", default_value = "127.0.0.1:4000", value_parser = value::listen)]
    pub listen: SocketAddr,

    /// Maximum number of client connections to this process, including open WebSockets. Further connections are
    /// answered with status 503 and closed. The process may need this many file descriptors (`ulimit -n`), and some
    /// hundred for itself.
    #[arg(long, help_heading = SERVER, env = "MAX_CONNECTIONS", default_value_t = 10_000, value_parser = value::whole::<u32>(1..=1_000_000, ""))]
    pub max_connections: u32,

    /// Maximum number of open WebSockets from one address (IPv6: one /64) to this process; 0 means no limit. Further
    /// ones are refused with TOO_MANY_SOCKETS. Behind a proxy, TRUSTED_PROXIES must contain it, because otherwise all
    /// sockets come from its address.
    #[arg(long, help_heading = LIMITS, env = "MAX_SOCKETS_PER_ADDRESS", default_value_t = 1_000, value_parser = value::whole::<u32>(0..=1_000_000, ""))]
    pub max_sockets_per_address: u32,

    /// Folder of the embedded database, the local objects and the generated secrets.
    #[arg(long, help_heading = SERVER, env = "DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,

    /// Database: `sqlite://path` or `postgres://user:password@host/name`. The default is an embedded SQLite database
    /// under DATA_DIR, which starts with a sample organization.
    #[arg(long, help_heading = DATABASE, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<SecretString>,

    /// Database for `dossier migrate`, with the role that owns the tables. DATABASE_URL then has the role of the
    /// server, which owns nothing. The default is DATABASE_URL.
    #[arg(long, help_heading = DATABASE, env = "MIGRATE_DATABASE_URL", hide_env_values = true)]
    pub migrate_database_url: Option<SecretString>,

    /// Maximum number of connections from this process to the database. Further work waits for a connection.
    #[arg(long, help_heading = DATABASE, env = "DATABASE_POOL_SIZE", default_value_t = 16, value_parser = value::whole::<u32>(1..=1_000, ""))]
    pub database_pool_size: u32,

    /// Seconds for which work waits for a connection before it is refused with SERVICE_UNAVAILABLE.
    #[arg(long, help_heading = DATABASE, env = "DATABASE_POOL_WAIT", default_value_t = 5, value_parser = value::seconds())]
    pub database_pool_wait: u64,

    /// Whether each connection prepares its statements once (PostgreSQL). Set it to `false` for a pooler in transaction
    /// mode that does not support prepared statements, such as PgBouncer before 1.21.
    #[arg(long, help_heading = DATABASE, env = "DATABASE_PREPARED", default_value_t = true, action = ArgAction::Set)]
    pub database_prepared: bool,

    /// Maximum duration of a statement in seconds (PostgreSQL).
    #[arg(long, help_heading = DATABASE, env = "DATABASE_STATEMENT_TIMEOUT", default_value_t = 10, value_parser = value::seconds())]
    pub database_statement_timeout: u64,

    /// Maximum time in seconds for which a statement waits for a row that another transaction changes (PostgreSQL).
    #[arg(long, help_heading = DATABASE, env = "DATABASE_LOCK_TIMEOUT", default_value_t = 5, value_parser = value::seconds())]
    pub database_lock_timeout: u64,

    /// Maximum idle time of a transaction in seconds (PostgreSQL).
    #[arg(long, help_heading = DATABASE, env = "DATABASE_IDLE_TIMEOUT", default_value_t = 30, value_parser = value::seconds())]
    pub database_idle_timeout: u64,

    /// Redis, through which processes wake each other's subscribers: `redis://host:6379`, or `rediss://` with TLS.
    /// While Redis is unavailable, events arrive some seconds later. Without Redis, events of other processes arrive
    /// within 15 seconds.
    #[arg(long, help_heading = DATABASE, env = "REDIS_URL", hide_env_values = true)]
    pub redis_url: Option<SecretString>,

    /// The object store.
    #[command(flatten)]
    pub object_store: ObjectStore,

    /// The scanner for malware.
    #[command(flatten)]
    pub scanner: ScannerSettings,

    /// The previews.
    #[command(flatten)]
    pub preview: PreviewSettings,

    /// URL at which clients reach this server, without a path. The default is http://LISTEN.
    #[arg(long, help_heading = SERVER, env = "PUBLIC_URL", value_parser = value::public_url)]
    pub public_url: Option<Url>,

    /// The mail.
    #[command(flatten)]
    pub mail: MailSettings,

    /// The identity provider.
    #[command(flatten)]
    pub external: ExternalIdentities,

    /// Secret that signs access tokens and encrypts cursors: at least 32 characters, and the same for all processes.
    /// With the embedded database, it is generated under DATA_DIR.
    #[arg(long, help_heading = SERVER, env = "JWT_SECRET", hide_env_values = true)]
    pub jwt_secret: Option<SecretString>,

    /// Another secret that is accepted while `JWT_SECRET` changes: the next or the previous one.
    #[arg(long, help_heading = SERVER, env = "JWT_SECRET_FALLBACK", hide_env_values = true)]
    pub jwt_secret_fallback: Option<SecretString>,

    /// Seconds for which an access token is valid. Clients renew it with a refresh token.
    #[arg(long, help_heading = SERVER, env = "ACCESS_TOKEN_SECONDS", default_value_t = 900, value_parser = value::whole::<u16>(10..=900, " of seconds"))]
    pub access_token_seconds: u16,

    /// Origins whose pages may call this API, separated by commas, such as https://hub.example.com. `*` allows all
    /// origins, and turns cookies off.
    #[arg(long, help_heading = SERVER, env = "CORS_ORIGINS", value_delimiter = ',', value_parser = value::origin)]
    pub cors_origins: Vec<String>,

    /// The rate limits of callers.
    #[command(flatten)]
    pub rate: RateLimits,

    /// Log level (error, warn, info, debug, trace), or directives such as `info,dossier=debug`.
    #[arg(long, help_heading = WATCHING, env = "LOG", default_value = "info", value_parser = log::filter)]
    pub log: Targets,

    /// Format of log lines, which are written to standard error.
    #[arg(long, help_heading = WATCHING, env = "LOG_FORMAT", default_value = "text", value_enum)]
    pub log_format: log::Format,

    /// Write the addresses of refused attempts to authenticate to the log, so that a program such as fail2ban can block
    /// them. Otherwise, the log contains pseudonyms.
    #[arg(long, help_heading = WATCHING, env = "LOG_ADDRESSES", default_value_t = false, action = ArgAction::Set)]
    pub log_addresses: bool,

    /// Address and port for monitoring, which must not be public: /metrics for Prometheus, and /health/live and
    /// /health/ready, which the public address serves, too. Without it, there are no metrics.
    #[arg(long, help_heading = WATCHING, env = "METRICS_LISTEN", value_parser = value::listen)]
    pub metrics_listen: Option<SocketAddr>,

    /// Receiver of traces: OpenTelemetry's OTLP over HTTP, such as http://127.0.0.1:4318. These standard variables are
    /// read, too: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_SAMPLER. Without
    /// it, there are no traces.
    #[arg(long, help_heading = WATCHING, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_parser = value::otlp_endpoint)]
    pub otlp_endpoint: Option<Url>,
    /// Seconds between the pings to an open WebSocket. A socket that is silent for twice this time is closed. It must
    /// be less than the idle timeout of all proxies in between.
    #[arg(long, help_heading = SERVER, env = "SOCKET_KEEPALIVE", default_value_t = 12, value_parser = value::whole::<u16>(1..=300, " of seconds"))]
    pub socket_keepalive: u16,

    /// Seconds for which a slow subscriber may try to catch up. Then its socket is closed with 1013, `fallen-behind`.
    /// With its last cursor it misses nothing.
    #[arg(long, help_heading = LIMITS, env = "SUBSCRIBER_PATIENCE", default_value_t = 60, value_parser = value::whole::<u16>(0..=3_600, " of seconds"))]
    pub subscriber_patience: u16,

    /// Maximum number of jobs that this process runs at a time. Jobs are work in the background, such as deleting old
    /// events. With 0, this process runs no jobs, and other processes must. Each job may use a connection to the
    /// database.
    #[arg(long, help_heading = SERVER, env = "JOB_WORKERS", default_value_t = 4, value_parser = value::whole::<u16>(0..=256, ""))]
    pub job_workers: u16,

    /// Maximum time in seconds for stopping the server. In this time, requests and operations end, and sockets are told
    /// to reconnect.
    #[arg(long, help_heading = SERVER, env = "SHUTDOWN_TIMEOUT", default_value_t = 8, value_parser = value::whole::<u16>(1..=3_600, " of seconds"))]
    pub shutdown_timeout: u16,

    /// Folder of npm packages with the query editor's files. The default is DATA_DIR/graphiql/node_modules or
    /// tests/graphiql/node_modules, if one has them. Otherwise, the browser loads them from a public CDN.
    #[arg(long, help_heading = SERVER, env = "GRAPHIQL_ASSETS", value_parser = graphiql_assets::folder)]
    pub graphiql_assets: Option<PathBuf>,

    /// Folder of the built web app, which is served at `/`. The default is the app that this program contains, or else
    /// client-examples/web/dist.
    #[arg(long, help_heading = SERVER, env = "WEB_APP", value_parser = value::web_app)]
    pub web_app: Option<PathBuf>,
}

impl Config {
    /// Checks secret values, which an error of the parser would show. Also checks values that depend on each other.
    pub fn check(&self) -> Result<(), String> {
        self.check_database()?;
        if self.redis_url.as_ref().is_some_and(|url| !is_redis(url.expose_secret())) {
            return Err("REDIS_URL must be a URL such as redis://127.0.0.1:6379, or rediss:// with TLS".to_owned());
        }
        for (name, secret) in [("JWT_SECRET", &self.jwt_secret), ("JWT_SECRET_FALLBACK", &self.jwt_secret_fallback)] {
            if secret.as_ref().is_some_and(|secret| secret.expose_secret().len() < MIN_SECRET) {
                return Err(format!(
                    "{name} must have at least {MIN_SECRET} characters, such as the output of `openssl rand -hex 32`"
                ));
            }
        }
        if let Some(metrics) = self.metrics_listen.filter(|metrics| value::overlap(*metrics, self.listen)) {
            return Err(format!(
                "METRICS_LISTEN={metrics} conflicts with LISTEN={}; choose another port, which is not public",
                self.listen
            ));
        }
        self.mail.check()?;
        self.external.check()?;
        self.object_store.check()
    }

    /// Returns the sender of mails: over SMTP, or to a folder.
    pub fn mailer(&self) -> Result<Mailer, SettingsError> {
        self.mail.mailer(self.mail_folder())
    }

    /// Returns the folder for mails that are not sent.
    pub fn mail_folder(&self) -> MailFolder {
        MailFolder::new(self.data_dir.join("mail"))
    }

    fn check_database(&self) -> Result<(), String> {
        if self.database_url.as_ref().is_some_and(|url| !is_postgres(url) && sqlite::options(url).is_none()) {
            return Err(
                "DATABASE_URL must begin with sqlite:, postgres: or postgresql:, such as sqlite:///path/to/file or \
                 postgres://user:password@host/name; write special characters of a password as %XX"
                    .to_owned(),
            );
        }
        if self.migrate_database_url.as_ref().is_some_and(|url| !is_postgres(url)) {
            return Err("MIGRATE_DATABASE_URL must begin with postgres: or postgresql:, such as \
                        postgres://user:password@host/name; write special characters of a password as %XX"
                .to_owned());
        }
        if self.migrate_database_url.is_some() && self.database_url.is_none() {
            return Err("MIGRATE_DATABASE_URL is set, so DATABASE_URL, with the role of the server, must be set, too"
                .to_owned());
        }
        Ok(())
    }

    /// Returns the interval of pings on a socket.
    pub fn socket_keepalive(&self) -> Duration {
        Duration::from_secs(self.socket_keepalive.into())
    }

    /// Returns the maximum time for which a subscriber may try to catch up.
    pub fn subscriber_patience(&self) -> Duration {
        Duration::from_secs(self.subscriber_patience.into())
    }

    /// Returns the maximum time for stopping.
    pub fn shutdown_timeout(&self) -> Duration {
        Duration::from_secs(self.shutdown_timeout.into())
    }

    /// Returns whether the embedded database is used. Only this database gets a sample and generated secrets.
    pub fn is_embedded(&self) -> bool {
        self.database_url.is_none()
    }

    /// Returns whether this is a development machine, on which nobody else connects and the query editor is useful.
    pub fn is_development(&self) -> bool {
        self.is_embedded()
    }

    /// Returns the URL of the database.
    pub fn database(&self) -> String {
        match &self.database_url {
            Some(url) => url.expose_secret().to_owned(),
            None => sqlite::url(&self.data_dir.join("dossier.db")),
        }
    }

    /// Returns the file of an SQLite database.
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let url = self.database();
        let in_memory = url.contains(":memory:") || url.contains("mode=memory");
        let options = sqlite::options(&SecretString::from(url)).filter(|_| !in_memory)?;
        Some(options.get_filename().to_owned())
    }

    /// Returns the maximum time for which work waits for a connection.
    pub fn database_pool_wait(&self) -> Duration {
        Duration::from_secs(self.database_pool_wait)
    }

    /// Returns the settings of database sessions.
    pub fn session_settings(&self) -> SessionSettings {
        let [statement, lock, idle] =
            [self.database_statement_timeout, self.database_lock_timeout, self.database_idle_timeout]
                .map(Duration::from_secs);
        SessionSettings { prepared: self.database_prepared, statement, lock, idle }
    }

    /// Returns the public URL of a server that listens on this address.
    pub fn public(&self, listening: SocketAddr) -> Result<Url, url::ParseError> {
        if let Some(url) = &self.public_url {
            return Ok(url.clone());
        }
        let unspecified = listening.ip().is_unspecified();
        let reachable = if unspecified { SocketAddr::from(([127, 0, 0, 1], listening.port())) } else { listening };
        Url::parse(&format!("http://{reachable}"))
    }

    /// Returns the settings of the identity provider at which people sign in, if there is one.
    pub fn identity_provider(&self) -> Result<Option<ProviderSettings>, url::ParseError> {
        let app_url = match &self.mail.app_url {
            Some(url) => url.clone(),
            None => self.public(self.listen)?,
        };
        self.external.provider(&app_url)
    }

    /// Returns the secret that signs access tokens and encrypts cursors.
    pub fn jwt(&self) -> Result<ServerSecret, Misconfigured> {
        let (current, previous) = match self.jwt_if_set()? {
            Some(secret) => (secret, None),
            None => (self.stored_secrets().jwt()?, self.stored_secrets().previous_jwt()?),
        };
        Ok(ServerSecret::new(current, self.jwt_secret_fallback.clone().or(previous)))
    }

    /// Does the same without generating it. `None` if it would be generated.
    pub fn jwt_if_set(&self) -> Result<Option<SecretString>, Misconfigured> {
        if self.jwt_secret.is_none() && !self.is_embedded() {
            let why =
                "JWT_SECRET is not set; set the same value for all processes (only the embedded database generates it)";
            return Err(Misconfigured(why.to_owned()));
        }
        Ok(self.jwt_secret.clone())
    }

    /// Returns the settings of the configured object store, or of local files under `DATA_DIR` with a generated key.
    pub fn objects(&self, public_url: Url) -> Result<dossier_storage::Settings, Misconfigured> {
        if let Some(remote) = self.object_store.remote() {
            return Ok(remote);
        }
        let id = self.stored_secrets().generated("objects-key-id", 15)?.expose_secret().to_owned();
        let secret = self.stored_secrets().generated("objects-key-secret", 30)?;
        Ok(self.object_store.local(self.data_dir.join("objects"), public_url, id, secret))
    }

    /// Returns the secrets that are stored under `DATA_DIR`.
    pub fn stored_secrets(&self) -> StoredSecrets<'_> {
        StoredSecrets::new(&self.data_dir)
    }
}

fn is_postgres(url: &SecretString) -> bool {
    let url = url.expose_secret();
    let known = url.starts_with("postgres:") || url.starts_with("postgresql:");
    known && Url::parse(url).is_ok() && url.parse::<PgConnectOptions>().is_ok()
}

fn is_redis(url: &str) -> bool {
    ["redis://", "rediss://", "unix://"].iter().any(|scheme| url.starts_with(scheme))
        && redis::Client::open(url).is_ok()
}
