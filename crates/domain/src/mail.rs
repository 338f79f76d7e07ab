//! The job that sends a mail. The links in a mail are sealed, so that a repeated job sends the same mail.

use crate::{
    assignee,
    invitation_status::{Status, status},
    links,
};
use chrono::{DateTime, Utc};
use dossier_core::{
    error::Error,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::{Database, ReadTx, Sealer};
use dossier_jobs::{Backoff, Concurrency, JobContext, JobError, JobKind, KindOptions};
use dossier_mail::{Language, Letter, Mail, Mailer, SendError};
use entities::{
    client, invitation as invitations,
    membership::{self, Role},
    organization, user, validation_comment, validation_request,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// A mail to send. Its text is made when it is sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum SendMail {
    /// An invitation, with its newest link.
    Invitation {
        /// The invitation.
        invitation: Uuid,
        /// The number of its link. Another link has another job.
        link_number: i32,
    },
    /// The link of a password reset.
    PasswordReset {
        /// The person.
        user: Uuid,
    },
    /// The news that a password was changed.
    PasswordChanged {
        /// The person.
        user: Uuid,
    },
    /// The news that a second factor was added.
    FactorAdded {
        /// The person.
        user: Uuid,
    },
    /// The news that a second factor was removed.
    FactorRemoved {
        /// The person.
        user: Uuid,
    },
    /// The news that an account at an identity provider was linked.
    ExternalIdentityLinked {
        /// The person.
        user: Uuid,
        /// The name of the provider.
        provider: String,
    },
    /// The news that the link to an account at an identity provider was removed.
    ExternalIdentityRemoved {
        /// The person.
        user: Uuid,
        /// The name of the provider.
        provider: String,
    },
    /// The news that a comment mentions a member.
    Mentioned {
        /// The comment.
        comment: Uuid,
        /// The request that it is about.
        request: Uuid,
        /// The membership.
        member: Uuid,
    },
    /// A link to the present address, which confirms that it changes.
    ConfirmPresentAddress {
        /// The person.
        user: Uuid,
        /// The new address.
        new_email: String,
    },
    /// A link to the new address, which confirms that it is the person's.
    ConfirmNewAddress {
        /// The person.
        user: Uuid,
        /// The new address.
        new_email: String,
    },
    /// The news, to the earlier address, that the address was changed.
    AddressChanged {
        /// The person.
        user: Uuid,
        /// The earlier address.
        old_email: String,
    },
}

/// The parts that sending mail needs.
#[derive(Clone)]
pub struct MailContext {
    /// The database.
    pub database: Database,
    /// Sends the mail.
    pub mailer: Mailer,
    /// Seals the links.
    pub sealer: Sealer,
    /// The URL of the web app, which links lead to, without a slash at the end.
    pub app_url: String,
}

impl JobKind for SendMail {
    const NAME: &'static str = "mail.send";

    const OPTIONS: KindOptions = KindOptions {
        priority: 10,
        max_attempts: 12,
        timeout: Duration::from_mins(2),
        backoff: Backoff { first: Duration::from_secs(10), max: Duration::from_hours(1) },
        concurrency: Concurrency { per_process: Some(4), overall: None, per_organization: Some(2) },
    };

    fn unique_key(&self) -> Option<String> {
        match self {
            Self::Invitation { invitation, link_number } => Some(format!("invitation {invitation} {link_number}")),
            // Somebody who asks again while a mail waits gets one mail. Its link works from the time at which it is sent.
            Self::PasswordReset { user } => Some(format!("password reset {user}")),
            Self::PasswordChanged { .. }
            | Self::FactorAdded { .. }
            | Self::FactorRemoved { .. }
            | Self::ExternalIdentityLinked { .. }
            | Self::ExternalIdentityRemoved { .. }
            | Self::AddressChanged { .. } => None,
            // Several comments while a mail waits make one mail.
            Self::Mentioned { request, member, .. } => Some(format!("mentioned {request} {member}")),
            Self::ConfirmPresentAddress { user, .. } => Some(format!("confirm present address {user}")),
            Self::ConfirmNewAddress { user, .. } => Some(format!("confirm new address {user}")),
        }
    }
}

impl SendMail {
    /// Returns the mail of an invitation.
    pub fn of_invitation(row: &invitations::Model) -> Self {
        Self::Invitation { invitation: row.id, link_number: row.link_number }
    }

    /// Runs the job.
    pub async fn run(mail: MailContext, job: Self, context: JobContext) -> Result<(), JobError> {
        let tx = mail.database.read_as(Viewer::system(context.organization(), SystemPurpose::Identity)).await?;
        let Some((to, letter)) = job.write(&tx, &mail).await? else { return Ok(()) };
        drop(tx);
        match mail.mailer.send(&to, letter, context.id()).await {
            Ok(()) => Ok(()),
            Err(error @ SendError::Refused(_)) => Err(JobError::permanent(error)),
            Err(error @ SendError::Unavailable(_)) => Err(error.into()),
        }
    }

    /// Returns the address and the mail, or `None` if there is nothing to say any more.
    async fn write(&self, tx: &ReadTx, mail: &MailContext) -> Result<Option<(String, Mail)>, Error> {
        let Some(organization) = tx.get::<organization::Entity>(tx.organization()?).await? else { return Ok(None) };
        let written = match *self {
            Self::Invitation { invitation, link_number } => {
                write_invitation(tx, mail, organization, invitation, link_number).await?
            }
            Self::Mentioned { comment, member, .. } => write_mention(tx, mail, &organization, comment, member).await?,
            Self::PasswordReset { user }
            | Self::PasswordChanged { user }
            | Self::FactorAdded { user }
            | Self::FactorRemoved { user }
            | Self::ExternalIdentityLinked { user, .. }
            | Self::ExternalIdentityRemoved { user, .. }
            | Self::ConfirmPresentAddress { user, .. }
            | Self::ConfirmNewAddress { user, .. }
            | Self::AddressChanged { user, .. } => {
                let Some(user) = tx.get::<user::Entity>(user).await? else { return Ok(None) };
                let letter = self.letter_to(&user, mail, tx.now)?;
                let to = self.other_address().unwrap_or(&user.email).to_owned();
                Some((to, user.locale.unwrap_or(organization.locale), letter))
            }
        };
        let Some((to, locale, letter)) = written else { return Ok(None) };
        Ok(Some((to, letter.render(Language::of(&locale)).map_err(Error::internal)?)))
    }

    /// Returns the address to which a mail goes that does not go to the person's present one.
    fn other_address(&self) -> Option<&str> {
        match self {
            Self::ConfirmNewAddress { new_email: other, .. } | Self::AddressChanged { old_email: other, .. } => {
                Some(other)
            }
            _ => None,
        }
    }

    /// Returns the letter to a person.
    fn letter_to(&self, user: &user::Model, mail: &MailContext, now: DateTime<Utc>) -> Result<Letter, Error> {
        let name = user.display_name.clone();
        let confirm = |new_email: &String, is_of_new_address| {
            let (new_email, until) = (new_email.clone(), now + links::EMAIL_CHANGE_LASTS);
            let token = links::email_change_token(&mail.sealer, user, new_email, is_of_new_address, until)?;
            Ok::<_, Error>((mail.link("confirm-email", &token), links::EMAIL_CHANGE_LASTS.num_minutes()))
        };
        Ok(match self {
            Self::PasswordReset { .. } => {
                let token = links::reset_token(&mail.sealer, user, now + links::RESET_LASTS)?;
                let (link, minutes) = (mail.link("reset-password", &token), links::RESET_LASTS.num_minutes());
                Letter::PasswordReset { name, link, minutes }
            }
            Self::ConfirmPresentAddress { new_email, .. } => {
                let (link, minutes) = confirm(new_email, false)?;
                Letter::ConfirmPresentAddress { name, new_email: new_email.clone(), link, minutes }
            }
            Self::ConfirmNewAddress { new_email, .. } => {
                let (link, minutes) = confirm(new_email, true)?;
                Letter::ConfirmNewAddress { name, link, minutes }
            }
            Self::AddressChanged { .. } => Letter::AddressChanged { name },
            Self::FactorAdded { .. } => Letter::FactorAdded { name },
            Self::FactorRemoved { .. } => Letter::FactorRemoved { name },
            Self::ExternalIdentityLinked { provider, .. } => {
                Letter::ExternalIdentityLinked { name, provider: provider.clone() }
            }
            Self::ExternalIdentityRemoved { provider, .. } => {
                Letter::ExternalIdentityRemoved { name, provider: provider.clone() }
            }
            Self::PasswordChanged { .. } => Letter::PasswordChanged { name },
            Self::Invitation { .. } | Self::Mentioned { .. } => {
                return Err(Error::internal("this mail does not go to an account"));
            }
        })
    }
}

/// Returns the address, the language and the letter of an invitation, if it is open and has this link.
async fn write_invitation(
    tx: &ReadTx,
    mail: &MailContext,
    organization: organization::Model,
    invitation: Uuid,
    link_number: i32,
) -> Result<Option<(String, String, Letter)>, Error> {
    let Some(row) = tx.get::<invitations::Entity>(invitation).await? else { return Ok(None) };
    if row.link_number != link_number || status(&row, tx.now) != Status::Pending {
        return Ok(None);
    }
    let zone = organization.time_zone.parse::<chrono_tz::Tz>().map_err(Error::internal)?;
    let letter = Letter::Invitation {
        organization: organization.name,
        inviter: row.inviter_name.clone(),
        link: mail.link("invitation", &links::invitation_token(&mail.sealer, &row)?),
        expires: Language::of(&row.locale).date(row.expires_at.with_timezone(&zone).date_naive()),
    };
    Ok(Some((row.email, row.locale, letter)))
}

/// Returns the address, the language and the letter for a mentioned member, if the member is still active. The comment
/// itself stays in the dossier.
async fn write_mention(
    tx: &ReadTx,
    mail: &MailContext,
    organization: &organization::Model,
    comment: Uuid,
    member: Uuid,
) -> Result<Option<(String, String, Letter)>, Error> {
    let Some(comment) = tx.get::<validation_comment::Entity>(comment).await? else { return Ok(None) };
    let Some(request) = tx.get::<validation_request::Entity>(comment.request_id).await? else { return Ok(None) };
    let Some(member) = tx.get::<membership::Entity>(member).await? else { return Ok(None) };
    let Some(dossier) = tx.get::<client::Entity>(request.client_id).await? else { return Ok(None) };
    // The member may have lost the dossier while the mail waited.
    if !assignee::can_read(tx, &member, &dossier, comment.internal || request.internal).await? {
        return Ok(None);
    }
    let Some(user) = tx.get::<user::Entity>(member.user_id).await? else { return Ok(None) };
    let page = if member.role == Role::Client { "portal/requests" } else { "validation" };
    let id = dossier_core::id::encode("validation_request", request.id);
    let letter = Letter::Mentioned {
        name: user.display_name,
        author: comment.author_name,
        title: request.title,
        link: format!("{}/{page}/{id}", mail.app_url),
    };
    Ok(Some((user.email, user.locale.unwrap_or_else(|| organization.locale.clone()), letter)))
}

impl MailContext {
    /// Returns a link into the web app. The token stands behind `#`, so that no server logs it.
    fn link(&self, page: &str, token: &str) -> String {
        format!("{}/{page}#{token}", self.app_url)
    }
}
