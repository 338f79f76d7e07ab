//! Creates organizations and their members, for the command line and the sample.

use super::check;
use crate::password;
use dossier_core::error::{Error, UserError};
use dossier_data::WriteTx;
use entities::{
    client,
    membership::{self, Role},
    membership_site, organization, site, user,
};
use sea_orm::ColumnTrait;
use uuid::Uuid;

/// The default limit for the documents of a new organization, in bytes: 100 GiB.
const STORAGE_LIMIT: i64 = 100 << 30;

/// The number of days for which a new organization's events are kept.
pub const EVENT_DAYS: i32 = 7;

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

/// The input for a new membership.
pub struct NewMember {
    /// The address for sign-in.
    pub email: String,
    /// The name that others see. It is used only for a new account.
    pub display_name: String,
    /// The role.
    pub role: Role,
    /// The sites of a manager or staff member.
    pub sites: Vec<Uuid>,
    /// The dossier of a client.
    pub client: Option<Uuid>,
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
    if new.time_zone.parse::<chrono_tz::Tz>().is_err() {
        return Err(UserError::invalid("time_zone", "must be an IANA name such as Europe/Paris").into());
    }
    if iso_currency::Currency::from_code(&new.currency).is_none() {
        return Err(UserError::invalid("currency", "must be an ISO 4217 code such as EUR").into());
    }
    let row = organization::Model {
        id: tx.new_id(),
        name: check::line("name", &new.name, check::NAME)?,
        slug,
        time_zone: new.time_zone,
        currency: new.currency,
        locale: check::line("locale", &new.locale, 35)?,
        four_eyes: false,
        storage_limit: STORAGE_LIMIT,
        event_days: EVENT_DAYS,
        suspended_at: None,
        created_at: tx.now,
    };
    Ok(tx.insert_unrecorded(row).await?.id)
}

/// Returns the organization with this slug, if the viewer sees it.
pub async fn find(tx: &WriteTx, slug: &str) -> Result<Option<organization::Model>, Error> {
    tx.find::<organization::Entity>().filter(organization::Column::Slug.eq(slug)).one().await
}

/// Suspends an organization and all access of its members, or ends the suspension. The platform does this.
pub async fn suspend(tx: &WriteTx, slug: &str, suspended: bool) -> Result<Uuid, Error> {
    let before = find(tx, slug).await?.ok_or_else(|| UserError::not_found("slug"))?;
    let after = organization::Model { suspended_at: suspended.then_some(tx.now), ..before.clone() };
    Ok(tx.update_unrecorded(&before, after).await?.id)
}

/// Sets the limit for the documents of an organization, in bytes. The platform does this. Documents over the limit
/// stay, but nothing can be added.
pub async fn limit_storage(tx: &WriteTx, slug: &str, bytes: i64) -> Result<Uuid, Error> {
    let before = find(tx, slug).await?.ok_or_else(|| UserError::not_found("slug"))?;
    let after = organization::Model { storage_limit: bytes, ..before.clone() };
    Ok(tx.update_unrecorded(&before, after).await?.id)
}

/// Sets for how many days events are kept. The platform does this.
pub async fn keep_events(tx: &WriteTx, slug: &str, days: u16) -> Result<Uuid, Error> {
    let before = find(tx, slug).await?.ok_or_else(|| UserError::not_found("slug"))?;
    let after = organization::Model { event_days: days.into(), ..before.clone() };
    Ok(tx.update_unrecorded(&before, after).await?.id)
}

/// Adds a site.
pub async fn add_site(tx: &WriteTx, name: &str) -> Result<Uuid, Error> {
    let row = site::Model {
        id: tx.new_id(),
        organization_id: tx.organization()?,
        name: check::line("name", name, check::NAME)?,
        created_at: tx.now,
    };
    Ok(tx.insert_unrecorded(row).await?.id)
}

/// Adds a member. `account` is their account if they already have one, in any organization.
pub async fn add_member(tx: &WriteTx, account: Option<user::Model>, new: NewMember) -> Result<Uuid, Error> {
    let in_sites = matches!(new.role, Role::Manager | Role::Staff);
    if in_sites == new.sites.is_empty() {
        return Err(UserError::invalid(
            "sites",
            "managers and staff must have at least one site, and other roles must have none",
        )
        .into());
    }
    if (new.role == Role::Client) != new.client.is_some() {
        return Err(UserError::invalid("client", "clients must have a dossier, and other roles must have none").into());
    }
    if let Some(client) = new.client {
        tx.visible::<client::Entity>(client, "client").await?;
    }
    let user = match account {
        Some(user) => user.id,
        None => add_account(tx, &new.email, &new.display_name).await?,
    };
    let membership = membership::Model {
        id: tx.new_id(),
        organization_id: tx.organization()?,
        user_id: user,
        role: new.role,
        client_id: new.client,
        suspended_at: None,
        created_at: tx.now,
    };
    check_uniqueness(tx, &membership).await?;
    let membership = tx.insert_unrecorded(membership).await?;
    for site in new.sites {
        let site = tx.visible::<site::Entity>(site, "sites").await?;
        let row = membership_site::Model {
            membership_id: membership.id,
            site_id: site.id,
            organization_id: membership.organization_id,
        };
        tx.insert_unrecorded(row).await?;
    }
    Ok(membership.id)
}

/// Suspends all memberships of a person in the organization. Returns their number.
pub async fn suspend_member(tx: &WriteTx, user: Uuid) -> Result<usize, Error> {
    let active = tx
        .find::<membership::Entity>()
        .filter(membership::Column::UserId.eq(user))
        .filter(membership::Column::SuspendedAt.is_null())
        .all()
        .await?;
    for before in &active {
        tx.update_unrecorded(before, membership::Model { suspended_at: Some(tx.now), ..before.clone() }).await?;
    }
    Ok(active.len())
}

/// Sets a person's password. The person does this.
pub async fn set_password(tx: &WriteTx, user: Uuid, hash: String) -> Result<Uuid, Error> {
    let before = tx.visible::<user::Entity>(user, "email").await?;
    let after = user::Model { password_hash: Some(hash), ..before.clone() };
    Ok(tx.update_unrecorded(&before, after).await?.id)
}

/// Checks and hashes a new password.
pub async fn hash_password(password: String) -> Result<String, Error> {
    if !password::has_valid_length(&password) {
        let (least, most) = (password::MIN_LENGTH, password::MAX_LENGTH);
        return Err(UserError::invalid("password", format!("must have {least} to {most} characters")).into());
    }
    password::hash(password).await
}

async fn add_account(tx: &WriteTx, email: &str, display_name: &str) -> Result<Uuid, Error> {
    let row = user::Model {
        id: tx.new_id(),
        email: check::email("email", email)?,
        display_name: check::line("display_name", display_name, check::NAME)?,
        password_hash: None,
        created_at: tx.now,
    };
    Ok(tx.insert_unrecorded(row).await?.id)
}

/// Fails if the membership exists. A person has one role in the agency, and may also be the client of any number of
/// dossiers, once each.
async fn check_uniqueness(tx: &WriteTx, new: &membership::Model) -> Result<(), Error> {
    let mut same = tx.find::<membership::Entity>().filter(membership::Column::UserId.eq(new.user_id));
    same = match new.client_id {
        Some(client) => same.filter(membership::Column::ClientId.eq(client)),
        None => same.filter(membership::Column::ClientId.is_null()),
    };
    if same.exists().await? {
        return Err(UserError::conflict("This person is already a member of the organization.").into());
    }
    Ok(())
}
