//! `dossier doctor`: finds errors in a configuration, and settings that are unsuitable in production.

use super::{
    causes::with_causes,
    output::{self, OutputError},
    serve,
};
use crate::{
    auth::oidc::{ExternalTokens, IdentityProvider},
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

/// The grade of a finding.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Grade {
    /// Nothing to improve.
    Fine,
    /// It works, but is unsuitable in production.
    Relaxed,
    /// The server does not start, does not work, or does not protect its data.
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

/// The findings until now. They are printed immediately.
#[derive(Default)]
struct Report {
    faults: usize,
}

impl Report {
    fn say(&mut self, grade: Grade, subject: &str, finding: impl fmt::Display) -> Result<(), OutputError> {
        self.faults += usize::from(grade == Grade::Fault);
        output::line(format!("{grade:8} {subject:10} {finding}"))
    }

    /// Reports `relaxed` if it is so, and `fine` otherwise.
    fn prefer(&mut self, relaxed: bool, subject: &str, if_relaxed: &str, if_fine: &str) -> Result<(), OutputError> {
        if relaxed { self.say(Grade::Relaxed, subject, if_relaxed) } else { self.say(Grade::Fine, subject, if_fine) }
    }
}

/// Checks everything that the server would use. Fails if it could not serve. Creates and changes nothing.
pub async fn doctor(config: &Config) -> Result<(), BoxError> {
    let mut report = Report::default();
    check_settings(config, &mut report)?;
    check_proxies(config, &mut report)?;
    check_addresses(config, &mut report).await?;
    check_files(config, &mut report)?;
    check_database(config, &mut report).await?;
    check_events(config, &mut report).await?;
    check_objects(config, &mut report).await?;
    check_scanner(config, &mut report).await?;
    check_identity_provider(config, &mut report).await?;
    check_external_tokens(config, &mut report).await?;
    check_traces(config, &mut report)?;
    match report.faults {
        0 => Ok(()),
        faults => Err(format!("{faults} fault(s) found").into()),
    }
}

fn check_settings(config: &Config, report: &mut Report) -> Result<(), OutputError> {
    if config.is_development() {
        let listening = if config.listen.ip().is_loopback() { "only this machine" } else { "OTHER MACHINES, TOO," };
        report.say(
            Grade::Relaxed,
            "mode",
            format!("embedded services, query editor on, and {listening} can connect; set DATABASE_URL for production"),
        )?;
    }
    match config.jwt_if_set() {
        Ok(Some(_)) => report.say(Grade::Fine, "secret", "JWT_SECRET is set")?,
        Ok(None) => {
            let finding = "JWT_SECRET is generated under DATA_DIR, so other processes cannot share it";
            report.say(Grade::Relaxed, "secret", finding)?;
        }
        Err(error) => report.say(Grade::Fault, "secret", error)?,
    }
    report.prefer(
        !is_https(config),
        "public url",
        "PUBLIC_URL is not an https URL: tokens and documents are sent unencrypted",
        "PUBLIC_URL is an https URL",
    )?;
    report.prefer(
        config.cors_origins.iter().any(|origin| origin == "*"),
        "cors",
        "CORS_ORIGINS allows the pages of all sites",
        "CORS_ORIGINS names the pages that may call the API",
    )?;
    report.prefer(
        config.mail.smtp_url.is_none(),
        "mail",
        "SMTP_URL is not set, so invitations and password resets are written to DATA_DIR/mail and not sent",
        "SMTP_URL is set",
    )?;
    if config.migrate_database_url.is_some() {
        report.say(
            Grade::Relaxed,
            "database",
            "MIGRATE_DATABASE_URL is set here: set it only for `dossier migrate`, because its role can read everything",
        )?;
    }
    Ok(())
}

fn is_https(config: &Config) -> bool {
    config.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
}

/// The server does not support TLS. If clients use https, there is a proxy in front.
fn check_proxies(config: &Config, report: &mut Report) -> Result<(), OutputError> {
    let trusted = &config.rate.trusted_proxies;
    if let Some(wide) = trusted.iter().find(|network| network.prefix_len() == 0) {
        let finding = format!("TRUSTED_PROXIES contains {wide}: every caller can forge any address");
        return report.say(Grade::Fault, "proxies", finding);
    }
    match (is_https(config), trusted.is_empty()) {
        (true, true) => report.say(
            Grade::Fault,
            "proxies",
            "PUBLIC_URL is https, but TRUSTED_PROXIES does not contain the proxy that provides TLS: all callers count \
             as one address and share its limits; set it to the proxy's address, such as 127.0.0.1",
        ),
        (_, false) => report.say(Grade::Fine, "proxies", "TRUSTED_PROXIES contains the proxies that name the caller"),
        (false, true) => Ok(()),
    }
}

/// Binds the addresses briefly. If an address is in use, it is usually by the server itself.
async fn check_addresses(config: &Config, report: &mut Report) -> Result<(), OutputError> {
    let addresses = [("LISTEN", Some(config.listen)), ("METRICS_LISTEN", config.metrics_listen)];
    for (name, address) in addresses.into_iter().filter_map(|(name, address)| Some((name, address?))) {
        check_address(name, address, report).await?;
    }
    Ok(())
}

async fn check_address(name: &'static str, address: SocketAddr, report: &mut Report) -> Result<(), OutputError> {
    match serve::listen(name, address).await {
        Ok(_) => report.say(Grade::Fine, "address", format!("{name}={address} is free")),
        Err(serve::ListenError { error, .. }) if error.kind() == io::ErrorKind::AddrInUse => {
            let finding =
                format!("{name}={address} is in use, by this server if it runs (check with `dossier health`)");
            report.say(Grade::Relaxed, "address", finding)
        }
        Err(error) => report.say(Grade::Fault, "address", error),
    }
}

fn check_files(config: &Config, report: &mut Report) -> Result<(), OutputError> {
    let exposed = private::exposed(config.private_paths());
    for (path, mode) in &exposed {
        let path = path.display();
        let finding = format!("other users of this machine can access {path} (mode {mode:04o}); run chmod go= {path}");
        report.say(Grade::Fault, "files", finding)?;
    }
    if exposed.is_empty() && (config.uses_data_dir() || config.sqlite_file().is_some()) {
        report.say(
            Grade::Fine,
            "files",
            "other users of this machine cannot access the database, objects and secrets",
        )?;
    }
    Ok(())
}

async fn check_database(config: &Config, report: &mut Report) -> Result<(), BoxError> {
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
            "embedded SQLite; `dossier serve` migrates its schema"
        } else {
            "schema and row level security match this version"
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

/// Explains a missing database file. The usual reason is a configuration that was not loaded.
fn nothing_there(config: &Config) -> String {
    let file = config.sqlite_file().unwrap_or_default();
    let file = file.display();
    if config.is_embedded() {
        format!(
            "DATABASE_URL is not set, and the embedded database {file} does not exist: load the server's \
             configuration, or create a sample with `dossier serve`"
        )
    } else {
        format!("the database {file} in DATABASE_URL does not exist")
    }
}

/// Queries for `PostgreSQL`, and the finding if the result is true.
const RELAXED: &[(&str, &str)] = &[
    ("SELECT current_setting('fsync') = 'off'", "fsync is off: a crash of the machine can destroy the whole database"),
    ("SELECT current_setting('full_page_writes') = 'off'", "full_page_writes is off: a crash can damage pages"),
    (
        "SELECT current_setting('synchronous_commit') = 'off'",
        "synchronous_commit is off: a crash can undo confirmed changes",
    ),
    (
        "SELECT NOT ssl AND NOT coalesce(client_addr <<= '127.0.0.0/8' OR client_addr <<= '::1', true) \
         FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE pid = pg_backend_pid()",
        "the connection is not encrypted; add ?sslmode=verify-full to DATABASE_URL",
    ),
    (
        "SELECT has_schema_privilege('public', 'CREATE')",
        "the server's role may create tables; REVOKE CREATE ON SCHEMA public from the role and from PUBLIC",
    ),
    (
        "SELECT current_setting('random_page_cost')::float8 > 2",
        "random_page_cost has the value for spinning disks; 1.1 gives better plans on SSDs",
    ),
];

async fn check_events(config: &Config, report: &mut Report) -> Result<(), OutputError> {
    if config.redis_url.is_none() {
        let finding = "REDIS_URL is not set: events of another process would arrive seconds later";
        return report.prefer(!config.is_embedded(), "events", finding, "within this process");
    }
    match answers(config).await {
        Ok(true) => report.say(Grade::Fine, "events", "Redis answers"),
        Ok(false) => report.say(
            Grade::Relaxed,
            "events",
            "REDIS_URL: Redis does not answer; the server starts, but events of other processes arrive seconds later",
        ),
        Err(error) => report.say(Grade::Fault, "events", error),
    }
}

/// Returns whether Redis answers within a few seconds.
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

async fn check_objects(config: &Config, report: &mut Report) -> Result<(), BoxError> {
    if !config.object_store.is_remote() {
        let folder = config.data_dir.join("objects");
        let state = if folder.is_dir() { "files under" } else { "will be files under" };
        return Ok(report.say(Grade::Fine, "objects", format!("{state} {}", folder.display()))?);
    }
    let somewhere = Url::parse("http://localhost")?;
    let settings = config.objects(config.public_url.clone().unwrap_or(somewhere))?;
    match Objects::open(settings).await?.check().await {
        Ok(()) => report.say(Grade::Fine, "objects", "the store answers; `dossier objects check` tests more")?,
        Err(error) => report.say(Grade::Fault, "objects", error)?,
    }
    Ok(())
}

async fn check_scanner(config: &Config, report: &mut Report) -> Result<(), OutputError> {
    let Some(scanner) = config.scanner.scanner() else { return Ok(()) };
    match scanner.ping().await {
        Ok(()) => report.say(Grade::Fine, "scanner", "clamd answers"),
        Err(error) => {
            let finding = format!("CLAMD_ADDRESS: {error}; uploads wait until clamd answers");
            report.say(Grade::Fault, "scanner", finding)
        }
    }
}

async fn check_identity_provider(config: &Config, report: &mut Report) -> Result<(), BoxError> {
    let Some(settings) = config.identity_provider()? else { return Ok(()) };
    if settings.email_domains.is_empty() {
        let finding = "OIDC_EMAIL_DOMAINS is not set, so people must link their accounts at the provider themselves";
        report.say(Grade::Relaxed, "provider", finding)?;
    }
    let provider = IdentityProvider::new(settings)?;
    match provider.check().await {
        Ok(()) => report.say(Grade::Fine, "provider", format!("{} publishes its configuration", provider.issuer()))?,
        Err(error) => report.say(Grade::Fault, "provider", format!("OIDC_ISSUER: {}", with_causes(&error)))?,
    }
    Ok(())
}

async fn check_external_tokens(config: &Config, report: &mut Report) -> Result<(), BoxError> {
    let Some(settings) = config.external.external_tokens() else { return Ok(()) };
    let finding = format!("{} publishes its keys", settings.issuer);
    match ExternalTokens::new(settings)?.check_issuer().await {
        Ok(()) => report.say(Grade::Fine, "tokens", finding)?,
        Err(error) => {
            report.say(Grade::Fault, "tokens", format!("EXTERNAL_TOKENS_ISSUER: {}", with_causes(&*error)))?;
        }
    }
    Ok(())
}

fn check_traces(config: &Config, report: &mut Report) -> Result<(), OutputError> {
    let Some(endpoint) = &config.otlp_endpoint else { return Ok(()) };
    match Tracer::to(endpoint) {
        Ok(_) => report.say(Grade::Fine, "traces", "sent to OTEL_EXPORTER_OTLP_ENDPOINT"),
        Err(error) => report.say(Grade::Fault, "traces", error),
    }
}
