//! Creates organizations, and changes their settings and sites.

use super::{
    check, factor,
    portal::{self, PortalChange},
    retention::{ZoneRetention, format_zone_retention},
    session,
};
use dossier_core::error::{Error, UserError};
use dossier_data::{AuditChange, AuditRecord, WriteTx};
use dossier_policy::OrganizationAction;
use entities::{audit_entry::Action, client, membership::Role, organization, site, user};
use sea_orm::{ActiveEnum, ColumnTrait, Iterable};
use std::ops::RangeInclusive;
use uuid::Uuid;

/// The maximum length of an address or a legal notice.
const NOTICE: usize = 1_000;

/// The maximum number of sites of an organization.
const MAX_SITES: u64 = 1_000;

/// The maximum length of an official number.
const NUMBER: usize = 40;

/// The default limit for the documents of a new organization, in bytes: 100 GiB.
const STORAGE_LIMIT: i64 = 100 << 30;

/// The number of days for which a new organization's events are kept.
pub const EVENT_DAYS: i32 = 7;

/// The numbers of days for which events can be kept.
pub const EVENT_DAYS_RANGE: RangeInclusive<i32> = 1..=3_650;

/// The number of days for which the documents of a new organization stay in the trash.
const TRASH_DAYS: i32 = 30;

/// The numbers of days for which documents can stay in the trash.
const TRASH_DAYS_RANGE: RangeInclusive<i32> = 1..=365;

/// The input for a new organization.
pub struct NewOrganization {
    /// Its name in commands and at sign-in.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The IANA name of its time zone.
    pub time_zone: String,
    /// The ISO 4217 code of its currency.
    pub currency: String,
    /// The BCP 47 tag of its language.
    pub locale: String,
}

/// Creates an organization. The platform does this.
pub async fn create(tx: &WriteTx, new: NewOrganization) -> Result<Uuid, Error> {
    let slug = new.slug;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !(2..=40).contains(&slug.len()) || !slug.chars().all(plain) {
        return Err(UserError::invalid("slug", "must have 2 to 40 of a-z, 0-9 and -").into());
    }
    if find(tx, &slug).await?.is_some() {
        return Err(UserError::conflict(format!("The slug `{slug}` is already in use.")).into());
    }
    if iso_currency::Currency::from_code(&new.currency).is_none() {
        return Err(UserError::invalid("currency", "must be an ISO 4217 code such as EUR").into());
    }
    let row = organization::Model {
        id: tx.new_id(),
        name: check::line("name", &new.name, check::NAME)?,
        slug,
        time_zone: time_zone(new.time_zone)?,
        currency: new.currency,
        locale: check::locale("locale", &new.locale)?,
        revision: 1,
        four_eyes: false,
        storage_limit: STORAGE_LIMIT,
        event_days: EVENT_DAYS,
        trash_days: TRASH_DAYS,
        created_at: tx.now,
        ..organization::Model::default()
    };
    Ok(tx.insert_without_event(row).await?.id)
}

fn time_zone(name: String) -> Result<String, UserError> {
    match name.parse::<chrono_tz::Tz>() {
        Ok(_) => Ok(name),
        Err(_) => Err(UserError::invalid("time_zone", "must be an IANA name such as Europe/Paris")),
    }
}

/// Returns the organization with this slug, if the viewer sees it.
pub async fn find(tx: &WriteTx, slug: &str) -> Result<Option<organization::Model>, Error> {
    tx.find::<organization::Entity>().filter(organization::Column::Slug.eq(slug)).one().await
}

/// Suspends an organization and all access of its members, or ends the suspension. The platform does this.
pub async fn suspend(tx: &WriteTx, slug: &str, suspended: bool) -> Result<Uuid, Error> {
    let before = find(tx, slug).await?.ok_or_else(|| UserError::not_found("slug"))?;
    let after = organization::Model { suspended_at: suspended.then_some(tx.now), ..before.clone() };
    let action = if suspended { Action::OrganizationSuspended } else { Action::OrganizationResumed };
    if suspended == before.suspended_at.is_none() {
        tx.audit(AuditRecord::new(action, before.id).within(before.id));
    }
    Ok(tx.update_without_event(&before, after).await?.id)
}

/// Sets the limit for the documents of an organization, in bytes. The platform does this. Documents over the limit
/// stay, but nothing can be added.
pub async fn limit_storage(tx: &WriteTx, slug: &str, bytes: i64) -> Result<Uuid, Error> {
    let before = find(tx, slug).await?.ok_or_else(|| UserError::not_found("slug"))?;
    let after = organization::Model { storage_limit: bytes, ..before.clone() };
    save(tx, &before, after, Vec::new()).await
}

/// Sets for how many days events are kept. The platform does this.
pub async fn keep_events(tx: &WriteTx, slug: &str, days: u16) -> Result<Uuid, Error> {
    let before = find(tx, slug).await?.ok_or_else(|| UserError::not_found("slug"))?;
    let after = organization::Model { event_days: days.into(), ..before.clone() };
    save(tx, &before, after, Vec::new()).await
}

/// Changes to the settings of an organization. `None` leaves a setting as it is. `Some(None)` empties one.
#[derive(Default)]
pub struct Settings {
    /// The name.
    pub name: Option<String>,
    /// The name in contracts and on invoices.
    pub legal_name: Option<Option<String>>,
    /// The postal address.
    pub address: Option<Option<String>>,
    /// The number in the register of companies.
    pub registration_number: Option<Option<String>>,
    /// The VAT number.
    pub vat_number: Option<Option<String>>,
    /// The text that the law requires on invoices.
    pub legal_notice: Option<Option<String>>,
    /// The BCP 47 tag of the language.
    pub locale: Option<String>,
    /// The IANA name of the time zone.
    pub time_zone: Option<String>,
    /// Whether nobody may decide a request that they submitted.
    pub four_eyes: Option<bool>,
    /// The number of days for which events are kept.
    pub event_days: Option<i32>,
    /// The roles whose members must have a second factor.
    pub required_factor_roles: Option<Vec<Role>>,
    /// The colour of the hub and the portal, as `#RRGGBB`.
    pub accent_color: Option<Option<String>>,
    /// The limit for the documents in bytes, at most that of the platform.
    pub own_storage_limit: Option<Option<i64>>,
    /// The number of days for which deleted documents stay in the trash.
    pub trash_days: Option<i32>,
    /// The retention of all zones that have one.
    pub zone_retention: Option<Vec<ZoneRetention>>,
    /// The changes of portals.
    pub portals: Vec<PortalChange>,
}

/// Returns the limit for the documents of an organization, in bytes.
pub fn storage_limit(organization: &organization::Model) -> i64 {
    let own = organization.own_storage_limit.unwrap_or(i64::MAX);
    organization.storage_limit.min(own)
}

/// Returns the roles whose members must have a second factor.
pub fn required_factor_roles(organization: &organization::Model) -> Vec<Role> {
    let names = organization.required_factor_roles.as_deref().unwrap_or_default();
    Role::iter().filter(|role| names.split(' ').any(|name| name == role.to_value())).collect()
}

/// Changes the settings of the viewer's organization.
pub async fn update(tx: &WriteTx, mut settings: Settings, expected_revision: Option<i32>) -> Result<Uuid, Error> {
    let id = tx.organization()?;
    let before = tx.authorize::<organization::Entity>(id, "id", OrganizationAction::Manage).await?;
    check::revision(expected_revision, before.revision)?;
    if before.four_eyes && settings.four_eyes == Some(false) {
        session::require_recent_proof(tx).await?;
    }
    if let Some(roles) = &settings.required_factor_roles {
        check_required_factors(tx, roles).await?;
    }
    let portals = portal::update(tx, std::mem::take(&mut settings.portals)).await?;
    let mut after = apply(&before, settings)?;
    if !portals.is_empty() && after == *before {
        after.revision += 1;
    }
    if after.trash_days < before.trash_days || after.zone_retention != before.zone_retention {
        session::require_recent_proof(tx).await?;
    }
    save(tx, &before, after, portals).await
}

/// Fails if the viewer has not proved recently who they are, or would lock themselves out.
async fn check_required_factors(tx: &WriteTx, roles: &[Role]) -> Result<(), Error> {
    session::require_recent_proof(tx).await?;
    let Some(member) = tx.viewer.member().filter(|member| roles.contains(&member.grant.role())) else { return Ok(()) };
    let account = tx.get::<user::Entity>(member.user).await?;
    if account.as_ref().is_some_and(factor::is_enrolled) {
        return Ok(());
    }
    let message = "must not contain your own role before you have a second factor yourself";
    Err(UserError::invalid("required_factor_roles", message).into())
}

/// Changes the settings of an organization. The platform does this.
pub async fn update_by_platform(tx: &WriteTx, slug: &str, settings: Settings) -> Result<Uuid, Error> {
    let before = find(tx, slug).await?.ok_or_else(|| UserError::not_found("slug"))?;
    let after = apply(&before, settings)?;
    save(tx, &before, after, Vec::new()).await
}

/// Updates an organization, and records the changed settings, with those of its portals.
async fn save(
    tx: &WriteTx,
    before: &organization::Model,
    after: organization::Model,
    portals: Vec<AuditChange>,
) -> Result<Uuid, Error> {
    let record = AuditRecord::new(Action::OrganizationChanged, before.id).within(before.id);
    let [was, is] = [before, &after].map(settings_of);
    let record = was.into_iter().zip(is).fold(record, |record, ((name, was), (_, is))| record.change(name, was, is));
    let record = portals
        .into_iter()
        .fold(record, |record, changed| record.change(&changed.field, changed.before, changed.after));
    if record.has_changes() {
        tx.audit(record);
    }
    Ok(tx.update_without_event(before, after).await?.id)
}

/// Returns the names and values of the settings.
fn settings_of(row: &organization::Model) -> [(&'static str, Option<String>); 16] {
    [
        ("name", Some(row.name.clone())),
        ("accent_color", row.accent_color.clone()),
        ("legal_name", row.legal_name.clone()),
        ("address", row.address.clone()),
        ("registration_number", row.registration_number.clone()),
        ("vat_number", row.vat_number.clone()),
        ("legal_notice", row.legal_notice.clone()),
        ("locale", Some(row.locale.clone())),
        ("time_zone", Some(row.time_zone.clone())),
        ("required_factor_roles", row.required_factor_roles.clone()),
        ("four_eyes", Some(row.four_eyes.to_string())),
        ("event_days", Some(row.event_days.to_string())),
        ("storage_limit", Some(row.storage_limit.to_string())),
        ("own_storage_limit", row.own_storage_limit.map(|bytes| bytes.to_string())),
        ("trash_days", Some(row.trash_days.to_string())),
        ("zone_retention", row.zone_retention.clone()),
    ]
}

fn apply(before: &organization::Model, settings: Settings) -> Result<organization::Model, UserError> {
    let mut after = before.clone();
    if let Some(name) = settings.name {
        after.name = check::line("name", &name, check::NAME)?;
    }
    if let Some(name) = settings.legal_name {
        after.legal_name = check::optional("legal_name", name.as_deref(), check::NAME, check::line)?;
    }
    if let Some(address) = settings.address {
        after.address = check::optional("address", address.as_deref(), NOTICE, check::text)?;
    }
    if let Some(number) = settings.registration_number {
        after.registration_number = check::optional("registration_number", number.as_deref(), NUMBER, check::line)?;
    }
    if let Some(number) = settings.vat_number {
        after.vat_number = check::optional("vat_number", number.as_deref(), NUMBER, check::line)?;
    }
    if let Some(notice) = settings.legal_notice {
        after.legal_notice = check::optional("legal_notice", notice.as_deref(), NOTICE, check::text)?;
    }
    if let Some(locale) = settings.locale {
        after.locale = check::locale("locale", &locale)?;
    }
    if let Some(name) = settings.time_zone {
        after.time_zone = time_zone(name)?;
    }
    if let Some(four_eyes) = settings.four_eyes {
        after.four_eyes = four_eyes;
    }
    if let Some(days) = settings.event_days {
        if !EVENT_DAYS_RANGE.contains(&days) {
            let (least, most) = (EVENT_DAYS_RANGE.start(), EVENT_DAYS_RANGE.end());
            return Err(UserError::invalid("event_days", format!("must be {least} to {most}")));
        }
        after.event_days = days;
    }
    if let Some(roles) = settings.required_factor_roles {
        let names: Vec<_> = Role::iter().filter(|role| roles.contains(role)).map(|role| role.to_value()).collect();
        after.required_factor_roles = (!names.is_empty()).then(|| names.join(" "));
    }
    if let Some(color) = settings.accent_color {
        after.accent_color = color.map(|color| check::color("accent_color", &color)).transpose()?;
    }
    if let Some(limit) = settings.own_storage_limit {
        if limit.is_some_and(|limit| limit > after.storage_limit) {
            let message = format!("must be at most {} bytes, the limit of the platform", after.storage_limit);
            return Err(UserError::invalid("storage_limit", message));
        }
        after.own_storage_limit = limit;
    }
    if let Some(days) = settings.trash_days {
        if !TRASH_DAYS_RANGE.contains(&days) {
            let (least, most) = (TRASH_DAYS_RANGE.start(), TRASH_DAYS_RANGE.end());
            return Err(UserError::invalid("trash_days", format!("must be {least} to {most}")));
        }
        after.trash_days = days;
    }
    if let Some(retention) = settings.zone_retention {
        after.zone_retention = format_zone_retention(&retention)?;
    }
    if after != *before {
        after.revision += 1;
    }
    Ok(after)
}

/// Adds a site.
pub async fn add_site(tx: &WriteTx, name: &str) -> Result<Uuid, Error> {
    let row = site::Model {
        id: tx.new_id(),
        organization_id: tx.organization()?,
        name: check::line("name", name, check::NAME)?,
        created_at: tx.now,
        ..site::Model::default()
    };
    let row = tx.authorize_row::<site::Entity>(OrganizationAction::Manage, row)?;
    if tx.find::<site::Entity>().count().await? >= MAX_SITES {
        return Err(UserError::conflict(format!("There are already {MAX_SITES} sites.")).into());
    }
    let row = tx.insert_without_event(row.into_row()).await?;
    tx.audit(AuditRecord::new(Action::SiteAdded, row.id).named(row.name));
    Ok(row.id)
}

/// Renames a site, closes it, or opens it again. A closed site takes no new clients and no new members.
pub async fn update_site(tx: &WriteTx, id: Uuid, name: Option<String>, closed: Option<bool>) -> Result<Uuid, Error> {
    let before = tx.authorize::<site::Entity>(id, "id", OrganizationAction::Manage).await?;
    let mut after = before.clone();
    if let Some(name) = name {
        after.name = check::line("name", &name, check::NAME)?;
    }
    match closed {
        Some(true) if before.closed_at.is_none() => {
            require_no_open_dossier(tx, id).await?;
            after.closed_at = Some(tx.now);
        }
        Some(false) => after.closed_at = None,
        Some(true) | None => {}
    }
    let [was, is] = [&*before, &after].map(|site| Some(site.closed_at.is_some().to_string()));
    let record = AuditRecord::new(Action::SiteChanged, id)
        .named(&after.name)
        .change("name", Some(before.name.clone()), Some(after.name.clone()))
        .change("closed", was, is);
    if record.has_changes() {
        tx.audit(record);
    }
    Ok(tx.update_without_event(&*before, after).await?.id)
}

async fn require_no_open_dossier(tx: &WriteTx, site: Uuid) -> Result<(), Error> {
    let open = tx
        .find::<client::Entity>()
        .filter(client::Column::SiteId.eq(site))
        .filter(client::Column::Status.ne(client::Status::Archived));
    if open.exists().await? {
        return Err(UserError::conflict("This site still has clients. Move or archive them first.").into());
    }
    Ok(())
}

/// Returns a site where somebody or something is about to be placed. It must be visible and not closed.
pub(crate) async fn open_site(tx: &WriteTx, id: Uuid, field: &str) -> Result<site::Model, Error> {
    let site = tx.visible::<site::Entity>(id, field).await?;
    if site.closed_at.is_some() {
        return Err(UserError::invalid(field, "must not be a closed site").into());
    }
    Ok(site)
}
