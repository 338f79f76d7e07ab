//! Setting up a server without the sample: organizations, sites, members, passwords, tokens.

use super::output;
use crate::{auth::Tokens, graphql::id};
use chrono::TimeDelta;
use clap::{Args, Subcommand, ValueEnum};
use dossier_core::error::BoxError;
use dossier_core::secret::random_text;
use dossier_core::viewer::Viewer;
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
    /// Found an organization.
    Create {
        /// Names it in commands and at sign-in: 2 to 40 of a-z, 0-9 and -.
        slug: String,
        /// Its name.
        #[arg(long)]
        name: String,
        /// IANA name of its time zone.
        #[arg(long, default_value = "Europe/Paris")]
        time_zone: String,
        /// ISO 4217 code of its currency.
        #[arg(long, default_value = "EUR")]
        currency: String,
        /// BCP 47 tag of its language.
        #[arg(long, default_value = "fr-FR")]
        locale: String,
    },
    /// Stop everything its members see and do.
    Suspend {
        /// Which one.
        slug: String,
    },
    /// Let a suspended one go on.
    Resume {
        /// Which one.
        slug: String,
    },
    /// Set for how many days an organization's events are kept: so long, a subscriber that was away misses nothing.
    KeepEvents {
        /// Which one.
        slug: String,
        /// How many days, 1 to 3650; 7 unless set.
        #[arg(value_parser = clap::value_parser!(u16).range(1..=3650))]
        days: u16,
    },
    /// Change an organization's settings.
    Set {
        /// Which one.
        slug: String,
        /// How many bytes its documents may take, all versions and open uploads together, such as 50GiB; 100GiB unless
        /// set. Units: B, KiB, MiB, GiB, TiB, kB, MB, GB, TB. Below what they take now, nothing is removed, and nothing
        /// more can be uploaded.
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
        /// Its name.
        name: String,
        /// The organization's slug.
        #[arg(long)]
        organization: String,
    },
}

/// `dossier member …`
#[derive(Clone, Subcommand)]
pub enum MemberCommand {
    /// Make a person a member. Set a password for new people with `dossier password set`.
    Add(AddMember),
    /// Suspend what a person is in the organization.
    Suspend {
        /// Whom.
        email: String,
        /// The organization's slug.
        #[arg(long)]
        organization: String,
    },
}

/// A new member.
#[derive(Args, Clone)]
pub struct AddMember {
    /// What they sign in with.
    email: String,
    /// The organization's slug.
    #[arg(long)]
    organization: String,
    /// What they are to be.
    #[arg(long)]
    role: RoleArg,
    /// What others see of them, if they are new; by default the address.
    #[arg(long)]
    name: Option<String>,
    /// A site of a manager or staff member, by name; can be given several times.
    #[arg(long = "site")]
    sites: Vec<String>,
    /// The dossier of a client: `client_…`
    #[arg(long)]
    client: Option<String>,
}

/// `dossier password …`
#[derive(Clone, Subcommand)]
pub enum PasswordCommand {
    /// Set a person's password: the first line of standard input, or a generated one, which is printed.
    Set {
        /// Whose.
        email: String,
        /// Generate one.
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
    let tx = database.write_as(Viewer::Platform).await?;
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
        sites.push(site.ok_or_else(|| format!("--site: there is no site `{name}`"))?.id);
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
) -> Result<(), BoxError> {
    let user = account(database, email).await?;
    let tx = database.write_as(Viewer::SigningIn { user: user.id }).await?;
    let membership = sign_in::choose(&tx, organization, None).await?;
    Ok(output::line(tokens.issue(&sign_in::open_session(tx, &membership, lasts).await?.claims)?)?)
}

async fn within(database: &Database, slug: &str) -> Result<WriteTx, BoxError> {
    let platform = database.write_as(Viewer::Platform).await?;
    let found = organization::find(&platform, slug).await?;
    drop(platform);
    let organization = found.ok_or_else(|| format!("there is no organization `{slug}`"))?.id;
    Ok(database.write_as(Viewer::System { organization }).await?)
}

async fn account(database: &Database, email: &str) -> Result<user::Model, BoxError> {
    Ok(database
        .account(&sign_in::account_name(email))
        .await?
        .ok_or_else(|| format!("nobody has the address {email}"))?)
}

fn client_id(given: &str) -> Result<Uuid, BoxError> {
    match id::decode(given) {
        Some(("client", uuid)) => Ok(uuid),
        _ => Err(format!("--client: `{given}` is not the id of a client (`client_…`)").into()),
    }
}

/// Reads a number of bytes, with or without a unit.
fn bytes(given: &str) -> Result<i64, String> {
    let wrong = || "must be a whole number of bytes, or one with a unit, as in 50GiB".to_owned();
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
