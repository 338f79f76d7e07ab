//! The acceptance of an invitation: whoever holds its link and the account of its address joins.

use crate::{
    account,
    challenge::{self, Destination},
    check, factor,
    invitation_link::{self, Joining, Preview},
    password,
    session::{self, Device},
    sign_in::{self, ProvenBy, SignInResult},
};
use dossier_core::{
    error::{Error, UserError, UserErrorCode},
    viewer::Viewer,
};
use dossier_data::{Database, Sealer};
use entities::{audit_entry::Refusal, invitation, organization, user};
use uuid::Uuid;

/// The input for accepting an invitation.
pub struct Acceptance {
    /// The token of the link.
    pub token: String,
    /// The password of the account, or of the new account. People who are signed in with the account need none.
    pub password: Option<String>,
    /// The name for a new account.
    pub display_name: Option<String>,
    /// The language for a new account.
    pub locale: Option<String>,
    /// The device.
    pub device: Device,
}

/// Joins the organization, and opens a session. If the person has a second factor and sends a password, it returns a
/// challenge instead, and they join when they answer it. `signed_in` is the person who is signed in.
pub async fn accept(
    database: &Database,
    sealer: &Sealer,
    input: Acceptance,
    signed_in: Option<Uuid>,
) -> Result<SignInResult, Error> {
    let Preview { row, organization, .. } = invitation_link::preview(database, sealer, &input.token).await?;
    let link = invitation_link::open(sealer, &input.token)?;
    let account = database.account(&row.email).await?;
    let is_signed_in = account.as_ref().is_some_and(|account| Some(account.id) == signed_in);
    let first_password = match prove(account.as_ref(), &row, &organization, &input, signed_in).await {
        Err(Error::User(refused)) if refused.code == UserErrorCode::Forbidden => {
            if let Some(account) = &account {
                sign_in::record_sign_in_refusal(database, account, &input.device, Refusal::WrongPassword).await?;
            }
            return Err(refused.into());
        }
        other => other?,
    };
    if let Some(account) = account.as_ref().filter(|account| !is_signed_in && factor::is_enrolled(account)) {
        let tx = database.write_as(Viewer::SigningIn { user: account.id }).await?;
        let account = account::require_same_password(&tx, account).await?;
        let destination = Destination::Invitation(link);
        let challenge = challenge::seal(sealer, &account, destination, input.device, None, tx.now)?;
        return Ok(SignInResult::Challenge(challenge));
    }
    let joining = match (&account, first_password) {
        (Some(account), first_password) => Joining::Account { account, first_password },
        (None, Some(password)) => {
            let (display_name, locale) = (input.display_name.as_deref(), input.locale.as_deref());
            Joining::NewAccount { display_name, locale, password }
        }
        (None, None) => return Err(Error::internal("a new account without a password")),
    };
    let (user, membership) = invitation_link::join(database, &link, joining).await?;
    let tx = database.write_as(Viewer::SigningIn { user }).await?;
    let memberships = session::choices(&tx).await?;
    let chosen = sign_in::choose(&memberships, None, Some(membership))?.clone();
    let result = if is_signed_in {
        sign_in::open_session(&tx, &chosen, input.device, memberships, None, None).await?.into()
    } else {
        let account = tx.visible::<user::Entity>(user, "email").await?;
        sign_in::open_or_challenge(&tx, sealer, &account, &chosen, input.device, memberships, ProvenBy::Password)
            .await?
    };
    tx.commit().await?;
    Ok(result)
}

/// Fails unless the caller may use the account of the address. Returns the hash of its first password, if it had none:
/// the link proves that the address is theirs.
async fn prove(
    account: Option<&user::Model>,
    invitation: &invitation::Model,
    organization: &organization::Model,
    input: &Acceptance,
    signed_in: Option<Uuid>,
) -> Result<Option<String>, Error> {
    if account.is_some_and(|account| Some(account.id) == signed_in) {
        return Ok(None);
    }
    let missing = || UserError::invalid("password", "is required");
    let password = input.password.clone().ok_or_else(missing)?;
    if let Some(hash) = account.and_then(|account| account.password_hash.clone()) {
        if password::verify(password, Some(hash)).await?.is_right {
            return Ok(None);
        }
        return Err(UserError::forbidden("The password of your account is wrong.").into());
    }
    if account.is_some_and(factor::is_enrolled) {
        return Err(UserError::conflict("Sign in to your account first. Then open the link again.").into());
    }
    let name = input.display_name.clone().or_else(|| invitation.display_name.clone());
    if account.is_none() {
        check::line("display_name", name.as_deref().unwrap_or_default(), check::NAME)?;
    }
    let known = [name.unwrap_or_default(), invitation.email.clone(), organization.name.clone()];
    account::hash_password("password", password, known.into()).await.map(Some)
}
