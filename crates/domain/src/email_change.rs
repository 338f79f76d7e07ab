//! The change of a person's address. A link of a mail to the present address confirms it, and then a link of a mail to the
//! new one. The links are sealed, and nothing is stored before both are confirmed.

use crate::{
    audit, check,
    links::{self, EmailChangeLink},
    mail::SendMail,
    session::{self, Choice},
};
use dossier_core::{
    credentials::Credentials,
    error::{Error, UserError},
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::{Database, Sealer, WriteTx};
use entities::{
    audit_entry::Action,
    user::{Entity, Model},
};
use uuid::Uuid;

/// A step in the change of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A mail with a link was sent to the new address.
    NewAddress,
    /// Both addresses are confirmed, and the address was changed.
    Changed,
}

/// Sends a link to the present address of the person who has signed in.
pub async fn request(database: &Database, credentials: &Credentials, new_email: &str) -> Result<Uuid, Error> {
    let tx = database.write(credentials).await?;
    let user = session::unlimited_member(&tx)?.user;
    session::require_recent_proof(&tx).await?;
    let new_email = check::email("new_email", new_email)?;
    let account = tx.visible::<Entity>(user, "id").await?;
    if account.email == new_email {
        return Err(UserError::invalid("new_email", "is your address already").into());
    }
    tx.enqueue_job(&SendMail::ConfirmPresentAddress { user, new_email }).await?;
    tx.commit().await?;
    Ok(user)
}

/// Returns the content of a link, whether or not it still works.
pub fn open(sealer: &Sealer, token: &str) -> Option<EmailChangeLink> {
    links::open_email_change(sealer, token)
}

/// Confirms one of the addresses by the token of its link.
pub async fn confirm(database: &Database, sealer: &Sealer, token: &str) -> Result<Step, Error> {
    let invalid = || UserError::invalid("token", "is not valid any more; request the change of the address again");
    let link = open(sealer, token).ok_or_else(invalid)?;
    let tx = database.write_as(Viewer::SigningIn { user: link.user }).await?;
    let before = tx.visible::<Entity>(link.user, "token").await?;
    if !link.is_valid(&before, tx.now) {
        return Err(invalid().into());
    }
    let Some(Choice { organization, .. }) = session::choices(&tx).await?.into_iter().next() else {
        return Err(UserError::forbidden("You have no active membership.").into());
    };
    let (step, mail) = if link.is_of_new_address {
        change(&tx, &before, link.new_email).await?;
        (Step::Changed, SendMail::AddressChanged { user: link.user, old_email: before.email })
    } else {
        (Step::NewAddress, SendMail::ConfirmNewAddress { user: link.user, new_email: link.new_email })
    };
    tx.commit().await?;
    let tx = database.write_as(Viewer::system(organization.id, SystemPurpose::Identity)).await?;
    tx.enqueue_job(&mail).await?;
    tx.commit().await?;
    Ok(step)
}

/// Changes the address of an account that the transaction has locked, and ends all sessions of the person.
pub async fn change(tx: &WriteTx, before: &Model, new_email: String) -> Result<(), Error> {
    let after = Model { email: new_email, ..before.clone() };
    match tx.update_without_event(before, after).await {
        Err(error) if error.is_unique_violation() => {
            return Err(UserError::conflict("Another account has this address.").into());
        }
        changed => changed?,
    };
    session::end_of_person(tx, before.id, None).await?;
    let choices = session::choices(tx).await?;
    session::record_in_each(tx, &choices, Action::AddressChanged, |record, choice| {
        record.by(audit::author(&choice.membership, &before.display_name, None)).named(&before.display_name)
    });
    Ok(())
}
