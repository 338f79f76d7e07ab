//! The command line.

mod serve;

use crate::config::Config;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "dossier", version, about, args_conflicts_with_subcommands = false)]
struct Cli {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API (the default).
    Serve,
    /// Bring the database's schema up to date.
    Migrate,
    /// Print the GraphQL schema.
    Schema,
}

/// Runs the command; exits 2 when it was called wrongly, and 1 when it failed.
pub fn run() -> ExitCode {
    // A missing `.env` is fine; what is in it is checked with everything else.
    let _ = dotenvy::dotenv();
    let cli = Cli::parse();
    let filter = tracing_subscriber::EnvFilter::new(&cli.config.log);
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error),
    };
    match runtime.block_on(execute(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&*error),
    }
}

fn failed(error: &(dyn std::error::Error + 'static)) -> ExitCode {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        message = format!("{message}: {error}");
        cause = error.source();
    }
    eprintln!("dossier: {message}");
    ExitCode::FAILURE
}

/// What a command fails with: for the person at the terminal, causes included.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

async fn execute(cli: Cli) -> Result<(), Error> {
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::serve(&cli.config).await,
        Command::Migrate => {
            let db = serve::database(&cli.config).await?;
            serve::migrate(&db).await
        }
        Command::Schema => {
            print!("{}", crate::graphql::sdl());
            Ok(())
        }
    }
}
