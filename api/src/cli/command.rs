//! The commands and their arguments. The comments are what `--help` prints.

use super::{
    jobs::JobsCommand,
    objects::ObjectsCommand,
    people::{MemberCommand, OrganizationCommand, PasswordCommand, SiteCommand},
};
use crate::{config::Config, database::roles};
use clap::{Parser, Subcommand};
use dossier_seed::generated::Plan;
use secrecy::SecretString;

#[derive(Parser)]
#[command(name = "dossier", version, about, args_conflicts_with_subcommands = false)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) config: Config,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

#[derive(Clone, Subcommand)]
pub(super) enum Command {
    /// Serve the API (the default).
    Serve,
    /// Bring the database's schema up to date; the embedded one is by itself.
    Migrate,
    /// Say what is wrong with this configuration and what in it is relaxed; fails if the server could not serve.
    Doctor,
    /// Ask the server that listens at LISTEN whether it is ready; fails if it is not.
    Health,
    /// Set up PostgreSQL.
    #[command(subcommand)]
    Database(DatabaseCommand),
    /// Print the GraphQL schema.
    Schema,
    /// Make up organizations of any size, the same for the same flags, for development and measurements. Prints who can
    /// sign in as lines of JSON: {"email","password","role","organization"}. The passwords follow from --seed, so a
    /// database with any other organization in it is refused. The documents have no bytes. On PostgreSQL it writes as the
    /// owner of the tables: `MIGRATE_DATABASE_URL` must be set.
    Seed(Plan),
    /// Look at the object store, and prepare its bucket.
    #[command(subcommand)]
    Objects(ObjectsCommand),
    /// Print a bearer token for scripts; it opens a session that can be ended like any other.
    Token {
        /// Whose.
        email: String,
        /// The organization's slug, for who belongs to several.
        #[arg(long)]
        organization: Option<String>,
        /// How many days it lasts.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=366))]
        days: u16,
    },
    /// Found, suspend, resume and list organizations.
    #[command(subcommand)]
    Organization(OrganizationCommand),
    /// Add sites.
    #[command(subcommand)]
    Site(SiteCommand),
    /// Add and suspend members.
    #[command(subcommand)]
    Member(MemberCommand),
    /// Set passwords.
    #[command(subcommand)]
    Password(PasswordCommand),
    /// Look at jobs, retry and discard them.
    #[command(subcommand)]
    Jobs(JobsCommand),
}

/// `dossier database …`
#[derive(Clone, Subcommand)]
pub(super) enum DatabaseCommand {
    /// Make a database with two roles, the owner's and the server's, and bring its schema up to date. With
    /// `DATABASE_URL` and `MIGRATE_DATABASE_URL`, it makes what they name, passwords included, and can be repeated: what
    /// is there is kept. Without them, the roles are `NAME_owner` and `NAME_server`, and it prints the configuration to
    /// reach the database, with passwords that are not shown again.
    Create {
        /// Somebody who may create roles and databases, such as `postgres://postgres@127.0.0.1/postgres`.
        #[arg(long, env = "ADMIN_DATABASE_URL", hide_env_values = true)]
        admin_url: SecretString,
        /// What a new database is to be called, whatever the configuration names [default: dossier]
        #[arg(long, value_parser = roles::name)]
        name: Option<String>,
    },
    /// Divide the tables of events and messages into partitions by organization, as the owner: for large installations
    /// on PostgreSQL. It copies both tables in one transaction; meanwhile nobody reads events or messages, and nobody
    /// writes anything. Their number is not changed afterwards.
    Partition {
        /// How many.
        #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(2..=256))]
        partitions: u16,
    },
    /// Tell the subscribers of all organizations, when they come back, to read everything again. Run it before serving a
    /// database that was put back to an earlier state by copying files: of a restored dump, and of a recovery to a point
    /// in time, PostgreSQL itself tells.
    Restored,
}

impl Command {
    /// Whether it may write files.
    pub(super) fn writes(&self) -> bool {
        !matches!(self, Self::Doctor | Self::Health | Self::Schema)
    }
}
