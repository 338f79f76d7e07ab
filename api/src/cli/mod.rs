//! The command line.

mod account;
mod api_key;
mod audit;
mod causes;
mod command;
mod doctor;
mod health;
mod jobs;
mod mail;
mod member;
mod objects;
mod organization;
mod output;
mod role;
mod sample;
mod secret;
mod seed;
pub mod serve;
mod usage;

use crate::{
    auth::Tokens,
    config::{Config, Misconfigured, private},
    database::{self, roles::DatabaseRoles},
    observe::log,
};
use causes::with_causes;
use chrono::TimeDelta;
use command::{Cli, Command, DatabaseCommand};
use dossier_core::error::{BoxError, Error, UserError};
use dossier_data::Sealer;
use dossier_events::retention;
use output::OutputError;
use secrecy::{ExposeSecret, SecretString};
use std::process::ExitCode;
use usage::{Invocation, UsageError};

/// The size of a thread's stack in bytes. Without optimization, operations need up to 2 MiB.
const STACK: usize = 4 << 20;

/// The exit code of a command whose reader has closed the pipe. It is that of a process ended by SIGPIPE, in a shell.
const READER_GONE: u8 = 141;

async fn create(config: &Config, admin_url: &str, name: Option<&str>) -> Result<(), BoxError> {
    let named = match (&config.database_url, &config.migrate_database_url) {
        (Some(server), Some(owner)) if name.is_none() => {
            Some(DatabaseRoles::named(server.expose_secret(), owner.expose_secret())?)
        }
        _ => None,
    };
    let Some(made) = named else {
        let made = DatabaseRoles::generate(admin_url, name.unwrap_or("dossier"))?;
        make(config, admin_url, &made).await?;
        return Ok(output::line(format!("DATABASE_URL={}\nMIGRATE_DATABASE_URL={}", made.server, made.owner))?);
    };
    make(config, admin_url, &made).await
}

async fn make(config: &Config, admin_url: &str, made: &DatabaseRoles) -> Result<(), BoxError> {
    database::roles::create(admin_url, made).await?;
    let urls = [&made.server, &made.owner].map(|url| Some(SecretString::from(url.as_str())));
    let [database_url, migrate_database_url] = urls;
    database::migrate(&Config { database_url, migrate_database_url, ..config.clone() }).await
}

/// Runs the command. Exits with 2 if its arguments are wrong, and with 1 if it failed.
pub fn run() -> ExitCode {
    private::create_privately();
    let invocation = match usage::read() {
        Ok(invocation) => invocation,
        Err(UsageError::Parser(error)) => error.exit(),
        Err(UsageError::Value(why)) => {
            output::note(format!("error: {why}"));
            return ExitCode::from(2);
        }
    };
    let cli = &invocation.cli;
    log::begin(&cli.config.log, cli.config.log_format);
    if cli.command.as_ref().is_none_or(Command::writes) {
        private::restrict(cli.config.private_paths());
    }
    // Two providers are compiled in. Without a default, libraries would fail at their first use.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&invocation, &error),
    };
    match runtime.block_on(execute(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&invocation, &*error),
    }
}

fn failed(invocation: &Invocation, error: &(dyn std::error::Error + 'static)) -> ExitCode {
    if error.downcast_ref::<OutputError>().is_some_and(OutputError::is_closed) {
        return ExitCode::from(READER_GONE);
    }
    if let Some(wrong) = error.downcast_ref::<Misconfigured>() {
        output::note(format!("error: {wrong}"));
        return ExitCode::from(2);
    }
    output::note(format!("dossier: {}", message(invocation, error)));
    ExitCode::FAILURE
}

/// Returns the error with its causes, after the argument that it is about.
fn message(invocation: &Invocation, error: &(dyn std::error::Error + 'static)) -> String {
    let message = with_causes(error);
    match field(error) {
        Some(field) => format!("{}: {message}", invocation.name_of(field)),
        None => message,
    }
}

/// Returns the input field in a user error.
fn field<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a str> {
    let user_error = match error.downcast_ref() {
        Some(Error::User(user_error)) => Some(user_error),
        _ => error.downcast_ref::<UserError>(),
    };
    user_error?.field.as_deref()
}

async fn execute(cli: &Cli) -> Result<(), BoxError> {
    let command = cli.command.clone().unwrap_or(Command::Serve);
    match command {
        Command::Serve => serve::serve(&cli.config).await,
        Command::Migrate => database::migrate(&cli.config).await,
        Command::Health => health::health(&cli.config).await,
        Command::Doctor => doctor::doctor(&cli.config).await,
        Command::Database(DatabaseCommand::Create { admin_url, name }) => {
            create(&cli.config, admin_url.expose_secret(), name.as_deref()).await
        }
        Command::Database(DatabaseCommand::Partition { partitions }) => {
            let divided = database::partition(&cli.config, partitions).await?;
            let outcome =
                if divided { "divided events and messages" } else { "nothing to do: they are already divided" };
            Ok(output::line(format!("{outcome} into {partitions} partitions"))?)
        }
        Command::Database(DatabaseCommand::Restored) => {
            let organizations = retention::restored(&serve::database(&cli.config).await?).await?;
            let noun = if organizations == 1 { "organization" } else { "organizations" };
            Ok(output::line(format!("{organizations} {noun}: all subscribers will read their data again"))?)
        }
        Command::Seed(plan) => seed::seed(&cli.config, &plan).await,
        Command::Objects(command) => objects::run(&cli.config, command).await,
        Command::Organization(command) => {
            organization::organization(&serve::database(&cli.config).await?, command).await
        }
        Command::Site(command) => organization::site(&serve::database(&cli.config).await?, command).await,
        Command::Member(command) => member::member(&serve::database(&cli.config).await?, command).await,
        Command::Password(command) => account::password(&serve::database(&cli.config).await?, command).await,
        Command::Factor(command) => account::factor(&serve::database(&cli.config).await?, command).await,
        Command::Identity(command) => account::identity(&serve::database(&cli.config).await?, command).await,
        Command::Address { email, new_email } => {
            account::address(&serve::database(&cli.config).await?, &email, &new_email).await
        }
        Command::Session(command) => account::session(&serve::database(&cli.config).await?, command).await,
        Command::ApiKey(command) => {
            let sealer = Sealer::new(&cli.config.jwt()?)?;
            api_key::api_key(&serve::database(&cli.config).await?, &sealer, command).await
        }
        Command::Secret(command) => secret::secret(&cli.config, command).await,
        Command::Audit(command) => audit::audit(&serve::database(&cli.config).await?, command).await,
        Command::Mail(command) => mail::mail(&cli.config, command),
        Command::Jobs(command) => jobs::jobs(&serve::database(&cli.config).await?, command).await,
        Command::Token { email, organization, days, scopes } => {
            let tokens = Tokens::new(&cli.config.jwt()?)?;
            let lasts = TimeDelta::days(days.into());
            let database = serve::database(&cli.config).await?;
            account::token(&database, &tokens, &email, organization.as_deref(), lasts, &scopes).await
        }
        Command::RenderPreview { content_type } => Ok(dossier_preview::run_child(&content_type)?),
        Command::Schema => Ok(output::line(crate::graphql::sdl().trim_end())?),
    }
}
