//! Sessions: opened by a sign-in, and ended by their person or an owner. [`refresh`](crate::refresh) renews them.

use crate::{audit, check};
use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::{
    credentials::{Claims, Credentials},
    error::{Error, UserError},
    scope::Scopes,
    viewer::Member,
};
use dossier_data::{AuditRecord, Database, ReadTx, WriteTx};
use dossier_policy::MemberAction;
use entities::{
    audit_entry::{Action, Refusal},
    membership, organization,
    session::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, sea_query::Order};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// How long a session lasts that is not used.
pub(crate) const UNUSED_LASTS: TimeDelta = TimeDelta::days(30);

/// How long a session lasts at most.
pub(crate) const LASTS_AT_MOST: TimeDelta = TimeDelta::days(90);

/// How long a proof of identity is recent.
const PROOF_LASTS: TimeDelta = TimeDelta::minutes(10);

/// The number of open sessions of a person. Further ones end the oldest.
const MAX_SESSIONS: usize = 100;

/// The device of a session, as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// Its name.
    pub name: Option<String>,
    /// Its network.
    pub network: Option<String>,
}

impl Device {
    /// Creates the device with a name, as far as the name can be shown.
    pub fn new(name: Option<&str>, network: Option<String>) -> Self {
        let shown = name.map(|name| name.chars().filter(|c| !c.is_control()).take(check::NAME).collect::<String>());
        let name = shown.and_then(|name| check::line("device", &name, check::NAME).ok());
        Self { name, network }
    }
}

/// A new or renewed session.
pub struct SignedIn {
    /// The person.
    pub user: Uuid,
    /// The session.
    pub session: Model,
    /// The person's active memberships.
    pub memberships: Vec<Choice>,
}

/// A membership that a person can choose.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The membership.
    pub membership: membership::Model,
    /// Its organization.
    pub organization: organization::Model,
}

/// The sign-in at an identity provider with which a session begins.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ExternalOrigin {
    /// The linked account at the provider.
    pub identity: Uuid,
    /// The sign-in, which becomes the key of the session. A second session with the same key is refused.
    pub attempt: Uuid,
}

/// Opens a session of one's own membership. `proven_at` is when the person has proved who they are.
pub async fn open(
    tx: &WriteTx,
    membership: &membership::Model,
    device: Device,
    proven_at: Option<DateTime<Utc>>,
    external: Option<ExternalOrigin>,
) -> Result<Model, Error> {
    let row = of_membership(tx, membership);
    let id = external.map_or(row.id, |external| external.attempt);
    let row = Model {
        id,
        expires_at: tx.now + UNUSED_LASTS,
        family_id: Some(id),
        refresh_number: 1,
        proven_at,
        external_identity_id: external.map(|external| external.identity),
        device: device.name,
        network: device.network,
        ..row
    };
    let row = tx.insert_without_event(row).await?;
    limit(tx, membership.user_id).await?;
    let author = audit::author(membership, &audit::name_of(tx, membership.user_id).await?, Some(row.id));
    let record = signed_in(membership, &row).by(author);
    tx.audit(record.from_device(row.network.clone(), row.device.clone()));
    Ok(row)
}

pub(crate) fn signed_in(membership: &membership::Model, session: &Model) -> AuditRecord {
    let record = AuditRecord::new(Action::SignedIn, session.id).of_client(membership.client_id);
    record.within(session.organization_id)
}

/// Opens a session that is not renewed, limited to some scopes if there is a limit.
pub async fn open_for_token(
    tx: &WriteTx,
    membership: &membership::Model,
    lasts: TimeDelta,
    limit: Option<Scopes>,
) -> Result<Model, Error> {
    let row = Model {
        expires_at: tx.now + lasts,
        scopes: limit.map(|scopes| scopes.to_string()),
        ..of_membership(tx, membership)
    };
    let row = tx.insert_without_event(row).await?;
    let name = audit::name_of(tx, membership.user_id).await?;
    tx.audit(signed_in(membership, &row).named(name));
    Ok(row)
}

pub(crate) fn of_membership(tx: &WriteTx, membership: &membership::Model) -> Model {
    Model {
        id: tx.new_id(),
        organization_id: membership.organization_id,
        membership_id: membership.id,
        user_id: Some(membership.user_id),
        created_at: tx.now,
        ..Model::default()
    }
}

/// Returns the claims of a session's access token, which is valid for a while or as long as the session.
pub fn claims(session: &Model, user: Uuid, until: DateTime<Utc>) -> Claims {
    Claims { session: session.id, user, exp: session.expires_at.min(until).timestamp() }
}

/// Returns the active memberships of the person who acts for themselves, oldest first.
pub async fn choices(tx: &ReadTx) -> Result<Vec<Choice>, Error> {
    let active = tx
        .find::<membership::Entity>()
        .filter(membership::Column::SuspendedAt.is_null())
        .order_by(membership::Column::Id, Order::Asc)
        .all()
        .await?;
    let mut choices = Vec::new();
    for membership in active {
        let organization = tx.get::<organization::Entity>(membership.organization_id).await?;
        if let Some(organization) = organization.filter(|organization| organization.suspended_at.is_none()) {
            choices.push(Choice { membership, organization });
        }
    }
    Ok(choices)
}

/// Records an action about a person in each organization where they have an active membership.
pub(crate) fn record_in_each(
    tx: &WriteTx,
    choices: &[Choice],
    action: Action,
    complete: impl Fn(AuditRecord, &Choice) -> AuditRecord,
) {
    let mut recorded = HashSet::new();
    for choice in choices.iter().filter(|choice| recorded.insert(choice.organization.id)) {
        let Choice { membership, organization } = choice;
        let record = AuditRecord::new(action, membership.id).within(organization.id).of_client(membership.client_id);
        tx.audit(complete(record, choice));
    }
}

/// Returns the member, unless their session is limited to some scopes: whoever has a limited token must not act on the
/// account of its person.
pub fn unlimited_member(tx: &ReadTx) -> Result<&Member, Error> {
    let member = tx.member()?;
    if member.is_limited() {
        return Err(UserError::forbidden("Your access token is limited to some scopes, and cannot do this.").into());
    }
    Ok(member)
}

/// Fails unless the person of the session has proved who they are in the last 10 minutes. Dossier itself and jobs need no
/// proof. It is for changes that must not be possible with a stolen access token or at an unlocked screen.
pub async fn require_recent_proof(tx: &ReadTx) -> Result<(), Error> {
    let Some(session) = tx.viewer.member().and_then(Member::session) else { return Ok(()) };
    let session = tx.get::<Entity>(session).await?;
    match session.and_then(|session| session.proven_at) {
        Some(proven_at) if tx.now < proven_at + PROOF_LASTS => Ok(()),
        _ => Err(UserError::recent_proof_required().into()),
    }
}

/// Records that the person of a session gave a wrong password, code or passkey.
pub(crate) async fn record_proof_refusal(
    database: &Database,
    credentials: &Credentials,
    refusal: Refusal,
) -> Result<(), Error> {
    let tx = database.write(credentials).await?;
    let member = tx.member()?;
    let record = AuditRecord::new(Action::ProofRefused, member.membership);
    tx.audit(record.named(&member.display_name).refused(refusal));
    tx.commit().await
}

/// Records that the person of the session has just proved who they are.
pub(crate) async fn prove(tx: &WriteTx) -> Result<(), Error> {
    let missing = || Error::internal("a member without a session proves their identity");
    let before = tx.visible::<Entity>(tx.member()?.session().ok_or_else(missing)?, "id").await?;
    tx.update_without_event(&before, Model { proven_at: Some(tx.now), ..before.clone() }).await.map(drop)
}

/// Ends one of the sessions that the viewer sees: their own ones, and for owners those of all members.
pub async fn end(tx: &WriteTx, id: Uuid) -> Result<Uuid, Error> {
    if tx.viewer.member().is_some_and(|member| member.session() != Some(id)) {
        unlimited_member(tx)?;
    }
    let before = tx.visible::<Entity>(id, "id").await?;
    if is_of_api_key(tx, &before).await? {
        return Err(UserError::forbidden("This is the session of an API key, which owners revoke.").into());
    }
    if before.ended_at.is_none() {
        tx.update_without_event(&before, Model { ended_at: Some(tx.now), ..before.clone() }).await?;
        if tx.viewer.member().is_none_or(|member| Some(member.user) != before.user_id) {
            let record = AuditRecord::new(Action::SessionEnded, id).within(before.organization_id);
            tx.audit(record.named(name_of(tx, &before).await?));
        }
    }
    Ok(id)
}

/// Returns the name of the person of a session.
async fn name_of(tx: &ReadTx, session: &Model) -> Result<String, Error> {
    match session.user_id {
        Some(user) => audit::name_of(tx, user).await,
        None => Ok(String::new()),
    }
}

async fn is_of_api_key(tx: &WriteTx, session: &Model) -> Result<bool, Error> {
    // Only members can name the session of a key. A person who acts for themselves sees their own sessions.
    if tx.viewer.organization() != Some(session.organization_id) {
        return Ok(false);
    }
    let of_session = membership::Column::Id.eq(session.membership_id);
    let keys = tx.find_whole::<membership::Entity>()?.filter(membership::Column::ApiKey.eq(true)).filter(of_session);
    keys.exists().await
}

/// Ends all open sessions of the viewer, in all organizations, with or without the present one.
pub async fn end_all_own(tx: &WriteTx, include_current: bool) -> Result<usize, Error> {
    let member = unlimited_member(tx)?;
    end_all(tx, member.user, member.session().filter(|_| !include_current)).await
}

/// Ends all open sessions of a person, in all organizations, except one.
pub async fn end_all(tx: &WriteTx, user: Uuid, except: Option<Uuid>) -> Result<usize, Error> {
    let ended = end_of_person(tx, user, except).await?;
    record_ends(tx, &ended).await?;
    Ok(ended.len())
}

/// Does the same as [`end_all`] as a part of an action that the audit log records.
pub(crate) async fn end_of_person(tx: &WriteTx, user: Uuid, except: Option<Uuid>) -> Result<Vec<Model>, Error> {
    let open = tx.find::<Entity>().filter(Column::UserId.eq(user)).filter(Column::EndedAt.is_null());
    end_open(tx, open.all().await?, except).await
}

/// Records that all sessions of some memberships were ended.
async fn record_ends(tx: &WriteTx, ended: &[Model]) -> Result<(), Error> {
    let memberships: BTreeMap<_, _> = ended.iter().map(|session| (session.membership_id, session)).collect();
    for (membership, session) in memberships {
        let record = AuditRecord::new(Action::AllSessionsEnded, membership).within(session.organization_id);
        tx.audit(record.named(name_of(tx, session).await?));
    }
    Ok(())
}

/// Ends all open sessions of a member in the organization.
pub async fn end_of_member(tx: &WriteTx, member: Uuid) -> Result<usize, Error> {
    let member = tx.authorize::<membership::Entity>(member, "member_id", MemberAction::Manage).await?;
    let ended = end_of_membership(tx, member.id).await?;
    record_ends(tx, &ended).await?;
    Ok(ended.len())
}

/// Ends all open sessions of a membership.
pub(crate) async fn end_of_membership(tx: &WriteTx, membership: Uuid) -> Result<Vec<Model>, Error> {
    let open = tx.find::<Entity>().filter(Column::MembershipId.eq(membership)).filter(Column::EndedAt.is_null());
    end_open(tx, open.all().await?, None).await
}

/// Ends the open ones of these sessions, in the order of their ids, so that two who end the same do not wait for each other
/// forever. Returns those that were open.
pub(crate) async fn end_open(
    tx: &WriteTx,
    mut sessions: Vec<Model>,
    except: Option<Uuid>,
) -> Result<Vec<Model>, Error> {
    sessions.retain(|session| session.ended_at.is_none() && Some(session.id) != except);
    sessions.sort_unstable_by_key(|session| session.id);
    for before in &sessions {
        tx.update_without_event(before, Model { ended_at: Some(tx.now), ..before.clone() }).await?;
    }
    Ok(sessions)
}

/// Ends the oldest sessions of a person who has more than `MAX_SESSIONS`.
pub(crate) async fn limit(tx: &WriteTx, user: Uuid) -> Result<(), Error> {
    let newest_first = tx
        .find::<Entity>()
        .filter(Column::UserId.eq(user))
        .filter(Column::EndedAt.is_null())
        .filter(Column::ExpiresAt.gt(tx.now))
        .order_by(Column::Id, Order::Desc)
        .all()
        .await?;
    end_open(tx, newest_first.into_iter().skip(MAX_SESSIONS).collect(), None).await.map(drop)
}
