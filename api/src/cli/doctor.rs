//! `dossier doctor`: what is wrong with a configuration, and what in it is more relaxed than it should be in
//! production.

use super::{
    causes::with_causes,
    output::{self, OutputError},
    serve,
};
use crate::{
    config::{Config, private},
    database,
    observe::Tracer,
};
use dossier_core::error::BoxError;
use dossier_data::{Source, Transaction};
use dossier_storage::Objects;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::{fmt, io, net::SocketAddr, time::Duration};
use url::Url;

/// How a finding is to be taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Grade {
    /// As it should be.
    Fine,
    /// It works, and is not what production should have.
    Relaxed,
    /// The server does not start, does not work, or does not protect what it holds.
    Fault,
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Fine => "ok",
            Self::Relaxed => "relaxed",
            Self::Fault => "FAULT",
        })
    }
}

/// The findings so far, printed as they come.
#[derive(Default)]
struct Report {
    faults: usize,
}

impl Report {
    fn say(&mut self, grade: Grade, subject: &str, finding: impl fmt::Display) -> Result<(), OutputError> {
        self.faults += usize::from(grade == Grade::Fault);
        output::line(format!("{grade:8} {subject:10} {finding}"))
    }

    /// Relaxed if it is so, else fine.
    fn prefer(&mut self, relaxed: bool, subject: &str, if_relaxed: &str, if_fine: &str) -> Result<(), OutputError> {
        if relaxed { self.say(Grade::Relaxed, subject, if_relaxed) } else { self.say(Grade::Fine, subject, if_fine) }
    }
}

/// Looks at everything that the server would use; fails if it could not serve. Creates and changes nothing.
pub async fn doctor(config: &Config) -> Result<(), BoxError> {
    let mut report = Report::default();
    look_at_settings(config, &mut report)?;
    look_at_proxies(config, &mut report)?;
    look_at_addresses(config, &mut report).await?;
    look_at_files(config, &mut report)?;
    look_at_database(config, &mut report).await?;
    look_at_events(config, &mut report).await?;
    look_at_objects(config, &mut report).await?;
    look_at_traces(config, &mut report)?;
    match report.faults {
        0 => Ok(()),
        faults => Err(format!("{faults} fault(s) found").into()),
    }
}

fn look_at_settings(config: &Config, report: &mut Report) -> Result<(), OutputError> {
    if config.is_development() {
        let listening = if config.listen.ip().is_loopback() { "only this machine" } else { "OTHER MACHINES, TOO," };
        report.say(
            Grade::Relaxed,
            "mode",
            format!(
                "embedded services, query editor on, and {listening} can reach it; set DATABASE_URL for production"
            ),
        )?;
    }
    match config.jwt_if_set() {
        Ok(Some(_)) => report.say(Grade::Fine, "secret", "JWT_SECRET is set")?,
        Ok(None) => {
            let finding = "JWT_SECRET is generated under DATA_DIR: no other process can share it";
            report.say(Grade::Relaxed, "secret", finding)?;
        }
        Err(error) => report.say(Grade::Fault, "secret", error)?,
    }
    report.prefer(
        !is_https(config),
        "public url",
        "PUBLIC_URL is not an https address: tokens and documents travel in the clear",
        "PUBLIC_URL is an https address",
    )?;
    report.prefer(
        config.cors_origins.iter().any(|origin| origin == "*"),
        "cors",
        "CORS_ORIGINS allows the pages of any site",
        "CORS_ORIGINS names the pages that may call",
    )?;
    if config.migrate_database_url.is_some() {
        report.say(
            Grade::Relaxed,
            "database",
            "MIGRATE_DATABASE_URL is set here: give it to `dossier migrate` alone, for its role sees everything",
        )?;
    }
    Ok(())
}

fn is_https(config: &Config) -> bool {
    config.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
}

/// The server speaks no TLS: where clients use https, a proxy is before it.
fn look_at_proxies(config: &Config, report: &mut Report) -> Result<(), OutputError> {
    let trusted = &config.rate.trusted_proxies;
    if let Some(wide) = trusted.iter().find(|network| network.prefix_len() == 0) {
        let finding = format!("TRUSTED_PROXIES contains {wide}: every caller can pretend to have any address");
        return report.say(Grade::Fault, "proxies", finding);
    }
    match (is_https(config), trusted.is_empty()) {
        (true, true) => report.say(
            Grade::Fault,
            "proxies",
            "PUBLIC_URL is https, and TRUSTED_PROXIES does not name the proxy that provides it: all callers count as one \
             address and share its limits; set it to the proxy's address, such as 127.0.0.1",
        ),
        (_, false) => report.say(Grade::Fine, "proxies", "TRUSTED_PROXIES names the proxies that name the caller"),
        (false, true) => Ok(()),
    }
}

/// Takes the addresses for a moment. What has them already is the server, as a rule.
async fn look_at_addresses(config: &Config, report: &mut Report) -> Result<(), OutputError> {
    let addresses = [("LISTEN", Some(config.listen)), ("METRICS_LISTEN", config.metrics_listen)];
    for (name, address) in addresses.into_iter().filter_map(|(name, address)| Some((name, address?))) {
        look_at_address(name, address, report).await?;
    }
    Ok(())
}

async fn look_at_address(name: &'static str, address: SocketAddr, report: &mut Report) -> Result<(), OutputError> {
    match serve::listen(name, address).await {
        Ok(_) => report.say(Grade::Fine, "address", format!("{name}={address} is free")),
        Err(serve::ListenError { error, .. }) if error.kind() == io::ErrorKind::AddrInUse => {
            let finding = format!("{name}={address} is in use: by this server, if it runs (`dossier health` asks it)");
            report.say(Grade::Relaxed, "address", finding)
        }
        Err(error) => report.say(Grade::Fault, "address", error),
    }
}

fn look_at_files(config: &Config, report: &mut Report) -> Result<(), OutputError> {
    let exposed = private::exposed(config.private_paths());
    for (path, mode) in &exposed {
        let path = path.display();
        let finding = format!("others on this machine can access {path} (mode {mode:04o}); run chmod go= {path}");
        report.say(Grade::Fault, "files", finding)?;
    }
    if exposed.is_empty() && (config.uses_data_dir() || config.sqlite_file().is_some()) {
        report.say(Grade::Fine, "files", "database, objects and secrets are closed to others on this machine")?;
    }
    Ok(())
}

async fn look_at_database(config: &Config, report: &mut Report) -> Result<(), BoxError> {
    let db = match database::look(config).await {
        Ok(Some(db)) => db,
        Ok(None) => return Ok(report.say(Grade::Fault, "database", nothing_there(config))?),
        Err(error) => return Ok(report.say(Grade::Fault, "database", error)?),
    };
    let tx = match Transaction::of_nobody(&Source::of(&db), config.session_settings()).await {
        Ok(tx) => tx,
        Err(error) => return Ok(report.say(Grade::Fault, "database", with_causes(&error))?),
    };
    let faults = match database::faults(config, &tx).await {
        Ok(faults) => faults,
        Err(error) => return Ok(report.say(Grade::Fault, "database", with_causes(&*error))?),
    };
    for fault in &faults {
        report.say(Grade::Fault, "database", fault)?;
    }
    if faults.is_empty() {
        let finding = if config.is_embedded() {
            "embedded SQLite; `dossier serve` keeps its schema up to date"
        } else {
            "schema and row level security are those of this version"
        };
        report.say(Grade::Fine, "database", finding)?;
    }
    if tx.get_database_backend() == DbBackend::Postgres {
        for (question, finding) in RELAXED {
            let row = tx.query_one_raw(Statement::from_string(DbBackend::Postgres, *question)).await?;
            if row.map_or(Ok(false), |row| row.try_get_by_index(0))? {
                report.say(Grade::Relaxed, "database", finding)?;
            }
        }
    }
    Ok(())
}

/// Explains a missing database file. Mostly, the configuration was not loaded.
fn nothing_there(config: &Config) -> String {
    let file = config.sqlite_file().unwrap_or_default();
    let file = file.display();
    if config.is_embedded() {
        format!(
            "DATABASE_URL is not set, and there is no embedded database at {file}: load the server's configuration, or \
             make a sample there with `dossier serve`"
        )
    } else {
        format!("there is no database at {file}, which DATABASE_URL names")
    }
}

/// Questions to `PostgreSQL`, and what it means when the answer is yes.
const RELAXED: &[(&str, &str)] = &[
    ("SELECT current_setting('fsync') = 'off'", "fsync is off: a crash of the machine can destroy everything"),
    ("SELECT current_setting('full_page_writes') = 'off'", "full_page_writes is off: a crash can tear pages"),
    (
        "SELECT current_setting('synchronous_commit') = 'off'",
        "synchronous_commit is off: a crash undoes what was answered as done",
    ),
    (
        "SELECT NOT ssl AND NOT coalesce(client_addr <<= '127.0.0.0/8' OR client_addr <<= '::1', true) \
         FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE pid = pg_backend_pid()",
        "the connection is not encrypted; add ?sslmode=verify-full to DATABASE_URL",
    ),
    (
        "SELECT has_schema_privilege('public', 'CREATE')",
        "the server's role may create tables; REVOKE CREATE ON SCHEMA public FROM it and from PUBLIC",
    ),
    (
        "SELECT current_setting('random_page_cost')::float8 > 2",
        "random_page_cost is that of spinning disks; 1.1 gives better plans on SSDs",
    ),
];

async fn look_at_events(config: &Config, report: &mut Report) -> Result<(), OutputError> {
    if config.redis_url.is_none() {
        let finding = "REDIS_URL is not set: the subscribers of another process would hear of a write seconds later";
        return report.prefer(!config.is_embedded(), "events", finding, "within this process");
    }
    match answers(config).await {
        Ok(true) => report.say(Grade::Fine, "events", "Redis answers"),
        Ok(false) => report.say(
            Grade::Relaxed,
            "events",
            "REDIS_URL: Redis does not answer; the server starts, and events of other processes come seconds later",
        ),
        Err(error) => report.say(Grade::Fault, "events", error),
    }
}

/// Whether Redis answers within a few seconds.
async fn answers(config: &Config) -> Result<bool, BoxError> {
    let bus = serve::bus(config)?;
    for _ in 0..30 {
        if bus.redis() == Some(true) {
            return Ok(true);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(false)
}

async fn look_at_objects(config: &Config, report: &mut Report) -> Result<(), BoxError> {
    if !config.object_store.is_remote() {
        let folder = config.data_dir.join("objects");
        let state = if folder.is_dir() { "files under" } else { "will be files under" };
        return Ok(report.say(Grade::Fine, "objects", format!("{state} {}", folder.display()))?);
    }
    let somewhere = Url::parse("http://localhost")?;
    let settings = config.objects(config.public_url.clone().unwrap_or(somewhere))?;
    match Objects::open(settings).await?.check().await {
        Ok(()) => report.say(Grade::Fine, "objects", "the store answers; `dossier objects check` tries more")?,
        Err(error) => report.say(Grade::Fault, "objects", error)?,
    }
    Ok(())
}

fn look_at_traces(config: &Config, report: &mut Report) -> Result<(), OutputError> {
    let Some(endpoint) = &config.otlp_endpoint else { return Ok(()) };
    match Tracer::to(endpoint) {
        Ok(_) => report.say(Grade::Fine, "traces", "they are sent to OTEL_EXPORTER_OTLP_ENDPOINT"),
        Err(error) => report.say(Grade::Fault, "traces", error),
    }
}
