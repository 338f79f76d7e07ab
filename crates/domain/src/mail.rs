//! The job that sends a mail. The links in a mail are sealed, so that a repeated job sends the same mail.

use crate::{
    invitation_status::{Status, status},
    links,
};
use dossier_core::{
    error::Error,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::{Database, ReadTx, Sealer};
use dossier_jobs::{Backoff, Concurrency, JobContext, JobError, JobKind, KindOptions};
use dossier_mail::{Language, Letter, Mail, Mailer, SendError};
use entities::{invitation as invitations, organization, user};
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
            Self::PasswordChanged { .. } | Self::FactorAdded { .. } | Self::FactorRemoved { .. } => None,
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
        let (to, locale, letter) = match *self {
            Self::Invitation { invitation, link_number } => {
                let Some(row) = tx.get::<invitations::Entity>(invitation).await? else { return Ok(None) };
                let is_open = status(&row, tx.now) == Status::Pending;
                if row.link_number != link_number || !is_open {
                    return Ok(None);
                }
                let language = Language::of(&row.locale);
                let zone = organization.time_zone.parse::<chrono_tz::Tz>().map_err(Error::internal)?;
                let letter = Letter::Invitation {
                    organization: organization.name,
                    inviter: row.inviter_name.clone(),
                    link: mail.link("invitation", &links::invitation_token(&mail.sealer, &row)?),
                    expires: language.date(row.expires_at.with_timezone(&zone).date_naive()),
                };
                (row.email, row.locale, letter)
            }
            Self::PasswordReset { user } => {
                let Some(user) = tx.get::<user::Entity>(user).await? else { return Ok(None) };
                let (until, minutes) = (tx.now + links::RESET_LASTS, links::RESET_LASTS.num_minutes());
                let link = mail.link("reset-password", &links::reset_token(&mail.sealer, &user, until)?);
                let letter = Letter::PasswordReset { name: user.display_name, link, minutes };
                (user.email, user.locale.unwrap_or(organization.locale), letter)
            }
            Self::PasswordChanged { user } | Self::FactorAdded { user } | Self::FactorRemoved { user } => {
                let Some(user) = tx.get::<user::Entity>(user).await? else { return Ok(None) };
                let name = user.display_name;
                let letter = match self {
                    Self::FactorAdded { .. } => Letter::FactorAdded { name },
                    Self::FactorRemoved { .. } => Letter::FactorRemoved { name },
                    _ => Letter::PasswordChanged { name },
                };
                (user.email, user.locale.unwrap_or(organization.locale), letter)
            }
        };
        Ok(Some((to, letter.render(Language::of(&locale)).map_err(Error::internal)?)))
    }
}

impl MailContext {
    /// Returns a link into the web app. The token stands behind `#`, so that no server logs it.
    fn link(&self, page: &str, token: &str) -> String {
        format!("{}/{page}#{token}", self.app_url)
    }
}
