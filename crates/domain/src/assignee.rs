//! The members who can be named in a dossier: to decide a validation request, or in a comment.

use dossier_core::error::{Error, UserError};
use dossier_data::{ReadTx, WriteTx};
use entities::{
    client,
    membership::{self, Model, Role},
    membership_site,
};
use sea_orm::ColumnTrait;
use uuid::Uuid;

/// Fails unless a member can get the request: active, entitled to decide, and with access to the dossier.
pub(crate) async fn check(tx: &WriteTx, id: Uuid, dossier: &client::Model) -> Result<(), Error> {
    let missing = || UserError::not_found("assignee_id");
    let assignee = tx.get::<membership::Entity>(id).await?.ok_or_else(missing)?;
    let decides = matches!(assignee.role, Role::Owner | Role::Operator | Role::Manager);
    if decides && assignee.suspended_at.is_none() && has_access(tx, &assignee, dossier).await? {
        Ok(())
    } else {
        let message = "must be an active owner or operator, or a manager of the dossier's site";
        Err(UserError::invalid("assignee_id", message).into())
    }
}

/// Fails unless a comment can mention a member, who must be able to read it.
pub(crate) async fn check_mention(
    tx: &WriteTx,
    id: Uuid,
    dossier: &client::Model,
    is_internal: bool,
) -> Result<(), Error> {
    let missing = || UserError::not_found("mention_ids");
    let member = tx.get::<membership::Entity>(id).await?.ok_or_else(missing)?;
    if can_read(tx, &member, dossier, is_internal).await? {
        Ok(())
    } else {
        Err(UserError::invalid("mention_ids", "must be active members who can read the comment").into())
    }
}

/// Returns whether a member can read a comment in a dossier.
pub(crate) async fn can_read(
    tx: &ReadTx,
    member: &Model,
    dossier: &client::Model,
    is_internal: bool,
) -> Result<bool, Error> {
    let is_active = member.suspended_at.is_none() && member.removed_at.is_none();
    let reads = is_active && !(is_internal && member.role == Role::Client);
    Ok(reads && has_access(tx, member, dossier).await?)
}

async fn has_access(tx: &ReadTx, member: &Model, dossier: &client::Model) -> Result<bool, Error> {
    match member.role {
        Role::Owner | Role::Operator => Ok(true),
        Role::Manager | Role::Staff => {
            let sites =
                tx.find::<membership_site::Entity>().filter(membership_site::Column::MembershipId.eq(member.id));
            match dossier.site_id {
                Some(site) => sites.filter(membership_site::Column::SiteId.eq(site)).exists().await,
                None => Ok(false),
            }
        }
        Role::Client => Ok(member.client_id == Some(dossier.id)),
    }
}
