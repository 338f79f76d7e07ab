//! Sign-in: checks a password and opens a session.

use crate::{
    account,
    challenge::{self, Destination, FactorChallenge},
    external_identity, factor,
    invitation_link::{self, Joining},
    password,
    session::{self, Choice, Device, ExternalOrigin, SignedIn},
};
use chrono::{DateTime, Utc};
use dossier_core::{
    error::{Error, UserError, UserErrorCode},
    viewer::Viewer,
};
use dossier_data::{Database, Sealer, WriteTx};
use entities::{
    audit_entry::{Action, Refusal},
    membership, user,
};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

/// How long a refusal takes after the password was checked. It covers the time of recording the refusal, which would
/// otherwise tell that an address has an account.
const REFUSAL_TAKES: Duration = Duration::from_millis(100);

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

/// The result of a sign-in.
pub enum SignInResult {
    /// A session.
    Session(Box<SignedIn>),
    /// A challenge, because the person has a second factor.
    Challenge(FactorChallenge),
}

impl From<SignedIn> for SignInResult {
    fn from(signed: SignedIn) -> Self {
        Self::Session(signed.into())
    }
}

/// Returns the name of the account, which is its address.
pub fn account_name(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Checks the password. Opens a session for one membership, or returns a challenge if the person has a second factor.
pub async fn sign_in(database: &Database, sealer: &Sealer, input: SignIn) -> Result<SignInResult, Error> {
    let found = database.account(&account_name(&input.email)).await?;
    let hash = found.as_ref().and_then(|user| user.password_hash.clone());
    let verified = password::verify(input.password, hash).await?;
    let user = match found {
        Some(user) if verified.is_right => user,
        found => {
            let until = Instant::now() + REFUSAL_TAKES;
            if let Some(user) = found {
                record_sign_in_refusal(database, &user, &input.device, Refusal::WrongPassword).await?;
            }
            sleep_until(until).await;
            return Err(UserError::forbidden("The email address or the password is wrong.").into());
        }
    };
    let tx = database.write_as(Viewer::SigningIn { user: user.id }).await?;
    let user = account::require_same_password(&tx, &user).await?;
    let memberships = session::choices(&tx).await?;
    let chosen = match choose(&memberships, input.organization.as_deref(), input.membership) {
        Ok(chosen) => chosen.clone(),
        Err(refused) => {
            if refused.code == UserErrorCode::Forbidden {
                record_refusal(&tx, &user, &memberships, &input.device, Refusal::NoMembership);
                tx.commit().await?;
            }
            return Err(refused.into());
        }
    };
    let user = match verified.rehashed {
        Some(hash) => account::store_password(&tx, &user, hash).await?,
        None => user,
    };
    let result = open_or_challenge(&tx, sealer, &user, &chosen, input.device, memberships, ProvenBy::Password).await?;
    tx.commit().await?;
    Ok(result)
}

/// The proof with which a person signs in.
pub(crate) enum ProvenBy {
    /// A password, just now.
    Password,
    /// A sign-in at an identity provider, at which the person proved who they are at a time, as far as it is known.
    Provider(ExternalOrigin, Option<DateTime<Utc>>),
}

/// Opens a session for a person who has proved who they are, or returns a challenge if they have a second factor. The
/// transaction has locked their account.
pub(crate) async fn open_or_challenge(
    tx: &WriteTx,
    sealer: &Sealer,
    user: &user::Model,
    membership: &membership::Model,
    device: Device,
    memberships: Vec<Choice>,
    proven_by: ProvenBy,
) -> Result<SignInResult, Error> {
    let (external, proven_at) = match proven_by {
        ProvenBy::Password => (None, Some(tx.now)),
        ProvenBy::Provider(external, proven_at) => (Some(external), proven_at),
    };
    if factor::is_enrolled(user) {
        let destination = Destination::Membership(membership.id);
        return challenge::seal(sealer, user, destination, device, external, tx.now).map(SignInResult::Challenge);
    }
    open_session(tx, membership, device, memberships, proven_at, external).await.map(Into::into)
}

/// Opens the session of a challenge with a code of the second factor.
pub async fn complete(database: &Database, sealer: &Sealer, token: &str, code: &str) -> Result<SignedIn, Error> {
    let challenge = challenge::open(sealer, token).ok_or_else(challenge::invalid)?;
    let tx = database.write_as(Viewer::SigningIn { user: challenge.user }).await?;
    let account = tx.visible::<user::Entity>(challenge.user, "challenge").await?;
    if !challenge.is_valid(&account, tx.now) {
        return Err(challenge::invalid().into());
    }
    let used = Box::pin(factor::use_code(tx, sealer, account.clone(), code)).await;
    if let Err(Error::User(_)) = &used {
        record_sign_in_refusal(database, &account, &challenge.device(), Refusal::WrongCode).await?;
    }
    let (tx, _) = used?;
    if let Some(external) = challenge.external {
        external_identity::require_linked(&tx, external.identity).await?;
    }
    let device = challenge.device();
    let (tx, membership) = reach(database, tx, &account, challenge.destination).await?;
    let memberships = session::choices(&tx).await?;
    let chosen = choose(&memberships, None, Some(membership))?.clone();
    let proven_at = Some(tx.now);
    let signed = open_session(&tx, &chosen, device, memberships, proven_at, challenge.external).await?;
    tx.commit().await?;
    Ok(signed)
}

/// Returns the membership to which an answered challenge leads. The person joins if it is an invitation. This commits the
/// use of the factor first, and begins another transaction.
pub(crate) async fn reach(
    database: &Database,
    tx: WriteTx,
    account: &user::Model,
    destination: Destination,
) -> Result<(WriteTx, Uuid), Error> {
    let link = match destination {
        Destination::Membership(id) => return Ok((tx, id)),
        Destination::Invitation(link) => link,
    };
    tx.commit().await?;
    let joined = invitation_link::join(database, &link, Joining::Account { account, first_password: None }).await;
    let (user, membership) = joined.map_err(|error| match error {
        // Its field belongs to the input of `acceptInvitation`.
        Error::User(UserError { field: Some(_), .. }) => {
            UserError::conflict("The invitation is not valid any more. Use the link of the newest mail.").into()
        }
        other => other,
    })?;
    Ok((database.write_as(Viewer::SigningIn { user }).await?, membership))
}

/// Records that a sign-in to an account was refused.
pub(crate) async fn record_sign_in_refusal(
    database: &Database,
    user: &user::Model,
    device: &Device,
    refusal: Refusal,
) -> Result<(), Error> {
    let tx = database.write_as(Viewer::SigningIn { user: user.id }).await?;
    let memberships = session::choices(&tx).await?;
    record_refusal(&tx, user, &memberships, device, refusal);
    tx.commit().await
}

pub(crate) fn record_refusal(
    tx: &WriteTx,
    user: &user::Model,
    memberships: &[Choice],
    device: &Device,
    refusal: Refusal,
) {
    session::record_in_each(tx, memberships, Action::SignInRefused, |record, _| {
        let record = record.named(&user.display_name).from_device(device.network.clone(), device.name.clone());
        record.refused(refusal)
    });
}

/// Opens a session of one of the memberships.
pub(crate) async fn open_session(
    tx: &WriteTx,
    membership: &membership::Model,
    device: Device,
    memberships: Vec<Choice>,
    proven_at: Option<DateTime<Utc>>,
    external: Option<ExternalOrigin>,
) -> Result<SignedIn, Error> {
    let session = session::open(tx, membership, device, proven_at, external).await?;
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
