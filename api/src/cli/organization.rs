//! Sets up organizations and their sites.

use super::{output, role::RoleArg};
use clap::{Args, Subcommand, ValueEnum};
use dossier_core::{
    error::BoxError,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::{Database, WriteTx};
use dossier_domain::{
    check,
    organization::{self, NewOrganization, Settings},
    quota,
    retention::ZoneRetention,
};
use entities::{
    client,
    document::Zone,
    membership::{self, Role},
    organization as organizations, site,
};
use sea_orm::{ActiveEnum, ColumnTrait, sea_query::Order};
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
    /// Change the settings of an organization. An empty value clears an optional setting.
    Set(SetOrganization),
    /// List all organizations: slug, name, and whether it is suspended, separated by tabs.
    List {
        /// Also print the numbers of members and clients, and the used and the allowed storage in bytes.
        #[arg(long)]
        usage: bool,
    },
}

/// The settings of an organization.
#[derive(Args, Clone)]
#[group(required = true, multiple = true)]
pub struct SetOrganization {
    /// Slug of the organization.
    slug: String,
    /// Maximum size of its documents, with all versions and open uploads, such as 50GiB. The default is 100GiB. Units:
    /// B, KiB, MiB, GiB, TiB, kB, MB, GB, TB. If the limit is below the current size, nothing is deleted, but no more can
    /// be uploaded.
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    storage_limit: Option<i64>,
    /// Name.
    #[arg(long)]
    name: Option<String>,
    /// Name in contracts and on invoices.
    #[arg(long)]
    legal_name: Option<String>,
    /// Postal address.
    #[arg(long)]
    address: Option<String>,
    /// Number in the register of companies, such as a SIREN.
    #[arg(long)]
    registration_number: Option<String>,
    /// VAT number.
    #[arg(long)]
    vat_number: Option<String>,
    /// Text that the law requires on invoices.
    #[arg(long)]
    legal_notice: Option<String>,
    /// BCP 47 tag of the language.
    #[arg(long)]
    locale: Option<String>,
    /// IANA name of the time zone.
    #[arg(long)]
    time_zone: Option<String>,
    /// Whether the submitter of a validation request may not decide it.
    #[arg(long)]
    four_eyes: Option<bool>,
    /// Roles whose members must have a second factor, separated by commas. An empty value requires none.
    #[arg(long, value_name = "ROLES", value_parser = roles)]
    required_factor_roles: Option<Roles>,
    /// Colour of the hub and the portal, such as #1f5fbf. An empty value removes it.
    #[arg(long)]
    accent_color: Option<String>,
    /// Number of days for which deleted documents stay in the trash, 1 to 365.
    #[arg(long, value_name = "DAYS")]
    trash_days: Option<i32>,
    /// Number of days after the upload in which documents of a zone cannot be purged, such as INVOICES=3650,VISIOS=365.
    /// It replaces the present retention of all zones. An empty value removes it.
    #[arg(long, value_name = "ZONE=DAYS", value_parser = retention)]
    zone_retention: Option<Retention>,
}

/// The retention of zones in one argument.
#[derive(Clone)]
struct Retention(Vec<ZoneRetention>);

/// Parses zones with numbers of days, separated by commas.
fn retention(given: &str) -> Result<Retention, String> {
    let parse = |part: &str| {
        let (zone, days) = part.split_once('=')?;
        let zone = Zone::try_from_value(&zone.trim().to_uppercase()).ok()?;
        Some(ZoneRetention { zone, days: days.trim().parse().ok()? })
    };
    let wrong = || "must be zones with numbers of days, such as INVOICES=3650,VISIOS=365".to_owned();
    let parts = given.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| parse(part).ok_or_else(wrong)).collect::<Result<_, _>>().map(Retention)
}

/// A list of roles in one argument.
#[derive(Clone)]
struct Roles(Vec<Role>);

/// Parses names of roles, separated by commas.
fn roles(given: &str) -> Result<Roles, String> {
    let names = given.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(|name| RoleArg::from_str(name, true).map(Role::from)).collect::<Result<_, _>>().map(Roles)
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
    /// List the sites: name, and whether it is closed, separated by tabs.
    List {
        /// Slug of the organization.
        #[arg(long)]
        organization: String,
    },
    /// Close a site whose clients are all archived. It takes no new clients and no new members.
    Close {
        /// Name.
        name: String,
        /// Slug of the organization.
        #[arg(long)]
        organization: String,
    },
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
        OrganizationCommand::Set(set) => {
            drop(tx);
            return change(database, set).await;
        }
        OrganizationCommand::List { usage } => {
            let all =
                tx.find::<organizations::Entity>().order_by(organizations::Column::Slug, Order::Asc).all().await?;
            drop(tx);
            for row in all {
                let state = if row.suspended_at.is_some() { "suspended" } else { "active" };
                let figures = if usage { format!("\t{}", figures(database, &row).await?) } else { String::new() };
                output::line(format!("{}\t{}\t{state}{figures}", row.slug, row.name))?;
            }
            return Ok(());
        }
    }
    Ok(tx.commit().await?)
}

async fn change(database: &Database, set: SetOrganization) -> Result<(), BoxError> {
    if let Some(bytes) = set.storage_limit {
        let tx = database.write_as(Viewer::platform(SystemPurpose::Command)).await?;
        organization::limit_storage(&tx, &set.slug, bytes).await?;
        tx.commit().await?;
    }
    let optional = |value: Option<String>| value.map(|value| check::given(Some(&value)).map(str::to_owned));
    let settings = Settings {
        name: set.name,
        legal_name: optional(set.legal_name),
        address: optional(set.address),
        registration_number: optional(set.registration_number),
        vat_number: optional(set.vat_number),
        legal_notice: optional(set.legal_notice),
        locale: set.locale,
        time_zone: set.time_zone,
        four_eyes: set.four_eyes,
        event_days: None,
        required_factor_roles: set.required_factor_roles.map(|Roles(roles)| roles),
        accent_color: optional(set.accent_color),
        own_storage_limit: None,
        trash_days: set.trash_days,
        zone_retention: set.zone_retention.map(|Retention(zones)| zones),
        portals: Vec::new(),
    };
    let tx = database.write_as(Viewer::platform(SystemPurpose::Command)).await?;
    organization::update_by_platform(&tx, &set.slug, settings).await?;
    Ok(tx.commit().await?)
}

/// Returns the numbers of members and clients, and the used and the allowed storage.
async fn figures(database: &Database, row: &organizations::Model) -> Result<String, BoxError> {
    let tx = database.read_as(Viewer::system(row.id, SystemPurpose::Command)).await?;
    let members = tx.find::<membership::Entity>().count().await?;
    let clients = tx.find::<client::Entity>().count().await?;
    Ok(format!("{members}\t{clients}\t{}\t{}", quota::stored(&tx).await?, row.storage_limit))
}

/// Runs `dossier site`.
pub async fn site(database: &Database, command: SiteCommand) -> Result<(), BoxError> {
    match command {
        SiteCommand::Add { name, organization } => {
            let tx = within(database, &organization).await?;
            organization::add_site(&tx, &name).await?;
            Ok(tx.commit().await?)
        }
        SiteCommand::List { organization } => {
            let tx = within(database, &organization).await?;
            for row in tx.find::<site::Entity>().order_by(site::Column::Id, Order::Asc).all().await? {
                let state = if row.closed_at.is_some() { "closed" } else { "open" };
                output::line(format!("{}\t{state}", row.name))?;
            }
            Ok(())
        }
        SiteCommand::Close { name, organization } => {
            let tx = within(database, &organization).await?;
            let site = site_named(&tx, &name).await?;
            organization::update_site(&tx, site, None, Some(true)).await?;
            Ok(tx.commit().await?)
        }
    }
}

/// Returns the site with this name.
pub(super) async fn site_named(tx: &WriteTx, name: &str) -> Result<Uuid, BoxError> {
    match tx.find::<site::Entity>().filter(site::Column::Name.eq(name)).limit(2).all().await?.as_slice() {
        [] => Err(format!("no site has the name `{name}`").into()),
        [site] => Ok(site.id),
        _ => Err(format!("several sites have the name `{name}`; rename one of them through the API").into()),
    }
}

/// Begins a transaction within an organization.
pub(super) async fn within(database: &Database, slug: &str) -> Result<WriteTx, BoxError> {
    let platform = database.write_as(Viewer::platform(SystemPurpose::Command)).await?;
    let found = organization::find(&platform, slug).await?;
    drop(platform);
    let organization = found.ok_or_else(|| format!("no organization has the slug `{slug}`"))?.id;
    Ok(database.write_as(Viewer::system(organization, SystemPurpose::Command)).await?)
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
