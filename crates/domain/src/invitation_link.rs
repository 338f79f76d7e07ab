//! The link of an invitation: its preview, and the joining of the person who uses it.

use crate::{
    account, audit,
    invitation_status::{Status, status},
    links::{self, InvitationLink},
    member::{self, Assignment},
};
use chrono::{DateTime, Utc};
use dossier_core::{
    error::{Error, UserError},
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::{Database, ReadTx, Sealer, WriteTx};
use entities::{
    audit_entry::Action,
    invitation::{Column, Entity, Model},
    membership, organization, user,
};
use sea_orm::ColumnTrait;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Returns the sites of an invitation.
pub fn sites(row: &Model) -> BTreeSet<Uuid> {
    let ids = row.site_ids.as_deref().unwrap_or_default().split(',');
    ids.filter_map(|id| Uuid::try_parse(id).ok()).collect()
}

pub(crate) fn assignment(row: &Model) -> Assignment {
    Assignment { role: row.role, sites: sites(row), client: row.client_id }
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

pub(crate) fn open(sealer: &Sealer, token: &str) -> Result<InvitationLink, UserError> {
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

/// The account with which a person joins.
pub(crate) enum Joining<'i> {
    /// An account that exists. Without a password, it gets this one.
    Account { account: &'i user::Model, first_password: Option<String> },
    /// A new account.
    NewAccount { display_name: Option<&'i str>, locale: Option<&'i str>, password: String },
}

/// Uses the link of an invitation: makes the person a member. Returns their account and their membership.
pub(crate) async fn join(
    database: &Database,
    link: &InvitationLink,
    joining: Joining<'_>,
) -> Result<(Uuid, Uuid), Error> {
    let tx = database.write_as(Viewer::system(link.organization, SystemPurpose::Identity)).await?;
    let row = tx.find::<Entity>().filter(Column::Id.eq(link.invitation)).for_update().one().await?;
    let before = usable(row, link, tx.now)?;
    active_organization(&tx, link.organization).await?;
    let assignment = assignment(&before);
    assignment.check(&tx, &BTreeSet::new(), None).await?;
    let user = match joining {
        Joining::Account { account, .. } => account.id,
        Joining::NewAccount { display_name, locale, .. } => {
            let name = display_name.or(before.display_name.as_deref()).unwrap_or_default();
            let locale = locale.unwrap_or(&before.locale);
            member::add_account(&tx, &before.email, name, Some(locale)).await?
        }
    };
    let membership = member::join(&tx, user, assignment).await?;
    record_acceptance(&tx, &before, user, membership).await?;
    let (locked, first_password) = match joining {
        Joining::Account { account, first_password } => {
            (account::require_same_password(&tx, account).await?, first_password)
        }
        Joining::NewAccount { password, .. } => (tx.visible::<user::Entity>(user, "email").await?, Some(password)),
    };
    if let Some(hash) = first_password {
        account::store_password(&tx, &locked, hash).await?;
    }
    let after = Model { accepted_at: Some(tx.now), ..before.clone() };
    tx.update_without_event(&before, after).await?;
    tx.commit().await?;
    Ok((user, membership))
}

async fn record_acceptance(tx: &WriteTx, invitation: &Model, user: Uuid, membership: Uuid) -> Result<(), Error> {
    let name = audit::name_of(tx, user).await?;
    let joined =
        membership::Model { id: membership, user_id: user, role: invitation.role, ..membership::Model::default() };
    tx.audit(audit::of_invitation(Action::InvitationAccepted, invitation).by(audit::author(&joined, &name, None)));
    Ok(())
}

pub(crate) fn require_open(row: &Model, now: DateTime<Utc>, allowed: &[Status]) -> Result<(), UserError> {
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
