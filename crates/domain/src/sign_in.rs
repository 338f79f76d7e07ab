//! Sign-in: checks a password and opens a session.

use crate::password;
use chrono::TimeDelta;
use dossier_core::credentials::Claims;
use dossier_core::{
    error::{Error, UserError},
    scope::Scopes,
    viewer::Viewer,
};
use dossier_data::{Database, WriteTx};
use entities::{membership, organization, session};
use sea_orm::{ColumnTrait, sea_query::Order};
use uuid::Uuid;

/// The input of a sign-in.
pub struct SignIn {
    /// The address. Case does not matter.
    pub email: String,
    /// The password.
    pub password: String,
    /// The organization's slug, for people who belong to several.
    pub organization: Option<String>,
    /// The membership, for people who have several in the organization.
    pub membership: Option<Uuid>,
}

/// How long the session of a sign-in lasts: a working day.
pub const SIGN_IN_LASTS: TimeDelta = TimeDelta::hours(12);

/// A new session, and the claims of its token.
pub struct SignedIn {
    /// The claims for an access token of the session.
    pub claims: Claims,
    /// The session.
    pub session: session::Model,
}

/// Returns the name of the account, which is its address.
pub fn account_name(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Checks the password and opens a session for one membership.
pub async fn sign_in(database: &Database, input: SignIn) -> Result<SignedIn, Error> {
    let found = database.account(&account_name(&input.email)).await?;
    let hash = found.as_ref().and_then(|user| user.password_hash.clone());
    let right = password::verify(input.password, hash).await?;
    let user =
        found.filter(|_| right).ok_or_else(|| UserError::forbidden("The email address or the password is wrong."))?;
    let write = database.write_as(Viewer::SigningIn { user: user.id }).await?;
    let membership = choose(&write, input.organization.as_deref(), input.membership).await?;
    open_session(write, &membership, SIGN_IN_LASTS, None).await
}

/// Opens a session of a membership, limited to some scopes if there is a limit, and commits.
pub async fn open_session(
    write: WriteTx,
    membership: &membership::Model,
    lasts: TimeDelta,
    limit: Option<Scopes>,
) -> Result<SignedIn, Error> {
    let session = session::Model {
        id: write.new_id(),
        organization_id: membership.organization_id,
        membership_id: membership.id,
        created_at: write.now,
        expires_at: write.now + lasts,
        ended_at: None,
        scopes: limit.map(|scopes| scopes.to_string()),
    };
    let session = write.insert_unrecorded(session).await?;
    write.commit().await?;
    let claims = Claims { session: session.id, user: membership.user_id, exp: session.expires_at.timestamp() };
    Ok(SignedIn { claims, session })
}

/// Returns the active membership: the only one, or the named one.
pub async fn choose(write: &WriteTx, slug: Option<&str>, id: Option<Uuid>) -> Result<membership::Model, Error> {
    let active = write
        .find::<membership::Entity>()
        .filter(membership::Column::SuspendedAt.is_null())
        .order_by(membership::Column::Id, Order::Asc)
        .all()
        .await?;
    let mut choices = Vec::new();
    for membership in active {
        let Some(organization) = write.get::<organization::Entity>(membership.organization_id).await? else { continue };
        let named = slug.is_none_or(|slug| slug == organization.slug) && id.is_none_or(|id| id == membership.id);
        if organization.suspended_at.is_none() && named {
            choices.push((organization.slug, membership));
        }
    }
    match choices.len() {
        0 => Err(UserError::forbidden("You have no active membership there.").into()),
        1 => Ok(choices.remove(0).1),
        _ => {
            let names: Vec<_> = choices
                .iter()
                .map(|(slug, membership)| format!("{slug} ({})", dossier_core::id::encode("membership", membership.id)))
                .collect();
            Err(UserError::conflict(format!(
                "You have several memberships: {}. Give the organization or the membership.",
                names.join(", ")
            ))
            .into())
        }
    }
}

/// Ends the session of the viewer's token.
pub async fn sign_out(tx: &WriteTx) -> Result<Uuid, Error> {
    let missing = || Error::internal("a member without a session signs out");
    let session = tx.member()?.session().ok_or_else(missing)?;
    let before = tx.visible::<session::Entity>(session, "session").await?;
    let after = session::Model { ended_at: Some(tx.now), ..before.clone() };
    tx.update_unrecorded(&before, after).await?;
    Ok(session)
}
