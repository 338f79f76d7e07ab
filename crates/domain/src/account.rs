//! The account of a person: their password, name and language.

use crate::{
    audit, check, factor, links,
    mail::SendMail,
    password,
    session::{self, Choice},
};
use dossier_core::{
    credentials::Credentials,
    error::{Error, UserError},
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::{Database, Sealer, WriteTx};
use entities::{
    audit_entry::{Action, Refusal},
    user::{Entity, Model},
};
use uuid::Uuid;

/// Checks and hashes a new password. `known` are words that others know about its person.
pub async fn hash_password(field: &str, password: String, known: Vec<String>) -> Result<String, Error> {
    if !password::has_valid_length(&password) {
        let (least, most) = (password::MIN_LENGTH, password::MAX_LENGTH);
        return Err(UserError::invalid(field, format!("must have {least} to {most} characters")).into());
    }
    if !password::is_strong(password.clone(), known).await? {
        return Err(UserError::invalid(
            field,
            "is too easy to guess: avoid common passwords, names and simple patterns",
        )
        .into());
    }
    password::hash(password).await
}

/// Returns the words that others know about a person.
fn known_words(user: &Model) -> Vec<String> {
    vec![user.email.clone(), user.display_name.clone(), "Dossier".to_owned()]
}

/// Stores the hash of a password of an account that the transaction has locked.
pub(crate) async fn store_password(tx: &WriteTx, before: &Model, hash: String) -> Result<Model, Error> {
    tx.update_without_event(before, Model { password_hash: Some(hash), ..before.clone() }).await
}

/// Returns the account as it is now. Fails if the password has changed since the account was read. It locks the account,
/// so that whoever changes the password or the factor later also ends the session that begins now.
pub(crate) async fn require_same_password(tx: &WriteTx, read: &Model) -> Result<Model, Error> {
    let now = tx.visible::<Entity>(read.id, "email").await?;
    if now.password_hash == read.password_hash {
        return Ok(now);
    }
    Err(UserError::conflict("The password was just changed. Try again.").into())
}

/// Sets a person's password, and ends all their sessions except one. The person does this, or the operator for them.
pub async fn set_password(tx: &WriteTx, user: Uuid, hash: String, except: Option<Uuid>) -> Result<Uuid, Error> {
    replace_password(tx, user, hash, except).await?;
    let (name, choices) = (audit::name_of(tx, user).await?, session::choices(tx).await?);
    session::record_in_each(tx, &choices, Action::PasswordChanged, |record, _| record.named(&name));
    Ok(user)
}

async fn replace_password(tx: &WriteTx, user: Uuid, hash: String, except: Option<Uuid>) -> Result<(), Error> {
    let before = tx.visible::<Entity>(user, "email").await?;
    store_password(tx, &before, hash).await?;
    session::end_of_person(tx, user, except).await.map(drop)
}

/// Changes the password of the person who has signed in, and ends their other sessions. People with a second factor need a
/// recent proof, because a password could have been watched.
pub async fn change_password(
    database: &Database,
    credentials: &Credentials,
    present: String,
    new: String,
) -> Result<Uuid, Error> {
    let tx = database.read(credentials).await?;
    let member = session::unlimited_member(&tx)?;
    let (user, session) = (member.user, member.session());
    let account = tx.get::<Entity>(user).await?.ok_or_else(|| Error::internal("a member without an account"))?;
    drop(tx);
    if !password::verify(present, account.password_hash.clone()).await?.is_right {
        session::record_proof_refusal(database, credentials, Refusal::WrongPassword).await?;
        return Err(UserError::forbidden("The current password is wrong.").into());
    }
    let hash = hash_password("new_password", new, known_words(&account)).await?;
    // A member sees only the membership in which they act.
    let choices = session::choices(&database.read_as(Viewer::SigningIn { user }).await?).await?;
    let tx = database.write(credentials).await?;
    tx.member()?;
    if factor::is_enrolled(&account) {
        session::require_recent_proof(&tx).await?;
    }
    replace_password(&tx, user, hash, session).await?;
    let name = &account.display_name;
    session::record_in_each(&tx, &choices, Action::PasswordChanged, |record, _| record.named(name));
    tx.enqueue_job(&SendMail::PasswordChanged { user }).await?;
    tx.commit().await?;
    Ok(user)
}

/// Sends a person the link of a password reset, if the address has an account with an active membership. The answer
/// does not say whether it has.
pub async fn request_reset(database: &Database, email: &str) -> Result<(), Error> {
    let email = check::email("email", email)?;
    let account = database.account(&email).await?;
    let user = account.map_or(Uuid::nil(), |account| account.id);
    let tx = database.write_as(Viewer::SigningIn { user }).await?;
    let choices = session::choices(&tx).await?;
    drop(tx);
    let Some(Choice { organization, .. }) = choices.first() else { return Ok(()) };
    let tx = database.write_as(Viewer::system(organization.id, SystemPurpose::Identity)).await?;
    tx.enqueue_job(&SendMail::PasswordReset { user }).await?;
    tx.commit().await
}

/// Sets a new password with the token of a link, and ends all sessions of the person.
pub async fn reset_password(database: &Database, sealer: &Sealer, token: &str, new: String) -> Result<Uuid, Error> {
    let invalid = || UserError::invalid("token", "is not valid any more; request another password reset");
    let link = links::open_reset(sealer, token).ok_or_else(invalid)?;
    let tx = database.read_as(Viewer::SigningIn { user: link.user }).await?;
    let account = tx.get::<Entity>(link.user).await?.filter(|user| link.is_valid(user, tx.now)).ok_or_else(invalid)?;
    drop(tx);
    let hash = hash_password("new_password", new, known_words(&account)).await?;
    let tx = database.write_as(Viewer::SigningIn { user: link.user }).await?;
    let locked = tx.visible::<Entity>(link.user, "token").await?;
    if !link.is_valid(&locked, tx.now) {
        return Err(invalid().into());
    }
    replace_password(&tx, link.user, hash, None).await?;
    let (name, choices) = (&account.display_name, session::choices(&tx).await?);
    session::record_in_each(&tx, &choices, Action::PasswordReset, |record, choice| {
        record.by(audit::author(&choice.membership, name, None)).named(name)
    });
    tx.commit().await?;
    if let Some(Choice { organization, .. }) = choices.first() {
        let tx = database.write_as(Viewer::system(organization.id, SystemPurpose::Identity)).await?;
        tx.enqueue_job(&SendMail::PasswordChanged { user: link.user }).await?;
        tx.commit().await?;
    }
    Ok(link.user)
}

/// Changes the name and the language of the person who has signed in. `None` leaves a property as it is.
pub async fn update_profile(
    tx: &WriteTx,
    display_name: Option<String>,
    locale: Option<Option<String>>,
) -> Result<Uuid, Error> {
    let member = session::unlimited_member(tx)?;
    let before = tx.visible::<Entity>(member.user, "id").await?;
    let mut after = before.clone();
    if let Some(name) = display_name {
        after.display_name = check::line("display_name", &name, check::NAME)?;
    }
    if let Some(locale) = locale {
        after.locale = locale.map(|locale| check::locale("locale", &locale)).transpose()?;
    }
    tx.update_without_event(&before, after).await?;
    Ok(member.membership)
}
