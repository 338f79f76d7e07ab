//! The fields of an organization and of a site.

use super::{node::Site, portal::Portal};
use crate::graphql::{
    document::DocumentZone,
    guard::{allows, roles, visibleTo},
    id::Id,
    member::Role,
    request::ContextExt,
    scalar::ByteCount,
    storage,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use dossier_core::{error::Error, id};
use dossier_domain::{
    organization::{required_factor_roles, storage_limit},
    portal,
    quota::{self, Holder},
    retention::zone_retention,
};
use dossier_policy::fields;
use entities::organization::Model;

/// The retention of a zone.
#[derive(SimpleObject)]
pub struct ZoneRetention {
    /// The zone.
    zone: DocumentZone,
    /// The number of days after the upload for which its documents cannot be purged.
    days: i32,
}

/// An organization: an agency that uses Dossier. Organizations share no data.
pub struct Organization(pub Model);

/// An organization: an agency that uses Dossier. Organizations share no data.
#[Object]
impl Organization {
    /// Identifies the organization in caches, `organization_…`. It is not an id for `node`.
    async fn id(&self) -> ID {
        id::encode("organization", self.0.id).into()
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The short name that `signIn` accepts.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// The IANA name of the time zone, such as `Europe/Paris`. It decides the year of a number and the day of a
    /// deadline.
    async fn time_zone(&self) -> &str {
        &self.0.time_zone
    }

    /// The ISO 4217 code of the currency.
    async fn currency(&self) -> &str {
        &self.0.currency
    }

    /// The BCP 47 tag of the language, such as `fr-FR`.
    async fn locale(&self) -> &str {
        &self.0.locale
    }

    /// Whether the submitter of a validation request may not decide it.
    async fn four_eyes(&self) -> bool {
        self.0.four_eyes
    }

    /// The maximum size of all versions of all documents together, in bytes.
    async fn storage_limit(&self) -> ByteCount {
        ByteCount(storage_limit(&self.0))
    }

    /// The greatest `storageLimit` that owners can set, in bytes. The platform sets it.
    async fn max_storage_limit(&self) -> ByteCount {
        ByteCount(self.0.storage_limit)
    }

    /// The size of all versions of all documents together, with open uploads, in bytes.
    #[graphql(directive = visibleTo::apply(roles(fields::STORAGE_USED)))]
    async fn storage_used(&self, ctx: &Context<'_>) -> Result<Option<ByteCount>, Error> {
        if !allows(ctx, fields::STORAGE_USED).await? {
            return Ok(None);
        }
        Ok(Some(ByteCount(quota::stored(&*ctx.tx().await?).await?)))
    }

    /// The part of `storageUsed` that open uploads reserve, in bytes.
    #[graphql(directive = visibleTo::apply(roles(fields::STORAGE_USED)))]
    async fn storage_reserved(&self, ctx: &Context<'_>) -> Result<Option<ByteCount>, Error> {
        storage::reserved(ctx, Holder::Organization(self.0.id)).await
    }

    /// The number of days for which events are stored. A subscriber that returns within this time misses nothing.
    async fn event_days(&self) -> i32 {
        self.0.event_days
    }

    /// The number of days for which deleted documents stay in the trash. Then they are purged.
    async fn trash_days(&self) -> i32 {
        self.0.trash_days
    }

    /// The zones whose documents cannot be purged for some days after their upload.
    async fn zone_retention(&self) -> Vec<ZoneRetention> {
        let zones = zone_retention(&self.0).into_iter();
        zones.map(|one| ZoneRetention { zone: one.zone.into(), days: one.days }).collect()
    }

    /// The colour of the hub and the portal, such as `#1f5fbf`. Null for the app's own colour. Apps adjust it where texts
    /// need more contrast.
    async fn accent_color(&self) -> Option<&str> {
        self.0.accent_color.as_deref()
    }

    /// The portals whose name, colour or logo differ from those of the organization.
    async fn portals(&self, ctx: &Context<'_>) -> Result<Vec<Portal>, Error> {
        let tx = ctx.tx().await?;
        Ok(portal::of_organization(&tx, self.0.id).await?.into_iter().map(Into::into).collect())
    }

    /// The roles whose members must have a second factor.
    async fn required_factor_roles(&self) -> Vec<Role> {
        required_factor_roles(&self.0).into_iter().map(Into::into).collect()
    }

    /// The name in contracts and on invoices, if it is another one.
    async fn legal_name(&self) -> Option<&str> {
        self.0.legal_name.as_deref()
    }

    /// The postal address.
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// The number in the register of companies, such as a French SIREN or SIRET.
    async fn registration_number(&self) -> Option<&str> {
        self.0.registration_number.as_deref()
    }

    /// The VAT number, such as `FR83404833048`.
    async fn vat_number(&self) -> Option<&str> {
        self.0.vat_number.as_deref()
    }

    /// The text that the law requires on invoices, such as the legal form and the share capital.
    async fn legal_notice(&self) -> Option<&str> {
        self.0.legal_notice.as_deref()
    }

    /// The revision, which each change of the settings raises.
    async fn revision(&self) -> i32 {
        self.0.revision
    }
}

/// A site of an agency.
#[Object]
impl Site {
    /// The global id, `site_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether the site is closed. A closed site takes no new clients and no new members.
    async fn closed(&self) -> bool {
        self.0.closed_at.is_some()
    }
}
