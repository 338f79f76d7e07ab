//! Configuration: environment variables, or a `.env` file, into typed sections. What a variable means stands here, and
//! `--help` prints it.

// The comments are what `--help` prints.
#![allow(clippy::doc_markdown, rustdoc::bare_urls)]

mod objects;
mod rate;

pub use objects::{ObjectStore, Sse};
pub use rate::RateLimits;

use crate::{access::Terms, observe::log, storage};
use aws_lc_rs::rand;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use clap::{ArgAction, Args};
use secrecy::{ExposeSecret, SecretString};
use std::{
    fs,
    io::{self, Write},
    net::SocketAddr,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::Duration,
};
use tracing_subscriber::filter::Targets;
use url::Url;

/// The least length of a secret of one's own, in bytes: that of the key it is made into.
const MIN_SECRET: usize = 32;

/// Everything that can be configured.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Address and port to listen on.
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:4000")]
    pub listen: SocketAddr,

    /// The most connections of clients that this process has, open WebSockets among them. One more is answered with
    /// status 503 and closed. The process may need as many file descriptors (`ulimit -n`), and some hundred for itself.
    #[arg(long, env = "MAX_CONNECTIONS", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub max_connections: u32,

    /// The most WebSockets that this process has open for one address, of IPv6 for one /64; 0: any number. One more is
    /// refused with TOO_MANY_SOCKETS. Behind a proxy, TRUSTED_PROXIES must name it, or all come from its address.
    #[arg(long, env = "MAX_SOCKETS_PER_ADDRESS", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub max_sockets_per_address: u32,

    /// Folder of the embedded database, the local objects and the generated secrets.
    #[arg(long, env = "DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,

    /// Database: `sqlite://path` or `postgres://user:password@host/name`. Without it, an embedded SQLite database under
    /// DATA_DIR that starts with a sample organization.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<SecretString>,

    /// Database for `dossier migrate`, as the role that owns the tables. DATABASE_URL is then the server's, which owns
    /// nothing. Without it, `dossier migrate` uses DATABASE_URL.
    #[arg(long, env = "MIGRATE_DATABASE_URL", hide_env_values = true)]
    pub migrate_database_url: Option<SecretString>,

    /// The most connections to the database that this process has; all work beyond waits for one.
    #[arg(long, env = "DATABASE_POOL_SIZE", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub database_pool_size: u32,

    /// How many seconds work waits for a connection before it is refused with SERVICE_UNAVAILABLE.
    #[arg(long, env = "DATABASE_POOL_WAIT", default_value_t = 5, value_parser = seconds())]
    pub database_pool_wait: u64,

    /// Whether statements are prepared once for each connection (PostgreSQL). `false` for a pooler in transaction mode
    /// that knows no prepared statements, such as PgBouncer before 1.21.
    #[arg(long, env = "DATABASE_PREPARED", default_value_t = true, action = ArgAction::Set)]
    pub database_prepared: bool,

    /// How many seconds a statement may take (PostgreSQL).
    #[arg(long, env = "DATABASE_STATEMENT_TIMEOUT", default_value_t = 10, value_parser = seconds())]
    pub database_statement_timeout: u64,

    /// How many seconds a statement may wait for a row that somebody else is changing (PostgreSQL).
    #[arg(long, env = "DATABASE_LOCK_TIMEOUT", default_value_t = 5, value_parser = seconds())]
    pub database_lock_timeout: u64,

    /// How many seconds a transaction may do nothing (PostgreSQL).
    #[arg(long, env = "DATABASE_IDLE_TIMEOUT", default_value_t = 30, value_parser = seconds())]
    pub database_idle_timeout: u64,

    /// Redis, through which several processes wake each other's subscribers: `redis://host:6379`, or `rediss://` with
    /// TLS. While it is away, events arrive some seconds later. Without it, events of other processes take 15 seconds.
    #[arg(long, env = "REDIS_URL", hide_env_values = true)]
    pub redis_url: Option<SecretString>,

    /// Where the objects are.
    #[command(flatten)]
    pub object_store: ObjectStore,

    /// The address under which clients reach this server, without a path. By default http://LISTEN.
    #[arg(long, env = "PUBLIC_URL", value_parser = public_url)]
    pub public_url: Option<Url>,

    /// Signs access tokens and seals cursors; at least 32 characters, the same for all processes. Generated under
    /// DATA_DIR for the embedded database.
    #[arg(long, env = "JWT_SECRET", hide_env_values = true)]
    pub jwt_secret: Option<SecretString>,

    /// Origins whose pages may call this API, separated by commas, such as https://hub.example.com. `*` allows all.
    #[arg(long, env = "CORS_ORIGINS", value_delimiter = ',', value_parser = origin)]
    pub cors_origins: Vec<String>,

    /// How much callers may ask for.
    #[command(flatten)]
    pub rate: RateLimits,

    /// What is logged: a level (error, warn, info, debug, trace) or directives such as `info,dossier=debug`.
    #[arg(long, env = "LOG", default_value = "info", value_parser = log::filter)]
    pub log: Targets,

    /// How log lines are written, on standard error.
    #[arg(long, env = "LOG_FORMAT", default_value = "text", value_enum)]
    pub log_format: log::Format,

    /// Address and port for monitoring, which the public must not reach: /metrics for Prometheus, and /health/live and
    /// /health/ready, which the public address answers, too. Without it, there are no metrics.
    #[arg(long, env = "METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,

    /// Receiver of traces: OpenTelemetry's OTLP over HTTP, such as http://127.0.0.1:4318. Further standard variables
    /// are read, too: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_SAMPLER.
    /// Without it, there are no traces.
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_parser = otlp_endpoint)]
    pub otlp_endpoint: Option<Url>,
    /// How often, in seconds, an open WebSocket is asked whether somebody is still there. Who says nothing for twice as
    /// long is gone. Less than the patience of any proxy on the way.
    #[arg(long, env = "SOCKET_KEEPALIVE", default_value_t = 12, value_parser = clap::value_parser!(u16).range(1..=300))]
    pub socket_keepalive: u16,

    /// How many seconds a subscriber that reads more slowly than things happen may take to catch up. Then its socket is
    /// closed with 1013, `fallen-behind`; with its last cursor it misses nothing.
    #[arg(long, env = "SUBSCRIBER_PATIENCE", default_value_t = 60, value_parser = clap::value_parser!(u16).range(0..=3600))]
    pub subscriber_patience: u16,

    /// How many seconds the server may take to stop: requests and operations end, sockets are told to connect again.
    #[arg(long, env = "SHUTDOWN_TIMEOUT", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=3600))]
    pub shutdown_timeout: u16,

    /// Folder of npm packages to serve the query editor's files from. By default DATA_DIR/graphiql/node_modules or
    /// tests/graphiql/node_modules, whichever has them; without either, the browser loads them from a public network.
    #[arg(long, env = "GRAPHIQL_ASSETS", value_parser = crate::http::assets_folder)]
    pub graphiql_assets: Option<PathBuf>,
}

impl Config {
    /// Checks the values that are secrets, or hold one: an error of the parser would show them. And what must be
    /// configured together.
    pub fn check(&self) -> Result<(), String> {
        let database = ["sqlite:", "postgres:", "postgresql:"];
        let known =
            |url: &SecretString, schemes: &[&str]| schemes.iter().any(|scheme| url.expose_secret().starts_with(scheme));
        if self.database_url.as_ref().is_some_and(|url| !known(url, &database)) {
            return Err("DATABASE_URL must begin with sqlite:, postgres: or postgresql:".to_owned());
        }
        if self.migrate_database_url.as_ref().is_some_and(|url| !known(url, &database[1..])) {
            return Err("MIGRATE_DATABASE_URL must begin with postgres: or postgresql:".to_owned());
        }
        if self.migrate_database_url.is_some() && self.database_url.is_none() {
            return Err("MIGRATE_DATABASE_URL is the owner's; DATABASE_URL, the server's, must be set, too".to_owned());
        }
        if self.redis_url.as_ref().is_some_and(|url| !known(url, &["redis://", "rediss://", "unix://"])) {
            return Err("REDIS_URL must be a URL such as redis://127.0.0.1:6379".to_owned());
        }
        if self.jwt_secret.as_ref().is_some_and(|secret| secret.expose_secret().len() < MIN_SECRET) {
            return Err(format!("JWT_SECRET must have at least {MIN_SECRET} characters"));
        }
        self.object_store.check()
    }

    /// How often a socket is asked whether somebody is still there.
    pub fn socket_keepalive(&self) -> Duration {
        Duration::from_secs(self.socket_keepalive.into())
    }

    /// How long a subscriber may take to catch up.
    pub fn subscriber_patience(&self) -> Duration {
        Duration::from_secs(self.subscriber_patience.into())
    }

    /// How long stopping may take.
    pub fn shutdown_timeout(&self) -> Duration {
        Duration::from_secs(self.shutdown_timeout.into())
    }

    /// Whether the embedded database is used: the only one that anything is invented in.
    pub fn is_embedded(&self) -> bool {
        self.database_url.is_none()
    }

    /// Whether this is somebody's own machine, where the query editor helps and nobody else listens.
    pub fn is_development(&self) -> bool {
        self.is_embedded()
    }

    /// The database to connect to.
    pub fn database(&self) -> String {
        match &self.database_url {
            Some(url) => url.expose_secret().to_owned(),
            None => format!("sqlite://{}?mode=rwc", self.data_dir.join("dossier.db").display()),
        }
    }

    /// How long work waits for a connection to the database.
    pub fn database_pool_wait(&self) -> Duration {
        Duration::from_secs(self.database_pool_wait)
    }

    /// On what terms the database is used.
    pub fn terms(&self) -> Terms {
        let [statement, lock, idle] =
            [self.database_statement_timeout, self.database_lock_timeout, self.database_idle_timeout]
                .map(Duration::from_secs);
        Terms { prepared: self.database_prepared, statement, lock, idle }
    }

    /// The address under which clients reach this server, given where it listens.
    pub fn public(&self, listening: SocketAddr) -> Result<Url, url::ParseError> {
        if let Some(url) = &self.public_url {
            return Ok(url.clone());
        }
        let unspecified = listening.ip().is_unspecified();
        let reachable = if unspecified { SocketAddr::from(([127, 0, 0, 1], listening.port())) } else { listening };
        Url::parse(&format!("http://{reachable}"))
    }

    /// The secret that signs access tokens and seals cursors.
    pub fn jwt(&self) -> io::Result<SecretString> {
        match &self.jwt_secret {
            Some(secret) => Ok(secret.clone()),
            None if self.is_embedded() => self.generated("jwt-secret", 48),
            None => Err(io::Error::other("JWT_SECRET is not set, and is only generated for the embedded database")),
        }
    }

    /// Where the objects are: the configured store, or files under `DATA_DIR`, whose key is generated.
    pub fn objects(&self, public_url: Url) -> io::Result<storage::Settings> {
        if let Some(remote) = self.object_store.remote() {
            return Ok(remote);
        }
        let id = self.generated("objects-key-id", 15)?.expose_secret().to_owned();
        let secret = self.generated("objects-key-secret", 30)?;
        Ok(self.object_store.local(self.data_dir.join("objects"), public_url, id, secret))
    }

    /// A secret that is made once and kept.
    fn generated(&self, name: &str, bytes: usize) -> io::Result<SecretString> {
        let folder = self.data_dir.join("secrets");
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        let path = folder.join(name);
        if !path.exists() {
            write_once(&path, &random_text(bytes).map_err(io::Error::other)?)?;
        }
        Ok(fs::read_to_string(path)?.trim().to_owned().into())
    }
}

/// Text of so many random bytes.
pub fn random_text(bytes: usize) -> Result<String, aws_lc_rs::error::Unspecified> {
    let mut random = vec![0; bytes];
    rand::fill(&mut random)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(random))
}

/// Writes beside and renames, so that the file is whole or not there; of two processes the first wins.
fn write_once(path: &Path, text: &str) -> io::Result<()> {
    let beside = path.with_extension(format!("{}", std::process::id()));
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

fn seconds() -> clap::builder::RangedU64ValueParser {
    clap::value_parser!(u64).range(1..=86_400)
}

fn public_url(value: &str) -> Result<Url, String> {
    match Url::parse(value) {
        Ok(url) if ["http", "https"].contains(&url.scheme()) && url.path() == "/" && url.query().is_none() => Ok(url),
        _ => Err("must be an http or https URL without a path, such as https://api.example.com".into()),
    }
}

fn otlp_endpoint(value: &str) -> Result<Url, String> {
    match Url::parse(value) {
        Ok(url) if ["http", "https"].contains(&url.scheme()) && url.query().is_none() => Ok(url),
        _ => Err("must be an http or https URL such as http://127.0.0.1:4318".into()),
    }
}

fn origin(value: &str) -> Result<String, String> {
    let same = Url::parse(value).is_ok_and(|url| url.origin().ascii_serialization() == value);
    if value == "*" || same {
        Ok(value.to_owned())
    } else {
        Err("must be an origin such as https://hub.example.com, or *".into())
    }
}
