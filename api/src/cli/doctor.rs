//! `dossier doctor`: what is wrong with a configuration, and what in it is more relaxed than it should be in
//! production.

use super::{Error, serve};
use crate::{
    access::{Source, Transaction},
    config::Config,
    database,
    storage::Objects,
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::{fmt, time::Duration};
use url::Url;

/// How a finding is to be taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Grade {
    /// As it should be.
    Fine,
    /// It works, and is not what production should have.
    Relaxed,
    /// The server does not start, or does not work.
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
    fn say(&mut self, grade: Grade, subject: &str, finding: impl fmt::Display) {
        self.faults += usize::from(grade == Grade::Fault);
        println!("{grade:8} {subject:10} {finding}");
    }

    /// Relaxed if it is so, else fine.
    fn prefer(&mut self, relaxed: bool, subject: &str, if_relaxed: &str, if_fine: &str) {
        if relaxed {
            self.say(Grade::Relaxed, subject, if_relaxed);
        } else {
            self.say(Grade::Fine, subject, if_fine);
        }
    }
}

/// Looks at everything that the server would use; fails if it could not serve. Changes nothing.
pub async fn doctor(config: &Config) -> Result<(), Error> {
    let mut report = Report::default();
    look_at_settings(config, &mut report);
    match database::open(config).await {
        Ok(db) => {
            let tx = Transaction::of_nobody(&Source::of(db), config.terms()).await?;
            look_at_database(config, &tx, &mut report).await?;
        }
        Err(error) => report.say(Grade::Fault, "database", error),
    }
    look_at_events(config, &mut report).await;
    look_at_objects(config, &mut report).await?;
    match report.faults {
        0 => Ok(()),
        faults => Err(format!("{faults} fault(s) found").into()),
    }
}

fn look_at_settings(config: &Config, report: &mut Report) {
    if config.is_development() {
        let listening = if config.listen.ip().is_loopback() { "only this machine" } else { "OTHER MACHINES, TOO," };
        report.say(
            Grade::Relaxed,
            "mode",
            format!(
                "embedded services, query editor on, and {listening} can reach it; set DATABASE_URL for production"
            ),
        );
    }
    match (&config.jwt_secret, config.is_embedded()) {
        (Some(_), _) => report.say(Grade::Fine, "secret", "JWT_SECRET is set"),
        (None, true) => {
            report.say(
                Grade::Relaxed,
                "secret",
                "JWT_SECRET is generated under DATA_DIR: no other process can share it",
            );
        }
        (None, false) => report.say(Grade::Fault, "secret", "JWT_SECRET is not set, which all processes must share"),
    }
    let plain = config.public_url.as_ref().is_none_or(|url| url.scheme() != "https");
    report.prefer(
        plain,
        "public url",
        "PUBLIC_URL is not an https address: tokens and documents travel in the clear",
        "PUBLIC_URL is an https address",
    );
    report.prefer(
        config.cors_origins.iter().any(|origin| origin == "*"),
        "cors",
        "CORS_ORIGINS allows the pages of any site",
        "CORS_ORIGINS names the pages that may call",
    );
    if config.migrate_database_url.is_some() {
        report.say(
            Grade::Relaxed,
            "database",
            "MIGRATE_DATABASE_URL is set here: give it to `dossier migrate` alone, for its role sees everything",
        );
    }
}

async fn look_at_database(config: &Config, db: &Transaction, report: &mut Report) -> Result<(), Error> {
    if config.is_embedded() {
        report.say(Grade::Fine, "database", "embedded SQLite; `dossier serve` keeps its schema up to date");
        return Ok(());
    }
    let faults = database::faults(db).await?;
    for fault in &faults {
        report.say(Grade::Fault, "database", fault);
    }
    if faults.is_empty() {
        report.say(Grade::Fine, "database", "schema and row level security are those of this version");
    }
    if db.get_database_backend() == DbBackend::Postgres {
        for (question, finding) in RELAXED {
            let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, *question)).await?;
            if row.map_or(Ok(false), |row| row.try_get_by_index(0))? {
                report.say(Grade::Relaxed, "database", finding);
            }
        }
    }
    Ok(())
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

async fn look_at_events(config: &Config, report: &mut Report) {
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
async fn answers(config: &Config) -> Result<bool, Error> {
    let bus = serve::bus(config)?;
    for _ in 0..30 {
        if bus.redis() == Some(true) {
            return Ok(true);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(false)
}

async fn look_at_objects(config: &Config, report: &mut Report) -> Result<(), Error> {
    let somewhere = Url::parse("http://localhost")?;
    let settings = config.objects(config.public_url.clone().unwrap_or(somewhere))?;
    match Objects::open(settings).await?.check().await {
        Ok(()) => report.say(Grade::Fine, "objects", "the store answers; `dossier objects check` tries more"),
        Err(error) => report.say(Grade::Fault, "objects", error),
    }
    Ok(())
}
