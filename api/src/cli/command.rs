//! The commands and their arguments. `--help` prints the comments.

use super::{
    account::{FactorCommand, IdentityCommand, PasswordCommand, SessionCommand},
    api_key::ApiKeyCommand,
    audit::AuditCommand,
    jobs::JobsCommand,
    mail::MailCommand,
    member::MemberCommand,
    objects::ObjectsCommand,
    organization::{OrganizationCommand, SiteCommand},
    secret::SecretCommand,
};
use crate::{config::Config, database::roles};
use clap::{Parser, Subcommand};
use dossier_core::scope::Scope;
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
    /// Migrate the schema of the database. The embedded database needs no migration command.
    Migrate,
    /// Check the configuration for errors and for settings that are unsuitable in production. Exits with 1 if the
    /// server could not serve.
    Doctor,
    /// Ask the server at LISTEN whether it is ready. Exits with 1 if it is not.
    Health,
    /// Set up PostgreSQL.
    #[command(subcommand)]
    Database(DatabaseCommand),
    /// Print the GraphQL schema.
    Schema,
    /// Read a document from the standard input, and write its previews to the standard output. The server starts it.
    #[command(hide = true)]
    RenderPreview {
        /// Media type of the document.
        content_type: String,
    },
    /// Generate organizations of any size, for development and measurements. The same flags give the same data. Prints
    /// the people who can sign in as lines of JSON: {"email","password","role","organization"}. The passwords depend on
    /// --seed, so a database that contains other organizations is refused. The documents have no bytes. On PostgreSQL,
    /// it writes as the owner of the tables, so `MIGRATE_DATABASE_URL` must be set.
    Seed(Plan),
    /// Check the object store, and prepare its bucket.
    #[command(subcommand)]
    Objects(ObjectsCommand),
    /// Print a bearer token of a person, for trying things out. It is the person's own session, which can be ended like any
    /// other, and is not renewed. Scripts should have an API key, which belongs to the organization.
    Token {
        /// Email address of the person.
        email: String,
        /// Slug of the organization. Required if the person belongs to several.
        #[arg(long)]
        organization: Option<String>,
        /// Lifetime in days.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=366))]
        days: u16,
        /// A scope of the token, such as `documents:read`. You can repeat the flag. The scopes of dossiers require
        /// `clients:read`, and a scope for writing requires the one for reading. Without this flag, the token has all scopes
        /// of the role.
        #[arg(long = "scope", value_name = "SCOPE")]
        scopes: Vec<Scope>,
    },
    /// Create, change, suspend, resume and list organizations.
    #[command(subcommand)]
    Organization(OrganizationCommand),
    /// Add, list and close sites.
    #[command(subcommand)]
    Site(SiteCommand),
    /// Add, invite, list, change, suspend, resume and remove members.
    #[command(subcommand)]
    Member(MemberCommand),
    /// Set passwords.
    #[command(subcommand)]
    Password(PasswordCommand),
    /// Remove the second factor of a person.
    #[command(subcommand)]
    Factor(FactorCommand),
    /// List, link and remove the accounts at identity providers with which a person can sign in.
    #[command(subcommand)]
    Identity(IdentityCommand),
    /// Change the address of a person without a mail, for example if they have lost it. All sessions of the person end.
    Address {
        /// Present email address of the person.
        email: String,
        /// New email address.
        new_email: String,
    },
    /// List and end the sessions of a person.
    #[command(subcommand)]
    Session(SessionCommand),
    /// Create, list and revoke API keys.
    #[command(subcommand)]
    ApiKey(ApiKeyCommand),
    /// Change the secret that signs tokens and encrypts cursors.
    #[command(subcommand)]
    Secret(SecretCommand),
    /// List and verify the audit log of an organization.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Show the mails that were not sent because `SMTP_URL` is not set.
    #[command(subcommand)]
    Mail(MailCommand),
    /// List, retry and discard jobs.
    #[command(subcommand)]
    Jobs(JobsCommand),
}

/// `dossier database …`
#[derive(Clone, Subcommand)]
pub(super) enum DatabaseCommand {
    /// Create a database with two roles, the owner and the server, and migrate its schema. With `DATABASE_URL` and
    /// `MIGRATE_DATABASE_URL`, it creates the database, roles and passwords that they name, and can be repeated: it
    /// keeps what exists. Without them, the roles are `NAME_owner` and `NAME_server`, and it prints the configuration
    /// for the database, with passwords that are not shown again.
    Create {
        /// URL of a role that may create roles and databases, such as `postgres://postgres@127.0.0.1/postgres`.
        #[arg(long, env = "ADMIN_DATABASE_URL", hide_env_values = true)]
        admin_url: SecretString,
        /// Name of a new database, which overrides the configuration [default: dossier]
        #[arg(long, value_parser = roles::name)]
        name: Option<String>,
    },
    /// Partition the tables of events and messages by organization, for large installations on PostgreSQL. It runs as
    /// the owner and copies both tables in one transaction. Meanwhile nobody can read events or messages, and nobody
    /// can write anything. The number of partitions cannot be changed later.
    Partition {
        /// Number of partitions.
        #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(2..=256))]
        partitions: u16,
    },
    /// Make the subscribers of all organizations read their data again when they reconnect. Run it before you serve a
    /// database whose files were replaced by an earlier copy. After restoring a dump or recovering to a point in time,
    /// it is not needed, because PostgreSQL reveals it.
    Restored,
}

impl Command {
    /// Returns whether the command may write files.
    pub(super) fn writes(&self) -> bool {
        !matches!(self, Self::Doctor | Self::Health | Self::Mail(_) | Self::RenderPreview { .. } | Self::Schema)
    }
}
