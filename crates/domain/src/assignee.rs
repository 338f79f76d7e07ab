//! The members to whom a validation request can be assigned.

use dossier_core::error::{Error, UserError};
use dossier_data::WriteTx;
use entities::{
    client,
    membership::{self, Role},
    membership_site,
};
use sea_orm::ColumnTrait;
use uuid::Uuid;

/// Fails unless a member can get the request: active, entitled to decide, and with access to the dossier.
pub(crate) async fn check(tx: &WriteTx, id: Uuid, dossier: &client::Model) -> Result<(), Error> {
    let missing = || UserError::not_found("assignee_id");
    let assignee = tx.get::<membership::Entity>(id).await?.ok_or_else(missing)?;
    let reaches = match assignee.role {
        Role::Owner | Role::Operator => true,
        Role::Manager => {
            let sites = tx.find::<membership_site::Entity>().filter(membership_site::Column::MembershipId.eq(id));
            match dossier.site_id {
                Some(site) => sites.filter(membership_site::Column::SiteId.eq(site)).exists().await?,
                None => false,
            }
        }
        Role::Staff | Role::Client => false,
    };
    if reaches && assignee.suspended_at.is_none() {
        Ok(())
    } else {
        let message = "must be an active owner or operator, or a manager of the dossier's site";
        Err(UserError::invalid("assignee_id", message).into())
    }
}
