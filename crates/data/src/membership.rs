//! The look-up of a membership and its present rights.

use super::{ReadTx, session::grant};
use dossier_core::{error::Error, viewer::MemberDetails};
use entities::{membership, membership_site, organization, user};
use sea_orm::ColumnTrait;
use uuid::Uuid;

/// Returns what a membership may see and do now, as for one of its sessions. Fails if the membership or its
/// organization is suspended.
pub(crate) async fn member_details(tx: &ReadTx, id: Uuid) -> Result<MemberDetails, Error> {
    let missing = || Error::internal("a job's member is not there");
    let removed = Error::Unauthenticated("The member was removed.");
    let membership = tx.find_whole::<membership::Entity>()?.filter(membership::Column::Id.eq(id)).one().await?;
    let membership = membership.filter(|membership| membership.removed_at.is_none()).ok_or(removed)?;
    let organization = tx.get::<organization::Entity>(membership.organization_id).await?.ok_or_else(missing)?;
    let user = tx.get::<user::Entity>(membership.user_id).await?.ok_or_else(missing)?;
    if membership.suspended_at.or(organization.suspended_at).is_some() {
        return Err(Error::Unauthenticated("The membership or its organization is suspended."));
    }
    let sites = tx.find::<membership_site::Entity>().filter(membership_site::Column::MembershipId.eq(id));
    let mut sites: Vec<_> = sites.all().await?.into_iter().map(|link| link.site_id).collect();
    sites.sort_unstable();
    Ok(MemberDetails {
        sites: sites.into(),
        organization: organization.id,
        membership: id,
        user: user.id,
        display_name: user.display_name,
        time_zone: organization.time_zone.parse().map_err(Error::internal)?,
        four_eyes: organization.four_eyes,
        is_api_key: membership.api_key,
        grant: grant(membership.role, membership.client_id)?,
    })
}
