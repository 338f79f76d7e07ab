//! Mutations of an organization's settings and sites.

use super::{Organization, Site, portal::PortalInput};
use crate::graphql::{
    document::DocumentZone,
    id::Id,
    input::change,
    member::Role,
    payload::{UserErrorObject, payload},
    request::ContextExt,
    scalar::ByteCount,
};
use async_graphql::{Context, InputObject, MaybeUndefined, Object};
use dossier_core::error::Error;
use dossier_data::Outcome;
use dossier_domain::{
    organization::{self, Settings},
    retention,
};
use futures::FutureExt;

/// Input for changing the settings of the viewer's organization. Omitted fields stay unchanged, and null clears a field.
#[derive(InputObject)]
pub struct UpdateOrganizationInput {
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
    /// The name, 1 to 200 characters.
    name: Option<String>,
    /// The name in contracts and on invoices, up to 200 characters.
    legal_name: MaybeUndefined<String>,
    /// The postal address, up to 1,000 characters.
    address: MaybeUndefined<String>,
    /// The number in the register of companies, up to 40 characters.
    registration_number: MaybeUndefined<String>,
    /// The VAT number, up to 40 characters.
    vat_number: MaybeUndefined<String>,
    /// The text that the law requires on invoices, up to 1,000 characters.
    legal_notice: MaybeUndefined<String>,
    /// The BCP 47 tag of the language, such as `fr-FR`.
    locale: Option<String>,
    /// The IANA name of the time zone, such as `Europe/Paris`. Numbers that were already given do not change.
    time_zone: Option<String>,
    /// Whether the submitter of a validation request may not decide it. Switching it off requires a recent proof of
    /// identity.
    four_eyes: Option<bool>,
    /// The number of days for which events are stored, 1 to 3,650.
    event_days: Option<i32>,
    /// The roles whose members must have a second factor. A member without one sees nothing and can only enroll one. It
    /// requires a recent proof of identity, and may contain the viewer's own role only if the viewer has a second factor.
    required_factor_roles: Option<Vec<Role>>,
    /// The colour of the hub and the portal, of the form `#RRGGBB`.
    accent_color: MaybeUndefined<String>,
    /// The maximum size of all documents in bytes, at most `maxStorageLimit`. Null for `maxStorageLimit`. If it is below
    /// the current size, nothing is deleted, but no more can be uploaded.
    storage_limit: MaybeUndefined<ByteCount>,
    /// The number of days for which deleted documents stay in the trash, 1 to 365. Reducing it requires a recent proof of
    /// identity, and also applies to documents that are in the trash already.
    trash_days: Option<i32>,
    /// The retention of all zones that shall have one. It replaces the present one, and an empty list removes it. Changing
    /// it requires a recent proof of identity.
    zone_retention: Option<Vec<ZoneRetentionInput>>,
    /// The changes of portals, up to one for each track. Omitted portals stay unchanged.
    portals: Option<Vec<PortalInput>>,
}

/// Input for the retention of a zone.
#[derive(InputObject)]
pub struct ZoneRetentionInput {
    /// The zone.
    zone: DocumentZone,
    /// The number of days after the upload for which its documents cannot be purged, 1 to 36,525.
    days: i32,
}

impl From<ZoneRetentionInput> for retention::ZoneRetention {
    fn from(input: ZoneRetentionInput) -> Self {
        Self { zone: input.zone.into(), days: input.days }
    }
}

/// Input for adding a site.
#[derive(InputObject)]
pub struct AddSiteInput {
    /// The name, 1 to 200 characters.
    name: String,
}

/// Input for changing a site. Omitted fields stay unchanged.
#[derive(InputObject)]
pub struct UpdateSiteInput {
    /// The site.
    id: Id<Site>,
    /// The name, 1 to 200 characters.
    name: Option<String>,
    /// Whether the site is closed. Only a site whose clients are all archived can be closed. It takes no new clients and
    /// no new members.
    closed: Option<bool>,
}

payload! {
    /// The result of adding a site.
    AddSitePayload {
        /// The new site. Null if there are `userErrors`.
        site: Site
    }
}

payload! {
    /// The result of changing a site.
    UpdateSitePayload {
        /// The site after the change. Null if there are `userErrors`.
        site: Site
    }
}

/// The result of changing the settings of an organization.
pub struct UpdateOrganizationPayload(Outcome);

impl From<Outcome> for UpdateOrganizationPayload {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

/// The result of changing the settings of an organization.
#[Object]
impl UpdateOrganizationPayload {
    /// The organization after the change. Null if there are `userErrors`.
    async fn organization(&self, ctx: &Context<'_>) -> Result<Option<Organization>, Error> {
        let Some(id) = self.0.subject() else { return Ok(None) };
        Ok(ctx.tx().await?.get::<entities::organization::Entity>(id).await?.map(Organization))
    }

    /// The reasons why the mutation changed nothing. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
    }
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct OrganizationMutation;

#[Object]
impl OrganizationMutation {
    /// Changes the settings of the viewer's organization. Allowed for owners.
    async fn update_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The changes.")] input: UpdateOrganizationInput,
    ) -> Result<UpdateOrganizationPayload, Error> {
        let settings = Settings {
            name: input.name,
            legal_name: change(input.legal_name),
            address: change(input.address),
            registration_number: change(input.registration_number),
            vat_number: change(input.vat_number),
            legal_notice: change(input.legal_notice),
            locale: input.locale,
            time_zone: input.time_zone,
            four_eyes: input.four_eyes,
            event_days: input.event_days,
            required_factor_roles: input.required_factor_roles.map(|roles| roles.into_iter().map(Into::into).collect()),
            accent_color: change(input.accent_color),
            trash_days: input.trash_days,
            zone_retention: input.zone_retention.map(|zones| zones.into_iter().map(Into::into).collect()),
            portals: input.portals.unwrap_or_default().into_iter().map(Into::into).collect(),
            own_storage_limit: change(input.storage_limit).map(|limit| limit.map(|ByteCount(bytes)| bytes)),
        };
        ctx.mutate(|tx| organization::update(tx, settings, input.expected_revision).boxed()).await
    }

    /// Adds a site. Allowed for owners.
    async fn add_site(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The site to add.")] input: AddSiteInput,
    ) -> Result<AddSitePayload, Error> {
        ctx.mutate(|tx| async move { organization::add_site(tx, &input.name).await }.boxed()).await
    }

    /// Renames a site, closes it or opens it again. Allowed for owners.
    async fn update_site(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The changes.")] input: UpdateSiteInput,
    ) -> Result<UpdateSitePayload, Error> {
        ctx.mutate(|tx| organization::update_site(tx, input.id.uuid(), input.name, input.closed).boxed()).await
    }
}
