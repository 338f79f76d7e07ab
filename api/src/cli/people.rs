//! Sets up a server without the sample: organizations, sites, members, passwords, tokens.

use super::output;
use crate::{auth::Tokens, graphql::id};
use chrono::TimeDelta;
use clap::{Args, Subcommand, ValueEnum};
use dossier_core::error::BoxError;
use dossier_core::scope::Scope;
use dossier_core::secret::random_text;
use dossier_core::viewer::{SystemPurpose, Viewer};
use dossier_data::{Database, WriteTx};
use dossier_domain::sign_in;
use dossier_domain::{
    check,
    organization::{self, NewMember, NewOrganization},
};
use entities::{membership, organization as organizations, site, user};
use sea_orm::{ColumnTrait, sea_query::Order};
use std::io::{BufRead, IsTerminal};
use uuid::Uuid;

/// `dossier organization …`
#[derive(Clone, Subcommand)]
pub enum OrganizationCommand {
    /// Create an organization.
    Create {
        /// Short name for commands and for signing in: 2 to 40 of a-z, 0-9 and -.
        slug: String,
        /// Name.
        #[arg(long)]
        name: String,
        /// IANA name of the time zone.
        #[arg(long, default_value = "Europe/Paris")]
        time_zone: String,
        /// ISO 4217 code of the currency.
        #[arg(long, default_value = "EUR")]
        currency: String,
        /// BCP 47 tag of the language.
        #[arg(long, default_value = "fr-FR")]
        locale: String,
    },
    /// Suspend an organization: its members can see and do nothing.
    Suspend {
        /// Slug of the organization.
        slug: String,
    },
    /// Resume a suspended organization.
    Resume {
        /// Slug of the organization.
        slug: String,
    },
    /// Set for how many days an organization's events are stored. A subscriber that returns within this time misses
    /// nothing.
    KeepEvents {
        /// Slug of the organization.
        slug: String,
        /// Number of days, 1 to 3650. The default is 7.
        #[arg(value_parser = clap::value_parser!(u16).range(1..=3650))]
        days: u16,
    },
    /// Change the settings of an organization.
    Set {
        /// Slug of the organization.
        slug: String,
        /// Maximum size of its documents, with all versions and open uploads, such as 50GiB. The default is 100GiB.
        /// Units: B, KiB, MiB, GiB, TiB, kB, MB, GB, TB. If the limit is below the current size, nothing is deleted,
        /// but no more can be uploaded.
        #[arg(long, value_name = "SIZE", value_parser = bytes)]
        storage_limit: i64,
    },
    /// List all organizations: slug, name, and whether it is suspended, separated by tabs.
    List,
}

/// `dossier site …`
#[derive(Clone, Subcommand)]
pub enum SiteCommand {
    /// Add a site.
    Add {
        /// Name.
        name: String,
        /// Slug of the organization.
        #[arg(long)]
        organization: String,
    },
}

/// `dossier member …`
#[derive(Clone, Subcommand)]
pub enum MemberCommand {
    /// Make a person a member. Set a password for new people with `dossier password set`.
    Add(AddMember),
    /// Suspend the active memberships of a person in an organization.
    Suspend {
        /// Email address of the person.
        email: String,
        /// Slug of the organization.
        #[arg(long)]
        organization: String,
    },
}

/// The arguments for a new member.
#[derive(Args, Clone)]
pub struct AddMember {
    /// Email address for signing in.
    email: String,
    /// Slug of the organization.
    #[arg(long)]
    organization: String,
    /// Role of the member.
    #[arg(long)]
    role: RoleArg,
    /// Name that other people see, for a new person. The default is the email address.
    #[arg(long)]
    name: Option<String>,
    /// Site of a manager or staff member, by name. Can be given several times.
    #[arg(long = "site")]
    sites: Vec<String>,
    /// Client of the dossier: `client_…`
    #[arg(long)]
    client: Option<String>,
}

/// `dossier password …`
#[derive(Clone, Subcommand)]
pub enum PasswordCommand {
    /// Set a person's password: the first line of standard input, or a generated one, which is printed.
    Set {
        /// Email address of the person.
        email: String,
        /// Generate a password.
        #[arg(long)]
        generate: bool,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleArg {
    Owner,
    Operator,
    Manager,
    Staff,
    Client,
}

impl From<RoleArg> for membership::Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Owner => Self::Owner,
            RoleArg::Operator => Self::Operator,
            RoleArg::Manager => Self::Manager,
            RoleArg::Staff => Self::Staff,
            RoleArg::Client => Self::Client,
        }
    }
}

/// Runs `dossier organization`.
pub async fn organization(database: &Database, command: OrganizationCommand) -> Result<(), BoxError> {
    let tx = database.write_as(Viewer::platform(SystemPurpose::Command)).await?;
    match command {
        OrganizationCommand::Create { slug, name, time_zone, currency, locale } => {
            organization::create(&tx, NewOrganization { slug, name, time_zone, currency, locale }).await?;
        }
        OrganizationCommand::Suspend { slug } => {
            organization::suspend(&tx, &slug, true).await?;
        }
        OrganizationCommand::Resume { slug } => {
            organization::suspend(&tx, &slug, false).await?;
        }
        OrganizationCommand::KeepEvents { slug, days } => {
            organization::keep_events(&tx, &slug, days).await?;
        }
        OrganizationCommand::Set { slug, storage_limit } => {
            organization::limit_storage(&tx, &slug, storage_limit).await?;
        }
        OrganizationCommand::List => {
            let all =
                tx.find::<organizations::Entity>().order_by(organizations::Column::Slug, Order::Asc).all().await?;
            for row in all {
                let state = if row.suspended_at.is_some() { "suspended" } else { "active" };
                output::line(format!("{}\t{}\t{state}", row.slug, row.name))?;
            }
        }
    }
    Ok(tx.commit().await?)
}

/// Runs `dossier site`.
pub async fn site(database: &Database, command: SiteCommand) -> Result<(), BoxError> {
    let SiteCommand::Add { name, organization } = command;
    let tx = within(database, &organization).await?;
    organization::add_site(&tx, &name).await?;
    Ok(tx.commit().await?)
}

/// Runs `dossier member`.
pub async fn member(database: &Database, command: MemberCommand) -> Result<(), BoxError> {
    match command {
        MemberCommand::Add(new) => add_member(database, new).await,
        MemberCommand::Suspend { email, organization } => {
            let user = account(database, &email).await?;
            let tx = within(database, &organization).await?;
            if organization::suspend_member(&tx, user.id).await? == 0 {
                return Err(format!("{email} has no active membership in {organization}").into());
            }
            Ok(tx.commit().await?)
        }
    }
}

async fn add_member(database: &Database, new: AddMember) -> Result<(), BoxError> {
    let email = check::email("email", &new.email)?;
    let known = database.account(&email).await?;
    let tx = within(database, &new.organization).await?;
    let mut sites = Vec::new();
    for name in &new.sites {
        let site = tx.find::<site::Entity>().filter(site::Column::Name.eq(name)).one().await?;
        sites.push(site.ok_or_else(|| format!("--site: no site has the name `{name}`"))?.id);
    }
    let client = new.client.as_deref().map(client_id).transpose()?;
    let display_name = new.name.unwrap_or_else(|| email.clone());
    let new = NewMember { email, display_name, role: new.role.into(), sites, client };
    let membership = organization::add_member(&tx, known, new).await?;
    tx.commit().await?;
    Ok(output::line(id::encode("membership", membership))?)
}

/// Runs `dossier password`.
pub async fn password(database: &Database, command: PasswordCommand) -> Result<(), BoxError> {
    let PasswordCommand::Set { email, generate } = command;
    let user = account(database, &email).await?;
    let password = if generate { random_text(12)? } else { first_line()? };
    let hash = organization::hash_password(password.clone()).await?;
    let tx = database.write_as(Viewer::SigningIn { user: user.id }).await?;
    organization::set_password(&tx, user.id, hash).await?;
    tx.commit().await?;
    if generate {
        output::line(password)?;
    }
    Ok(())
}

/// Runs `dossier token`.
pub async fn token(
    database: &Database,
    tokens: &Tokens,
    email: &str,
    organization: Option<&str>,
    lasts: TimeDelta,
    scopes: &[Scope],
) -> Result<(), BoxError> {
    let user = account(database, email).await?;
    let tx = database.write_as(Viewer::SigningIn { user: user.id }).await?;
    let membership = sign_in::choose(&tx, organization, None).await?;
    let limit = (!scopes.is_empty()).then(|| scopes.iter().copied().collect());
    Ok(output::line(tokens.issue(&sign_in::open_session(tx, &membership, lasts, limit).await?.claims)?)?)
}

async fn within(database: &Database, slug: &str) -> Result<WriteTx, BoxError> {
    let platform = database.write_as(Viewer::platform(SystemPurpose::Command)).await?;
    let found = organization::find(&platform, slug).await?;
    drop(platform);
    let organization = found.ok_or_else(|| format!("no organization has the slug `{slug}`"))?.id;
    Ok(database.write_as(Viewer::system(organization, SystemPurpose::Command)).await?)
}

async fn account(database: &Database, email: &str) -> Result<user::Model, BoxError> {
    Ok(database
        .account(&sign_in::account_name(email))
        .await?
        .ok_or_else(|| format!("no person has the email address {email}"))?)
}

fn client_id(given: &str) -> Result<Uuid, BoxError> {
    match id::decode(given) {
        Some(("client", uuid)) => Ok(uuid),
        _ => Err(format!("--client: `{given}` is not the id of a client (`client_…`)").into()),
    }
}

/// Parses a number of bytes, with or without a unit.
fn bytes(given: &str) -> Result<i64, String> {
    let wrong = || "must be a whole number of bytes, with or without a unit, such as 50GiB".to_owned();
    let given = given.trim();
    let digits = given.find(|c: char| !c.is_ascii_digit()).unwrap_or(given.len());
    let (number, read_tx) = given.split_at(digits);
    let (base, power): (i64, u32) = match read_tx.trim_start().to_lowercase().as_str() {
        "" | "b" => (1, 0),
        "kib" => (1024, 1),
        "mib" => (1024, 2),
        "gib" => (1024, 3),
        "tib" => (1024, 4),
        "kb" => (1000, 1),
        "mb" => (1000, 2),
        "gb" => (1000, 3),
        "tb" => (1000, 4),
        _ => return Err(wrong()),
    };
    let number: i64 = number.parse().map_err(|_| wrong())?;
    number.checked_mul(base.pow(power)).ok_or_else(wrong)
}

fn first_line() -> Result<String, BoxError> {
    let input = std::io::stdin();
    if input.is_terminal() {
        output::note("New password (shown as you type):");
    }
    let mut line = String::new();
    input.lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_are_read_with_their_unit() {
        assert_eq!(bytes("10"), Ok(10));
        assert_eq!(bytes("50GiB"), Ok(50 << 30));
        assert_eq!(bytes("50 gib"), Ok(50 << 30));
        assert_eq!(bytes("2TB"), Ok(2_000_000_000_000));
        for wrong in ["", "GiB", "-1GiB", "1.5GiB", "1 parsec", "9999999999TiB", "99999999999999999999"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }
}
