//! Sign-in with an account at an identity provider.

use crate::{
    external_identity::{self, ProvenIdentity, unknown},
    session::{self, Choice, Device, ExternalOrigin},
    sign_in::{self, ProvenBy, SignInResult},
};
use dossier_core::{
    error::{Error, UserError, UserErrorCode},
    viewer::Viewer,
};
use dossier_data::{Database, Sealer, WriteTx};
use entities::{audit_entry::Refusal, membership, session as sessions, user};
use uuid::Uuid;

/// The input of a sign-in.
pub struct ExternalSignIn {
    /// The account at the provider.
    pub proven: ProvenIdentity,
    /// The sign-in. It opens one session at most.
    pub attempt: Uuid,
    /// The organization's slug, for people who belong to several.
    pub organization: Option<String>,
    /// The membership, for people who have several in the organization.
    pub membership: Option<Uuid>,
    /// The device.
    pub device: Device,
}

/// Opens a session for the person of an account at a provider, or returns a challenge if they have a second factor. At the
/// first sign-in, the account is linked by its address.
pub async fn sign_in(database: &Database, sealer: &Sealer, input: ExternalSignIn) -> Result<SignInResult, Error> {
    let ExternalSignIn { proven, attempt, organization, membership, device } = input;
    let linked = match database.external_identity(&proven.issuer, &proven.subject).await? {
        Some(linked) => linked,
        None => external_identity::link_by_address(database, &proven).await?,
    };
    let tx = database.write_as(Viewer::SigningIn { user: linked.user_id }).await?;
    let user = tx.visible::<user::Entity>(linked.user_id, "code").await?;
    let linked = external_identity::require_linked(&tx, linked.id).await?;
    if tx.get::<sessions::Entity>(attempt).await?.is_some() {
        return Err(UserError::invalid("attempt", "was used already; begin the sign-in again").into());
    }
    let memberships = session::choices(&tx).await?;
    let chosen = match choose(&memberships, organization.as_deref(), membership) {
        Ok(chosen) => chosen.clone(),
        Err(refused) => return Err(refuse(tx, &user, &memberships, &device, refused).await?),
    };
    external_identity::record_use(&tx, &linked).await?;
    let proven_at = proven.authenticated_at.map(|at| at.min(tx.now));
    let proven_by = ProvenBy::Provider(ExternalOrigin { identity: linked.id, attempt }, proven_at);
    let result = sign_in::open_or_challenge(&tx, sealer, &user, &chosen, device, memberships, proven_by).await?;
    tx.commit().await?;
    Ok(result)
}

/// Returns the named membership, or the oldest one. A sign-in at a provider works once, so that nobody can be asked.
fn choose<'c>(
    memberships: &'c [Choice],
    organization: Option<&str>,
    membership: Option<Uuid>,
) -> Result<&'c membership::Model, UserError> {
    let oldest = memberships.first().filter(|_| organization.is_none() && membership.is_none());
    match oldest {
        Some(oldest) => Ok(&oldest.membership),
        None => sign_in::choose(memberships, organization, membership),
    }
}

/// Records that a person was refused because they have no such membership.
async fn refuse(
    tx: WriteTx,
    user: &user::Model,
    memberships: &[Choice],
    device: &Device,
    refused: UserError,
) -> Result<Error, Error> {
    if refused.code != UserErrorCode::Forbidden {
        return Ok(refused.into());
    }
    sign_in::record_refusal(&tx, user, memberships, device, Refusal::NoMembership);
    tx.commit().await?;
    Ok(if memberships.is_empty() { unknown() } else { refused.into() })
}
