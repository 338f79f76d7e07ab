//! The second factors of a person: codes of an authenticator app, passkeys, and recovery codes.
//!
//! Each use locks the account, so that no code works twice, also if several processes receive it at once.

use crate::{
    audit,
    mail::SendMail,
    recovery,
    session::{self, Choice},
    totp::{self, Enrollment},
};
use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::{
    credentials::Credentials,
    error::{Error, UserError},
    hex::sha256,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::{AuditRecord, Database, Sealer, WriteTx};
use dossier_policy::MemberAction;
use entities::{
    audit_entry::Action,
    membership,
    user::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, sea_query::Order};
use uuid::Uuid;

pub use crate::recovery::count as count_recovery_codes;

/// The number of wrong codes after which a person must wait before the next one.
const FREE_CODES: i32 = 5;

/// The first wait. Each further wrong code doubles it.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(30);

/// The longest wait. A guesser tries at most 24 codes a day, of a million.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);

/// The number of accounts that are read at once.
const BATCH: u64 = 500;

/// The first factor of a person brings recovery codes.
pub struct Added {
    /// The new recovery codes. Empty if the person has some already.
    pub recovery_codes: Vec<String>,
}

/// Returns whether a person has a second factor.
pub fn is_enrolled(user: &Model) -> bool {
    has_app(user) || user.passkeys.is_some()
}

/// Returns whether a person has an authenticator app.
pub fn has_app(user: &Model) -> bool {
    user.totp_confirmed_at.is_some()
}

/// Begins to enroll an authenticator app. It becomes a factor when a code of it is confirmed.
pub async fn enroll(tx: &WriteTx, sealer: &Sealer) -> Result<Enrollment, Error> {
    let user = session::unlimited_member(tx)?.user;
    session::require_recent_proof(tx).await?;
    let before = tx.visible::<Entity>(user, "id").await?;
    if has_app(&before) {
        return Err(UserError::conflict("You have an authenticator app already. Remove it first.").into());
    }
    let (secret, enrollment) = totp::generate(sealer, user, &before.email)?;
    let after = Model { totp_secret: Some(secret), totp_step: None, ..before.clone() };
    tx.update_without_event(&before, after).await?;
    Ok(enrollment)
}

/// Confirms the authenticator app with its first code. All other sessions of the person end.
pub async fn confirm(
    database: &Database,
    credentials: &Credentials,
    sealer: &Sealer,
    code: &str,
) -> Result<Added, Error> {
    let tx = database.write(credentials).await?;
    let member = session::unlimited_member(&tx)?;
    let (user, current) = (member.user, member.session());
    session::require_recent_proof(&tx).await?;
    let account = tx.visible::<Entity>(user, "id").await?;
    if has_app(&account) || account.totp_secret.is_none() {
        return Err(UserError::conflict("There is no authenticator app to confirm. Begin the enrollment first.").into());
    }
    require_waited(&account, tx.now)?;
    let Some(confirmed) = use_app_code(sealer, &account, code.trim(), tx.now)? else {
        return Err(refuse(tx, account, code.trim()).await?);
    };
    let before = tx.update_without_event(&account, with_right_code(confirmed)).await?;
    let after = Model { totp_confirmed_at: Some(tx.now), ..before.clone() };
    let added = add(&tx, &before, after, current).await?;
    session::prove(&tx).await?;
    tx.commit().await?;
    Ok(added)
}

/// Stores the account with a new factor, and ends the other sessions of the person. The first factor brings recovery codes.
pub(crate) async fn add(tx: &WriteTx, before: &Model, after: Model, current: Option<Uuid>) -> Result<Added, Error> {
    let (recovery_codes, after) = if after.recovery_codes.is_some() {
        (Vec::new(), after)
    } else {
        let (codes, hashes) = recovery::generate()?;
        (codes, Model { recovery_codes: Some(hashes), ..after })
    };
    tx.update_without_event(before, after).await?;
    session::end_of_person(tx, before.id, current).await?;
    record(tx, Action::FactorAdded)?;
    tx.enqueue_job(&SendMail::FactorAdded { user: before.id }).await?;
    Ok(Added { recovery_codes })
}

/// Replaces the recovery codes of the person.
pub async fn regenerate_recovery_codes(tx: &WriteTx) -> Result<Vec<String>, Error> {
    let user = session::unlimited_member(tx)?.user;
    session::require_recent_proof(tx).await?;
    let before = tx.visible::<Entity>(user, "id").await?;
    require_enrolled(&before)?;
    let (codes, hashes) = recovery::generate()?;
    tx.update_without_event(&before, Model { recovery_codes: Some(hashes), ..before.clone() }).await?;
    Ok(codes)
}

fn require_enrolled(user: &Model) -> Result<(), UserError> {
    if is_enrolled(user) { Ok(()) } else { Err(UserError::conflict("There is no second factor.")) }
}

/// Removes the person's own authenticator app. All other sessions of the person end.
pub async fn remove_app(tx: &WriteTx) -> Result<Uuid, Error> {
    let member = session::unlimited_member(tx)?;
    session::require_recent_proof(tx).await?;
    let before = tx.visible::<Entity>(member.user, "id").await?;
    if !has_app(&before) {
        return Err(UserError::conflict("You have no authenticator app.").into());
    }
    let after = Model { totp_secret: None, totp_confirmed_at: None, totp_step: None, ..before.clone() };
    remove_from(tx, &before, after).await?;
    Ok(member.membership)
}

/// Stores the account without one of its factors, and ends the other sessions of the person. Without any factor, the
/// recovery codes are removed, too.
pub(crate) async fn remove_from(tx: &WriteTx, before: &Model, after: Model) -> Result<(), Error> {
    let after = if is_enrolled(&after) { after } else { without_factors(after) };
    tx.update_without_event(before, after).await?;
    session::end_of_person(tx, before.id, tx.member()?.session()).await?;
    record(tx, Action::FactorRemoved)?;
    tx.enqueue_job(&SendMail::FactorRemoved { user: before.id }).await.map(drop)
}

/// Records an action of the viewer on their own factor, in the organization in which they act.
fn record(tx: &WriteTx, action: Action) -> Result<(), Error> {
    let member = tx.member()?;
    tx.audit(AuditRecord::new(action, member.membership).named(&member.display_name));
    Ok(())
}

async fn clear(tx: &WriteTx, user: Uuid) -> Result<(), Error> {
    let before = tx.visible::<Entity>(user, "id").await?;
    require_enrolled(&before)?;
    tx.update_without_event(&before, without_factors(before.clone())).await.map(drop)
}

fn without_factors(account: Model) -> Model {
    Model {
        totp_secret: None,
        totp_confirmed_at: None,
        totp_step: None,
        passkeys: None,
        recovery_codes: None,
        wrong_codes: 0,
        wrong_code_at: None,
        ..account
    }
}

/// Removes the factor of a member who has lost it. All sessions of the person end. Owners do this for people who belong to
/// no other organization.
pub async fn reset_of_member(database: &Database, credentials: &Credentials, id: Uuid) -> Result<Uuid, Error> {
    let tx = database.write(credentials).await?;
    tx.member()?;
    let member = tx.authorize::<membership::Entity>(id, "id", MemberAction::Manage).await?;
    session::require_recent_proof(&tx).await?;
    let (user, organization) = (member.user_id, member.organization_id);
    drop(tx);
    require_no_other_organization(database, user, organization).await?;
    reset(database, user, Some(organization)).await?;
    Ok(id)
}

/// Fails if a person belongs to another organization, too: its members rely on the factor as well.
async fn require_no_other_organization(database: &Database, user: Uuid, organization: Uuid) -> Result<(), Error> {
    let tx = database.read_as(Viewer::SigningIn { user }).await?;
    let elsewhere = tx.find::<membership::Entity>().filter(membership::Column::OrganizationId.ne(organization));
    if elsewhere.exists().await? {
        let message = "This person also belongs to another organization. Only the operator of the server can remove the \
                       second factor, with `dossier factor remove`.";
        return Err(UserError::forbidden(message).into());
    }
    Ok(())
}

/// Removes the factor of a person, ends all their sessions, and tells them by a mail of an organization: this one, or the
/// first of theirs.
pub async fn reset(database: &Database, user: Uuid, organization: Option<Uuid>) -> Result<(), Error> {
    let tx = database.write_as(Viewer::SigningIn { user }).await?;
    clear(&tx, user).await?;
    session::end_of_person(&tx, user, None).await?;
    let (name, choices) = (audit::name_of(&tx, user).await?, session::choices(&tx).await?);
    session::record_in_each(&tx, &choices, Action::FactorRemoved, |record, _| record.named(&name));
    tx.commit().await?;
    let first = || choices.first().map(|Choice { organization, .. }| organization.id);
    let Some(organization) = organization.or_else(first) else { return Ok(()) };
    let tx = database.write_as(Viewer::system(organization, SystemPurpose::Identity)).await?;
    tx.enqueue_job(&SendMail::FactorRemoved { user }).await?;
    tx.commit().await
}

/// Uses a code of an account that this transaction has locked. Returns the transaction and the account as it is now. A
/// wrong code is recorded, and the transaction ends.
///
/// Only wrong codes of the app make a person wait. A recovery code cannot be guessed, and always works, so that a guesser
/// cannot lock the person out.
pub(crate) async fn use_code(
    tx: WriteTx,
    sealer: &Sealer,
    account: Model,
    code: &str,
) -> Result<(WriteTx, Model), Error> {
    let code = code.trim();
    let used = if totp::is_code(code) {
        require_waited(&account, tx.now)?;
        if has_app(&account) { use_app_code(sealer, &account, code, tx.now)? } else { None }
    } else {
        use_recovery_code(&account, code)
    };
    let Some(used) = used else { return Err(refuse(tx, account, code).await?) };
    let after = tx.update_without_event(&account, with_right_code(used)).await?;
    Ok((tx, after))
}

fn with_right_code(account: Model) -> Model {
    Model { wrong_codes: 0, wrong_code_at: None, ..account }
}

/// Uses a code of the authenticator app, confirmed or not.
fn use_app_code(sealer: &Sealer, account: &Model, code: &str, now: DateTime<Utc>) -> Result<Option<Model>, Error> {
    let Some(secret) = &account.totp_secret else { return Ok(None) };
    let step = totp::step_of(sealer, account.id, secret, code, now)?;
    let unused = step.filter(|step| account.totp_step.is_none_or(|last| last < *step));
    Ok(unused.map(|step| Model { totp_step: Some(step), ..account.clone() }))
}

fn use_recovery_code(account: &Model, code: &str) -> Option<Model> {
    let remaining = recovery::without(account.recovery_codes.as_deref()?, code)?;
    Some(Model { recovery_codes: Some(remaining), ..account.clone() })
}

/// Records a wrong code, and returns the error for it.
async fn refuse(tx: WriteTx, account: Model, code: &str) -> Result<Error, Error> {
    if totp::is_code(code) {
        let wrong_codes = account.wrong_codes.saturating_add(1);
        let after = Model { wrong_codes, wrong_code_at: Some(tx.now), ..account.clone() };
        tx.update_without_event(&account, after).await?;
        tx.commit().await?;
    }
    Ok(UserError::invalid("code", "is wrong or was used before; enter the next code of your app").into())
}

/// Fails while the person must wait after too many wrong codes.
fn require_waited(account: &Model, now: DateTime<Utc>) -> Result<(), Error> {
    let until = account.wrong_code_at.map(|at| at + wait_after(account.wrong_codes));
    match until {
        Some(until) if now < until => {
            let retry_after = u64::try_from((until - now).num_seconds()).unwrap_or_default() + 1;
            Err(Error::WrongCodes { retry_after })
        }
        _ => Ok(()),
    }
}

/// Returns how long a person must wait after this number of wrong codes.
fn wait_after(wrong_codes: i32) -> TimeDelta {
    match u32::try_from(wrong_codes - FREE_CODES) {
        Ok(further) => (FIRST_WAIT * 2_i32.pow(further.min(16))).min(LONGEST_WAIT),
        Err(_) => TimeDelta::zero(),
    }
}

/// Encrypts the secrets of an organization's members with the present `JWT_SECRET`. Returns how many were encrypted with
/// another one.
pub async fn seal_again(tx: &WriteTx, sealer: &Sealer) -> Result<usize, Error> {
    let (mut count, mut last) = (0, Uuid::nil());
    loop {
        let next = tx
            .find::<Entity>()
            .filter(Column::Id.gt(last))
            .filter(Column::TotpSecret.is_not_null())
            .order_by(Column::Id, Order::Asc)
            .limit(BATCH)
            .for_update()
            .all()
            .await?;
        let Some(end) = next.last() else { return Ok(count) };
        last = end.id;
        for before in next {
            let Some(stored) = &before.totp_secret else { continue };
            let again = totp::seal_again(sealer, stored)?.filter(|again| again != stored);
            if let Some(again) = again {
                tx.update_without_event(&before, Model { totp_secret: Some(again), ..before.clone() }).await?;
                count += 1;
            }
        }
    }
}

/// Returns a text that changes with each use of the factor, and with the password. It reveals nothing.
pub(crate) fn state(user: &Model) -> String {
    let Model { password_hash, totp_secret, totp_step, passkeys, recovery_codes, .. } = user;
    sha256(format!("{password_hash:?} {totp_secret:?} {totp_step:?} {passkeys:?} {recovery_codes:?}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_WAIT, wait_after};
    use chrono::TimeDelta;

    #[test]
    fn waits_double_and_end() {
        let seconds = |wrong_codes| wait_after(wrong_codes).num_seconds();
        assert_eq!([0, 4, 5, 6, 7].map(seconds), [0, 0, 30, 60, 120]);
        assert_eq!(wait_after(i32::MAX), LONGEST_WAIT);
        assert!(wait_after(12) <= TimeDelta::hours(1));
    }
}
