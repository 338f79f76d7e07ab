//! Invitations by mail: an address is invited to a role, and whoever holds the link and the account of the address joins.

use crate::{
    account, audit, check,
    invitation_status::{Status, in_status, status},
    links::{self, InvitationLink},
    mail::SendMail,
    member::{self, Assignment},
    password,
    session::{self, Device},
    sign_in::{self, ProvenBy, SignInResult},
};
use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::{
    error::{Error, UserError, UserErrorCode},
    viewer::{Actor, SystemPurpose, Viewer},
};
use dossier_data::{Database, ReadTx, Sealer, WriteTx};
use dossier_policy::MemberAction;
use entities::{
    audit_entry::{Action, Refusal},
    invitation::{Column, Entity, Model},
    membership::{self, Role},
    organization, user,
};
use sea_orm::{ActiveEnum, ColumnTrait};
use std::collections::BTreeSet;
use uuid::Uuid;

/// How long an invitation can be accepted.
const LASTS: TimeDelta = TimeDelta::days(7);

/// The time after which an invitation can be sent again.
const RESENT_AFTER: TimeDelta = TimeDelta::minutes(1);

/// The maximum number of open invitations of an organization.
const MAX_OPEN: u64 = 500;

/// The maximum number of mails to an address in a day, so that nobody can flood it.
const MAX_TO_ADDRESS: i32 = 5;

/// The input for a new invitation.
pub struct NewInvitation {
    /// The address.
    pub email: String,
    /// The suggested name for a new account.
    pub display_name: Option<String>,
    /// The role.
    pub role: Role,
    /// The sites of a manager or staff member.
    pub sites: Vec<Uuid>,
    /// The dossier of a client.
    pub client: Option<Uuid>,
    /// The language of the mail. Without it, that of the organization.
    pub locale: Option<String>,
}

/// Returns the sites of an invitation.
pub fn sites(row: &Model) -> BTreeSet<Uuid> {
    let ids = row.site_ids.as_deref().unwrap_or_default().split(',');
    ids.filter_map(|id| Uuid::try_parse(id).ok()).collect()
}

fn assignment(row: &Model) -> Assignment {
    Assignment { role: row.role, sites: sites(row), client: row.client_id }
}

/// Invites an address, and sends the mail.
pub async fn invite(tx: &WriteTx, new: NewInvitation) -> Result<Uuid, Error> {
    let email = check::email("email", &new.email)?;
    let organization = tx.get::<organization::Entity>(tx.organization()?).await?;
    let organization = organization.ok_or_else(|| Error::internal("a viewer without their organization"))?;
    let sites: BTreeSet<_> = new.sites.into_iter().collect();
    let site_ids: Vec<_> = sites.iter().map(Uuid::to_string).collect();
    let Actor { kind, user, name } = tx.viewer.actor();
    let row = Model {
        id: tx.new_id(),
        organization_id: organization.id,
        email,
        display_name: check::optional("display_name", new.display_name.as_deref(), check::NAME, check::line)?,
        role: new.role,
        site_ids: (!site_ids.is_empty()).then(|| site_ids.join(",")),
        client_id: new.client,
        locale: new.locale.map_or(Ok(organization.locale), |locale| check::locale("locale", &locale))?,
        inviter_name: name,
        inviter_kind: kind,
        inviter_id: user,
        link_number: 1,
        created_at: tx.now,
        sent_at: tx.now,
        expires_at: tx.now + LASTS,
        ..Model::default()
    };
    let row = tx.authorize_row::<Entity>(MemberAction::for_role(new.role), row)?.into_row();
    if row.role == Role::Owner {
        session::require_recent_proof(tx).await?;
    }
    assignment(&row).check(tx, &BTreeSet::new(), None).await?;
    check_new(tx, &row).await?;
    tx.enqueue_job(&SendMail::of_invitation(&row)).await?;
    let role = Some(row.role.to_value());
    tx.audit(audit::of_invitation(Action::MemberInvited, &row).change("role", None, role));
    Ok(tx.insert_without_event(row).await?.id)
}

/// Fails if the address is invited or a member already. It also counts what the viewer does not see, because whoever may
/// invite to a place may know who was invited to it.
async fn check_new(tx: &WriteTx, new: &Model) -> Result<(), Error> {
    check_mails(tx, &new.email).await?;
    let open = || Ok::<_, Error>(tx.find_whole::<Entity>()?.filter(in_status(Status::Pending, tx.now)));
    if open()?.count().await? >= MAX_OPEN {
        return Err(UserError::conflict(format!("There are already {MAX_OPEN} open invitations.")).into());
    }
    let same = open()?.filter(Column::Email.eq(&new.email));
    let same = match new.client_id {
        Some(client) => same.filter(Column::ClientId.eq(client)),
        None => same.filter(Column::ClientId.is_null()),
    };
    if same.exists().await? {
        return Err(UserError::conflict("This address is already invited. Resend or revoke the invitation.").into());
    }
    let account = tx.find::<user::Entity>().filter(user::Column::Email.eq(&new.email)).one().await?;
    let Some(account) = account else { return Ok(()) };
    let member = tx.find::<membership::Entity>().filter(membership::Column::UserId.eq(account.id));
    let member = match new.client_id {
        Some(client) => member.filter(membership::Column::ClientId.eq(client)),
        None => member.filter(membership::Column::ClientId.is_null()),
    };
    if member.exists().await? { Err(member::already_member().into()) } else { Ok(()) }
}

/// Fails if an address, or all addresses together, got too many invitations today.
async fn check_mails(tx: &WriteTx, email: &str) -> Result<(), Error> {
    let today = || Ok::<_, Error>(tx.find_whole::<Entity>()?.filter(Column::SentAt.gt(tx.now - TimeDelta::days(1))));
    if today()?.count().await? >= MAX_OPEN {
        return Err(UserError::conflict(format!("{MAX_OPEN} invitations were sent today. Try again tomorrow.")).into());
    }
    let to_address = today()?.filter(Column::Email.eq(email)).all().await?;
    if to_address.iter().map(|row| row.link_number).sum::<i32>() >= MAX_TO_ADDRESS {
        return Err(UserError::conflict("This address got several invitations today. Try again tomorrow.").into());
    }
    Ok(())
}

/// Sends an invitation again, with a new link and a new expiry. Earlier links stop working.
pub async fn resend(tx: &WriteTx, id: Uuid) -> Result<Uuid, Error> {
    let before = authorize(tx, id).await?;
    require_open(&before, tx.now, &[Status::Pending, Status::Expired])?;
    if tx.now < before.sent_at + RESENT_AFTER {
        return Err(UserError::conflict("This invitation was sent less than a minute ago. Wait a moment.").into());
    }
    check_mails(tx, &before.email).await?;
    let after =
        Model { link_number: before.link_number + 1, sent_at: tx.now, expires_at: tx.now + LASTS, ..before.clone() };
    tx.enqueue_job(&SendMail::of_invitation(&after)).await?;
    Ok(tx.update_without_event(&before, after).await?.id)
}

/// Revokes an invitation: its link stops working.
pub async fn revoke(tx: &WriteTx, id: Uuid) -> Result<Uuid, Error> {
    let before = authorize(tx, id).await?;
    require_open(&before, tx.now, &[Status::Pending, Status::Expired])?;
    let after = Model { revoked_at: Some(tx.now), ..before.clone() };
    tx.audit(audit::of_invitation(Action::InvitationRevoked, &before));
    Ok(tx.update_without_event(&before, after).await?.id)
}

async fn authorize(tx: &WriteTx, id: Uuid) -> Result<Model, Error> {
    let row = tx.visible::<Entity>(id, "id").await?;
    Ok(tx.authorize_row::<Entity>(MemberAction::for_role(row.role), row)?.into_row())
}

fn require_open(row: &Model, now: DateTime<Utc>, allowed: &[Status]) -> Result<(), UserError> {
    let status = status(row, now);
    if allowed.contains(&status) {
        return Ok(());
    }
    Err(UserError::conflict(match status {
        Status::Accepted => "This invitation was already accepted.",
        Status::Revoked => "This invitation was revoked.",
        Status::Expired => "This invitation has expired. Ask for another one.",
        Status::Pending => "This invitation is open.",
    }))
}

/// An invitation as the invited person sees it.
#[derive(Clone)]
pub struct Preview {
    /// The invitation.
    pub row: Model,
    /// The organization.
    pub organization: organization::Model,
    /// Whether the address already has an account with a password.
    pub has_account: bool,
}

/// Returns the invitation of a link that can be accepted.
pub async fn preview(database: &Database, sealer: &Sealer, token: &str) -> Result<Preview, Error> {
    let link = open(sealer, token)?;
    let tx = database.read_as(Viewer::system(link.organization, SystemPurpose::Identity)).await?;
    let row = tx.get::<Entity>(link.invitation).await?;
    let row = usable(row, &link, tx.now)?;
    let organization = active_organization(&tx, link.organization).await?;
    drop(tx);
    let account = database.account(&row.email).await?;
    let has_account = account.is_some_and(|account| account.password_hash.is_some());
    Ok(Preview { row, organization, has_account })
}

fn open(sealer: &Sealer, token: &str) -> Result<InvitationLink, UserError> {
    links::open_invitation(sealer, token).ok_or_else(invalid)
}

fn invalid() -> UserError {
    UserError::invalid("token", "is not valid; use the link of the newest mail")
}

fn usable(row: Option<Model>, link: &InvitationLink, now: DateTime<Utc>) -> Result<Model, UserError> {
    let row = row.ok_or_else(invalid)?;
    require_open(&row, now, &[Status::Pending])?;
    if row.link_number == link.number { Ok(row) } else { Err(invalid()) }
}

async fn active_organization(tx: &ReadTx, id: Uuid) -> Result<organization::Model, Error> {
    let organization = tx.get::<organization::Entity>(id).await?;
    let active = organization.filter(|organization| organization.suspended_at.is_none());
    active.ok_or_else(|| UserError::forbidden("The organization is suspended.").into())
}

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

/// Joins the organization, and opens a session, or returns a challenge if the person has a second factor. `signed_in` is the person who is signed in.
pub async fn accept(
    database: &Database,
    sealer: &Sealer,
    input: Acceptance,
    signed_in: Option<Uuid>,
) -> Result<SignInResult, Error> {
    let Preview { row, organization, .. } = preview(database, sealer, &input.token).await?;
    let account = database.account(&row.email).await?;
    let proven = signed_in.is_none() || account.as_ref().map(|account| account.id) != signed_in;
    let new_hash = match prove(account.as_ref(), &row, &organization, &input, signed_in).await {
        Err(Error::User(refused)) if refused.code == UserErrorCode::Forbidden => {
            if let Some(account) = &account {
                sign_in::record_sign_in_refusal(database, account, &input.device, Refusal::WrongPassword).await?;
            }
            return Err(refused.into());
        }
        other => other?,
    };
    let link = open(sealer, &input.token)?;
    let tx = database.write_as(Viewer::system(link.organization, SystemPurpose::Identity)).await?;
    let before = usable(tx.find::<Entity>().filter(Column::Id.eq(row.id)).for_update().one().await?, &link, tx.now)?;
    active_organization(&tx, link.organization).await?;
    let assignment = assignment(&before);
    assignment.check(&tx, &BTreeSet::new(), None).await?;
    let user = if let Some(account) = &account {
        account.id
    } else {
        let name = input.display_name.or_else(|| before.display_name.clone()).unwrap_or_default();
        let locale = input.locale.as_deref().unwrap_or(&before.locale);
        member::add_account(&tx, &before.email, &name, Some(locale)).await?
    };
    let membership = member::join(&tx, user, assignment).await?;
    record_acceptance(&tx, &before, user, membership).await?;
    let locked = match &account {
        Some(account) => account::require_same_password(&tx, account).await?,
        None => tx.visible::<user::Entity>(user, "email").await?,
    };
    if let Some(hash) = new_hash {
        account::store_password(&tx, &locked, hash).await?;
    }
    let after = Model { accepted_at: Some(tx.now), ..before.clone() };
    tx.update_without_event(&before, after).await?;
    tx.commit().await?;
    let tx = database.write_as(Viewer::SigningIn { user }).await?;
    let memberships = session::choices(&tx).await?;
    let chosen = sign_in::choose(&memberships, None, Some(membership))?.clone();
    let result = if proven {
        let account = tx.visible::<user::Entity>(user, "email").await?;
        sign_in::open_or_challenge(&tx, sealer, &account, &chosen, input.device, memberships, ProvenBy::Password)
            .await?
    } else {
        sign_in::open_session(&tx, &chosen, input.device, memberships, None, None).await?.into()
    };
    tx.commit().await?;
    Ok(result)
}

async fn record_acceptance(tx: &WriteTx, invitation: &Model, user: Uuid, membership: Uuid) -> Result<(), Error> {
    let name = audit::name_of(tx, user).await?;
    let joined =
        membership::Model { id: membership, user_id: user, role: invitation.role, ..membership::Model::default() };
    tx.audit(audit::of_invitation(Action::InvitationAccepted, invitation).by(audit::author(&joined, &name, None)));
    Ok(())
}

/// Fails unless the caller may use the account of the address. Returns the hash of its first password, if it had none:
/// the link proves that the address is theirs.
async fn prove(
    account: Option<&user::Model>,
    invitation: &Model,
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
    let name = input.display_name.clone().or_else(|| invitation.display_name.clone());
    if account.is_none() {
        check::line("display_name", name.as_deref().unwrap_or_default(), check::NAME)?;
    }
    let known = [name.unwrap_or_default(), invitation.email.clone(), organization.name.clone()];
    account::hash_password("password", password, known.into()).await.map(Some)
}
