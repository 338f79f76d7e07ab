//! Sign-in: checks a password and opens a session.

use crate::{
    account, password,
    session::{self, Choice, Device, SignedIn},
};
use dossier_core::{
    error::{Error, UserError},
    viewer::Viewer,
};
use dossier_data::{Database, WriteTx};
use entities::membership;
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
    /// The device.
    pub device: Device,
}

/// Returns the name of the account, which is its address.
pub fn account_name(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Checks the password and opens a session for one membership.
pub async fn sign_in(database: &Database, input: SignIn) -> Result<SignedIn, Error> {
    let found = database.account(&account_name(&input.email)).await?;
    let hash = found.as_ref().and_then(|user| user.password_hash.clone());
    let verified = password::verify(input.password, hash).await?;
    let user = found
        .filter(|_| verified.is_right)
        .ok_or_else(|| UserError::forbidden("The email address or the password is wrong."))?;
    let tx = database.write_as(Viewer::SigningIn { user: user.id }).await?;
    account::require_same_password(&tx, &user).await?;
    let memberships = session::choices(&tx).await?;
    let chosen = choose(&memberships, input.organization.as_deref(), input.membership)?.clone();
    if let Some(hash) = verified.rehashed {
        account::store_password(&tx, user.id, hash).await?;
    }
    let signed = open_session(&tx, &chosen, input.device, memberships, true).await?;
    tx.commit().await?;
    Ok(signed)
}

/// Opens a session of one of the memberships.
pub(crate) async fn open_session(
    tx: &WriteTx,
    membership: &membership::Model,
    device: Device,
    memberships: Vec<Choice>,
    proven: bool,
) -> Result<SignedIn, Error> {
    let session = session::open(tx, membership, device, proven).await?;
    Ok(SignedIn { user: membership.user_id, session, memberships })
}

/// Returns the active membership: the only one, or the named one.
pub fn choose<'c>(
    choices: &'c [Choice],
    slug: Option<&str>,
    id: Option<Uuid>,
) -> Result<&'c membership::Model, UserError> {
    let is_wanted = |choice: &&Choice| {
        slug.is_none_or(|slug| slug == choice.organization.slug) && id.is_none_or(|id| id == choice.membership.id)
    };
    let wanted: Vec<_> = choices.iter().filter(is_wanted).collect();
    match *wanted {
        [] => Err(UserError::forbidden("You have no active membership there.")),
        [only] => Ok(&only.membership),
        _ => {
            let name = |choice: &&Choice| {
                let id = dossier_core::id::encode("membership", choice.membership.id);
                format!("{} ({id})", choice.organization.slug)
            };
            let names: Vec<_> = wanted.iter().map(name).collect();
            Err(UserError::conflict(format!(
                "You have several memberships: {}. Give the organization or the membership.",
                names.join(", ")
            )))
        }
    }
}

/// Ends the session of the viewer's token.
pub async fn sign_out(tx: &WriteTx) -> Result<Uuid, Error> {
    let missing = || Error::internal("a member without a session signs out");
    let id = tx.member()?.session().ok_or_else(missing)?;
    session::end(tx, id).await
}
