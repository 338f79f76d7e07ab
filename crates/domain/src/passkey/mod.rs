//! Passkeys (`WebAuthn`): people sign in with a key of their device, which checks their finger, face or PIN. A passkey is a
//! second factor, and also signs in alone.

mod attempt;
mod relying_party;
mod stored;

pub use attempt::Begun;
pub use relying_party::RelyingParty;
pub use stored::{Passkey, list};

use crate::{
    challenge, check, external_identity,
    factor::{self, Added},
    session::{self, Device, SignedIn},
    sign_in::{self, record_sign_in_refusal},
};
use attempt::{Authentication, Registration};
use chrono::{DateTime, Utc};
use dossier_core::{
    credentials::Credentials,
    error::{Error, UserError},
    viewer::Viewer,
};
use dossier_data::{Database, ReadTx, Sealer, WriteTx};
use entities::{
    audit_entry::Refusal,
    user::{Column, Entity, Model},
};
use sea_orm::ColumnTrait;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use webauthn_rs::prelude::{DiscoverableKey, PublicKeyCredential, RegisterPublicKeyCredential, Webauthn};
use webauthn_rs_proto::{AllowCredentials, ResidentKeyRequirement};

/// The number of passkeys that a person can have.
const MOST: usize = 20;

/// The longest name in characters.
const NAME_LENGTH: usize = 100;

/// A new passkey.
pub struct NewPasskey {
    /// The attempt.
    pub attempt: String,
    /// The answer of `navigator.credentials.create`, as JSON.
    pub credential: String,
    /// The name.
    pub name: String,
}

/// The use of a passkey.
pub struct Assertion {
    /// The attempt.
    pub attempt: String,
    /// The answer of `navigator.credentials.get`, as JSON.
    pub credential: String,
}

/// The input of a sign-in with a passkey.
pub struct PasskeySignIn {
    /// The passkey.
    pub assertion: Assertion,
    /// The organization's slug, for people who belong to several.
    pub organization: Option<String>,
    /// The membership, for people who have several in the organization.
    pub membership: Option<Uuid>,
    /// The device.
    pub device: Device,
}

/// Begins to add a passkey.
pub async fn begin_registration(tx: &ReadTx, sealer: &Sealer, party: &RelyingParty) -> Result<Begun, Error> {
    let webauthn = party.webauthn()?;
    let member = session::unlimited_member(tx)?;
    session::require_recent_proof(tx).await?;
    let account = own_account(tx, member.user).await?;
    let passkeys = list(&account)?;
    require_room(&passkeys)?;
    let known = passkeys.iter().map(|passkey| passkey.credential.cred_id().clone()).collect();
    let (name, display_name) = (&account.email, &account.display_name);
    let started = webauthn.start_passkey_registration(member.user, name, display_name, Some(known));
    let (mut options, state) = started.map_err(Error::internal)?;
    // Only discoverable passkeys sign in without an address.
    if let Some(selection) = &mut options.public_key.authenticator_selection {
        selection.resident_key = Some(ResidentKeyRequirement::Preferred);
    }
    Registration::new(member.user, member.session(), state, tx.now).begin(sealer, &options.public_key)
}

/// Adds a passkey, and returns its id. All other sessions of the person end. If it is their first factor, they get
/// recovery codes.
pub async fn add(
    tx: &WriteTx,
    sealer: &Sealer,
    party: &RelyingParty,
    input: NewPasskey,
) -> Result<(Uuid, Added), Error> {
    let webauthn = party.webauthn()?;
    let member = session::unlimited_member(tx)?;
    let (user, current) = (member.user, member.session());
    session::require_recent_proof(tx).await?;
    let name = check::line("name", &input.name, NAME_LENGTH)?;
    let attempt = Registration::open(sealer, &input.attempt, tx.now)?;
    if (attempt.user, attempt.session) != (user, current) {
        return Err(attempt::invalid().into());
    }
    let response: RegisterPublicKeyCredential = parse(&input.credential)?;
    let before = tx.visible::<Entity>(user, "id").await?;
    let mut passkeys = list(&before)?;
    require_room(&passkeys)?;
    let credential = webauthn.finish_passkey_registration(&response, &attempt.state).map_err(|_| refused())?;
    if passkeys.iter().any(|passkey| passkey.has_credential(credential.cred_id())) {
        return Err(UserError::invalid("credential", "was added before").into());
    }
    let id = tx.new_id();
    passkeys.push(Passkey { id, name, created_at: tx.now, last_used_at: None, last_attempt_at: None, credential });
    let added = factor::add(tx, &before, stored::with(&before, &passkeys)?, current).await?;
    Ok((id, added))
}

/// Renames a passkey of the person.
pub async fn rename(tx: &WriteTx, id: Uuid, name: &str) -> Result<Uuid, Error> {
    let user = session::unlimited_member(tx)?.user;
    let name = check::line("name", name, NAME_LENGTH)?;
    let before = tx.visible::<Entity>(user, "id").await?;
    let mut passkeys = list(&before)?;
    let passkey = passkeys.iter_mut().find(|passkey| passkey.id == id).ok_or_else(|| UserError::not_found("id"))?;
    passkey.name = name;
    tx.update_without_event(&before, stored::with(&before, &passkeys)?).await?;
    Ok(id)
}

/// Removes a passkey of the person. All their other sessions end.
pub async fn remove(tx: &WriteTx, id: Uuid) -> Result<Uuid, Error> {
    let member = session::unlimited_member(tx)?;
    session::require_recent_proof(tx).await?;
    let before = tx.visible::<Entity>(member.user, "id").await?;
    let mut passkeys = list(&before)?;
    let count = passkeys.len();
    passkeys.retain(|passkey| passkey.id != id);
    if passkeys.len() == count {
        return Err(UserError::not_found("id").into());
    }
    factor::remove_from(tx, &before, stored::with(&before, &passkeys)?).await?;
    Ok(id)
}

fn require_room(passkeys: &[Passkey]) -> Result<(), UserError> {
    if passkeys.len() < MOST {
        return Ok(());
    }
    Err(UserError::conflict(format!("You have {MOST} passkeys already. Remove one first.")))
}

/// Begins to authenticate with a passkey: that of the challenge's person or of the viewer, or of anybody who signs in.
pub async fn begin_authentication(
    database: &Database,
    credentials: &Credentials,
    sealer: &Sealer,
    party: &RelyingParty,
    token: Option<&str>,
) -> Result<Begun, Error> {
    let webauthn = party.webauthn()?;
    let now = database.clock.now();
    let challenge = token.map(|token| challenge::open(sealer, token).ok_or_else(challenge::invalid)).transpose()?;
    let account = match &challenge {
        Some(challenge) => {
            let tx = database.read_as(Viewer::SigningIn { user: challenge.user }).await?;
            let account = tx.get::<Entity>(challenge.user).await?;
            Some(account.filter(|account| challenge.is_valid(account, now)).ok_or_else(challenge::invalid)?)
        }
        None if credentials.is_anonymous() => None,
        None => {
            let tx = database.read(credentials).await?;
            Some(own_account(&tx, session::unlimited_member(&tx)?.user).await?)
        }
    };
    let (mut options, state) = webauthn.start_discoverable_authentication().map_err(Error::internal)?;
    if let Some(account) = &account {
        options.public_key.allow_credentials = list(account)?.iter().map(allowed).collect();
        if options.public_key.allow_credentials.is_empty() {
            return Err(UserError::conflict("You have no passkey.").into());
        }
    }
    let attempt = Authentication { user: account.map(|account| account.id), challenge, state, begun_at: now };
    attempt.begin(sealer, &options.public_key)
}

fn allowed(passkey: &Passkey) -> AllowCredentials {
    let id = passkey.credential.cred_id().clone();
    AllowCredentials { type_: "public-key".to_owned(), id, transports: None }
}

/// Opens a session with a passkey.
pub async fn sign_in(
    database: &Database,
    sealer: &Sealer,
    party: &RelyingParty,
    input: PasskeySignIn,
) -> Result<SignedIn, Error> {
    let PasskeySignIn { assertion, organization, membership, device } = input;
    let webauthn = party.webauthn()?;
    let mut attempt = Authentication::open(sealer, &assertion.attempt, database.clock.now())?;
    let response: PublicKeyCredential = parse(&assertion.credential)?;
    let handle = || response.get_user_unique_id().and_then(|handle| Uuid::from_slice(handle).ok());
    let user = attempt.user.or_else(handle).ok_or_else(refused)?;
    let tx = database.write_as(Viewer::SigningIn { user }).await?;
    let account = tx.find::<Entity>().filter(Column::Id.eq(user)).for_update().one().await?.ok_or_else(refused)?;
    if attempt.challenge.as_ref().is_some_and(|challenge| !challenge.is_valid(&account, tx.now)) {
        return Err(attempt::invalid().into());
    }
    let (external, destination) = match attempt.challenge.take() {
        Some(challenge) => (challenge.external, Some(challenge.destination)),
        None => (None, None),
    };
    match use_passkey(webauthn, &account, attempt, &response, tx.now) {
        Ok(after) => tx.update_without_event(&account, after).await?,
        Err(error) => {
            drop(tx);
            if list(&account)?.iter().any(|passkey| passkey.has_credential(response.get_credential_id())) {
                record_sign_in_refusal(database, &account, &device, Refusal::WrongPasskey).await?;
            }
            return Err(error);
        }
    };
    if let Some(external) = external {
        external_identity::require_linked(&tx, external.identity).await?;
    }
    let (tx, reached) = match destination {
        Some(destination) => {
            let (tx, reached) = sign_in::reach(database, tx, &account, destination).await?;
            (tx, Some(reached))
        }
        None => (tx, None),
    };
    let memberships = session::choices(&tx).await?;
    let chosen = sign_in::choose(&memberships, organization.as_deref(), membership.or(reached))?.clone();
    let proven_at = Some(tx.now);
    let signed = sign_in::open_session(&tx, &chosen, device, memberships, proven_at, external).await?;
    tx.commit().await?;
    Ok(signed)
}

/// Proves that the person of an account, which this transaction has locked, has one of their passkeys.
pub(crate) async fn prove(
    tx: &WriteTx,
    sealer: &Sealer,
    party: &RelyingParty,
    account: &Model,
    assertion: &Assertion,
) -> Result<(), Error> {
    let webauthn = party.webauthn()?;
    let attempt = Authentication::open(sealer, &assertion.attempt, tx.now)?;
    let response: PublicKeyCredential = parse(&assertion.credential)?;
    let after = use_passkey(webauthn, account, attempt, &response, tx.now)?;
    tx.update_without_event(account, after).await.map(drop)
}

/// Verifies the use of a passkey. Returns the account after it.
///
/// An attempt works once: it must have begun later than the last one that used the passkey.
fn use_passkey(
    webauthn: &Webauthn,
    account: &Model,
    attempt: Authentication,
    response: &PublicKeyCredential,
    now: DateTime<Utc>,
) -> Result<Model, Error> {
    let mut passkeys = list(account)?;
    let used = passkeys.iter_mut().find(|passkey| passkey.has_credential(response.get_credential_id()));
    let passkey = used.ok_or_else(refused)?;
    if passkey.last_attempt_at.is_some_and(|last| attempt.begun_at <= last) {
        return Err(attempt::invalid().into());
    }
    let key = DiscoverableKey::from(&passkey.credential);
    let result = webauthn.finish_discoverable_authentication_v2(response, attempt.state, &key);
    passkey.credential.update_credential(&result.map_err(|_| refused())?);
    passkey.last_used_at = Some(now);
    passkey.last_attempt_at = Some(attempt.begun_at);
    stored::with(account, &passkeys)
}

async fn own_account(tx: &ReadTx, user: Uuid) -> Result<Model, Error> {
    tx.get::<Entity>(user).await?.ok_or_else(|| Error::internal("a member without an account"))
}

/// Parses the answer of a browser.
fn parse<T: DeserializeOwned>(credential: &str) -> Result<T, UserError> {
    serde_json::from_str(credential).map_err(|_| UserError::invalid("credential", "is not the JSON of a credential"))
}

/// The error for a passkey that is unknown or was not used rightly. It does not say which.
fn refused() -> UserError {
    UserError::forbidden("This passkey was not accepted.")
}
