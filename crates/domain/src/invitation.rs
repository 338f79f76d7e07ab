//! Invitations by mail: an address is invited to a role.

use crate::{
    audit, check,
    invitation_link::{assignment, require_open},
    invitation_status::{Status, in_status},
    mail::SendMail,
    member, session,
};
use chrono::TimeDelta;
use dossier_core::{
    error::{Error, UserError},
    viewer::Actor,
};
use dossier_data::WriteTx;
use dossier_policy::MemberAction;
use entities::{
    audit_entry::Action,
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
    if row.role != Role::Client {
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
    if before.role != Role::Client {
        session::require_recent_proof(tx).await?;
    }
    require_open(&before, tx.now, &[Status::Pending, Status::Expired])?;
    if tx.now < before.sent_at + RESENT_AFTER {
        return Err(UserError::conflict("This invitation was sent less than a minute ago. Wait a moment.").into());
    }
    check_mails(tx, &before.email).await?;
    let after =
        Model { link_number: before.link_number + 1, sent_at: tx.now, expires_at: tx.now + LASTS, ..before.clone() };
    tx.enqueue_job(&SendMail::of_invitation(&after)).await?;
    tx.audit(audit::of_invitation(Action::InvitationResent, &before));
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
