//! Accounts at identity providers: linked to people, listed by them, and removed.
//!
//! An issuer and a subject identify an account forever. An address does not: a provider may give it to somebody else. It
//! only finds the account to link at the first sign-in.

use crate::{
    audit,
    mail::SendMail,
    session::{self, Choice},
};
use chrono::{DateTime, Utc};
use dossier_core::{
    credentials::Credentials,
    error::{Error, UserError},
    viewer::{Member, SystemPurpose, Viewer},
};
use dossier_data::{AuditRecord, Database, ReadTx, WriteTx};
use entities::{
    audit_entry::Action,
    external_identity::{Column, Entity, Model},
    session as sessions, user,
};
use sea_orm::{ColumnTrait, Condition, sea_query::Order};
use uuid::Uuid;

/// An account at an identity provider, as the provider has just confirmed it.
#[derive(Clone, Debug)]
pub struct ProvenIdentity {
    /// The provider.
    pub issuer: String,
    /// The account at the provider.
    pub subject: String,
    /// The address at the provider.
    pub email: Option<String>,
    /// Whether the provider has verified the address, and is trusted to do so for its domain.
    pub is_email_trusted: bool,
    /// When the person proved to the provider who they are, as far as it says so.
    pub authenticated_at: Option<DateTime<Utc>>,
}

/// Returns the error for a sign-in that opens no account. It is the same for unknown people, unverified addresses, foreign
/// domains and removed links.
pub(crate) fn unknown() -> Error {
    let message =
        "This sign-in is linked to no account. Sign in with your password and link it, or ask for an invitation.";
    UserError::forbidden(message).into()
}

/// Returns the condition of links that were not removed.
pub fn is_linked() -> Condition {
    Condition::all().add(Column::RemovedAt.is_null())
}

/// Returns a link of the person, locked. Fails if it was removed.
pub(crate) async fn require_linked(tx: &WriteTx, id: Uuid) -> Result<Model, Error> {
    linked(tx, id).await?.ok_or_else(unknown)
}

async fn linked(tx: &WriteTx, id: Uuid) -> Result<Option<Model>, Error> {
    tx.find::<Entity>().filter(Column::Id.eq(id)).filter(is_linked()).for_update().one().await
}

/// Records that an account at a provider was used.
pub(crate) async fn record_use(tx: &WriteTx, before: &Model) -> Result<(), Error> {
    let after = Model { last_used_at: Some(tx.now), ..before.clone() };
    tx.update_without_event(before, after).await.map(drop)
}

/// Links an account at a provider to the person with its address. An account that ever had a link to this provider gets no
/// other one in this way, because the address may belong to somebody else by now.
pub(crate) async fn link_by_address(database: &Database, proven: &ProvenIdentity) -> Result<Model, Error> {
    let email = proven.email.as_deref().filter(|_| proven.is_email_trusted).ok_or_else(unknown)?;
    let found = database.account(email).await?.ok_or_else(unknown)?;
    let tx = database.write_as(Viewer::SigningIn { user: found.id }).await?;
    let account = tx.visible::<user::Entity>(found.id, "code").await?;
    let choices = session::choices(&tx).await?;
    let is_known = tx.find::<Entity>().filter(Column::Issuer.eq(&proven.issuer)).exists().await?;
    if account.email != email || choices.is_empty() || is_known {
        return Err(unknown());
    }
    let row = insert(&tx, account.id, proven).await?;
    record_in_each(&tx, &choices, &account.display_name, Action::ExternalIdentityLinked);
    tx.commit().await?;
    tell(database, &choices, linked_mail(&row)).await?;
    Ok(row)
}

/// Fails unless the person who has signed in may link an account at a provider. A code of a provider works once, so this is
/// checked before the code is used, too.
pub async fn require_may_link(database: &Database, credentials: &Credentials) -> Result<(), Error> {
    let tx = database.read(credentials).await?;
    session::unlimited_member(&tx)?;
    session::require_recent_proof(&tx).await
}

/// Links an account at a provider to the person who has signed in.
pub async fn link(database: &Database, credentials: &Credentials, proven: &ProvenIdentity) -> Result<Uuid, Error> {
    let (person, choices) = person_of(database, credentials).await?;
    if let Some(linked) = database.external_identity(&proven.issuer, &proven.subject).await? {
        let whose = if linked.user_id == person { "your account already" } else { "another account" };
        return Err(UserError::conflict(format!("This sign-in is linked to {whose}.")).into());
    }
    let tx = database.write(credentials).await?;
    let name = session::unlimited_member(&tx)?.display_name.clone();
    session::require_recent_proof(&tx).await?;
    let row = insert(&tx, person, proven).await?;
    record_in_each(&tx, &choices, &name, Action::ExternalIdentityLinked);
    tx.enqueue_job(&linked_mail(&row)).await?;
    tx.commit().await?;
    Ok(row.id)
}

/// Returns the person who has signed in, and their memberships. A member sees only the membership in which they act.
async fn person_of(database: &Database, credentials: &Credentials) -> Result<(Uuid, Vec<Choice>), Error> {
    let tx = database.read(credentials).await?;
    let user = tx.member()?.user;
    drop(tx);
    Ok((user, session::choices(&database.read_as(Viewer::SigningIn { user }).await?).await?))
}

/// Links an account at a provider to a person, at the command of the server's operator.
pub async fn add(database: &Database, user: &user::Model, issuer: &str, subject: &str) -> Result<Uuid, Error> {
    if database.external_identity(issuer, subject).await?.is_some() {
        return Err(UserError::conflict("This account at the provider is linked already.").into());
    }
    let (issuer, subject) = (issuer.to_owned(), subject.to_owned());
    let proven = ProvenIdentity { issuer, subject, email: None, is_email_trusted: false, authenticated_at: None };
    let tx = database.write_as(Viewer::SigningIn { user: user.id }).await?;
    let choices = session::choices(&tx).await?;
    let row = insert(&tx, user.id, &proven).await?;
    record_in_each(&tx, &choices, &user.display_name, Action::ExternalIdentityLinked);
    tx.commit().await?;
    tell(database, &choices, linked_mail(&row)).await?;
    Ok(row.id)
}

/// Adds the link, or the same one again after it was removed.
async fn insert(tx: &WriteTx, user: Uuid, proven: &ProvenIdentity) -> Result<Model, Error> {
    let ProvenIdentity { issuer, subject, email, .. } = proven;
    let same = tx.find::<Entity>().filter(Column::Issuer.eq(issuer)).filter(Column::Subject.eq(subject));
    let written = match same.for_update().one().await? {
        Some(before) => {
            let after = Model { removed_at: None, email: email.clone(), created_at: tx.now, ..before.clone() };
            tx.update_without_event(&before, after).await
        }
        None => {
            tx.insert_without_event(Model {
                id: tx.new_id(),
                user_id: user,
                issuer: issuer.clone(),
                subject: subject.clone(),
                email: email.clone(),
                created_at: tx.now,
                ..Model::default()
            })
            .await
        }
    };
    match written {
        Err(error) if error.is_unique_violation() => {
            Err(UserError::conflict("This sign-in was just linked to another account.").into())
        }
        written => written,
    }
}

/// Returns the links of the viewer's person, oldest first.
pub async fn list(tx: &ReadTx) -> Result<Vec<Model>, Error> {
    tx.find::<Entity>().filter(is_linked()).order_by(Column::Id, Order::Asc).all().await
}

/// Removes a link of the person who has signed in, and ends the sessions that began with it, except the present one.
pub async fn remove_own(tx: &WriteTx, id: Uuid) -> Result<Uuid, Error> {
    let member = session::unlimited_member(tx)?;
    session::require_recent_proof(tx).await?;
    let (membership, name, present) = (member.membership, member.display_name.clone(), tx.viewer.member());
    let removed = remove(tx, id, present.and_then(Member::session)).await?;
    tx.audit(AuditRecord::new(Action::ExternalIdentityRemoved, membership).named(name));
    tx.enqueue_job(&removed_mail(&removed)).await?;
    Ok(id)
}

/// Removes a link of a person, at the command of the server's operator.
pub async fn remove_of(database: &Database, user: &user::Model, id: Uuid) -> Result<(), Error> {
    let tx = database.write_as(Viewer::SigningIn { user: user.id }).await?;
    let choices = session::choices(&tx).await?;
    let removed = remove(&tx, id, None).await?;
    record_in_each(&tx, &choices, &user.display_name, Action::ExternalIdentityRemoved);
    tx.commit().await?;
    tell(database, &choices, removed_mail(&removed)).await
}

async fn remove(tx: &WriteTx, id: Uuid, present: Option<Uuid>) -> Result<Model, Error> {
    let before = linked(tx, id).await?.ok_or_else(|| UserError::not_found("id"))?;
    let removed = tx.update_without_event(&before, Model { removed_at: Some(tx.now), ..before.clone() }).await?;
    let began = tx.find::<sessions::Entity>().filter(sessions::Column::UserId.eq(before.user_id));
    let began = began.filter(sessions::Column::ExternalIdentityId.eq(id));
    let open = began.filter(sessions::Column::EndedAt.is_null());
    session::end_open(tx, open.all().await?, present).await?;
    Ok(removed)
}

fn record_in_each(tx: &WriteTx, choices: &[Choice], name: &str, action: Action) {
    session::record_in_each(tx, choices, action, |record, choice| {
        record.by(audit::author(&choice.membership, name, tx.viewer.member().and_then(Member::session))).named(name)
    });
}

fn linked_mail(row: &Model) -> SendMail {
    SendMail::ExternalIdentityLinked { user: row.user_id, provider: provider_of(&row.issuer).to_owned() }
}

fn removed_mail(row: &Model) -> SendMail {
    SendMail::ExternalIdentityRemoved { user: row.user_id, provider: provider_of(&row.issuer).to_owned() }
}

/// Returns the issuer without its scheme, as people know it.
fn provider_of(issuer: &str) -> &str {
    issuer.split_once("://").map_or(issuer, |(_, rest)| rest).trim_end_matches('/')
}

/// Sends a mail to a person in the name of their first organization.
async fn tell(database: &Database, choices: &[Choice], mail: SendMail) -> Result<(), Error> {
    let Some(Choice { organization, .. }) = choices.first() else { return Ok(()) };
    let tx = database.write_as(Viewer::system(organization.id, SystemPurpose::Identity)).await?;
    tx.enqueue_job(&mail).await?;
    tx.commit().await
}
