//! The tokens in the links of mails. They are sealed, so that nobody can make one, and none is stored.

use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::{error::Error, hex::sha256};
use dossier_data::{Purpose, Sealer};
use entities::{invitation, user};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The content of an invitation's link.
#[derive(Serialize, Deserialize)]
pub(crate) struct InvitationLink {
    pub(crate) organization: Uuid,
    pub(crate) invitation: Uuid,
    /// The number of the link. Only the newest link of an invitation works.
    pub(crate) number: i32,
}

const INVITATION: Purpose = Purpose { kind: "invitation", organization: Uuid::nil(), scope: None };

/// Returns the token of an invitation's newest link.
pub(crate) fn invitation_token(sealer: &Sealer, row: &invitation::Model) -> Result<String, Error> {
    let link = InvitationLink { organization: row.organization_id, invitation: row.id, number: row.link_number };
    sealer.seal(&INVITATION, &link)
}

pub(crate) fn open_invitation(sealer: &Sealer, token: &str) -> Option<InvitationLink> {
    sealer.open(&INVITATION, token)
}

/// How long the link of a password reset works.
pub(crate) const RESET_LASTS: TimeDelta = TimeDelta::minutes(30);

/// The content of the link of a password reset. A new password makes it invalid.
#[derive(Serialize, Deserialize)]
pub(crate) struct ResetLink {
    pub(crate) user: Uuid,
    until: DateTime<Utc>,
    /// A hash of the present password and address. Links to an earlier address do not work.
    present: String,
}

impl ResetLink {
    /// Returns whether the link still works for this account.
    pub(crate) fn is_valid(&self, user: &user::Model, now: DateTime<Utc>) -> bool {
        now < self.until && mark(user) == self.present
    }
}

const RESET: Purpose = Purpose { kind: "password reset", organization: Uuid::nil(), scope: None };

/// Returns a text that changes with the password, the address and the second factor. It reveals nothing.
fn mark(user: &user::Model) -> String {
    let user::Model { password_hash, email, totp_confirmed_at, passkeys, .. } = user;
    sha256(format!("{password_hash:?} {email} {totp_confirmed_at:?} {}", passkeys.is_some()).as_bytes())
}

/// Returns the token of a link with which a person can set a new password until then.
pub(crate) fn reset_token(sealer: &Sealer, user: &user::Model, until: DateTime<Utc>) -> Result<String, Error> {
    sealer.seal(&RESET, &ResetLink { user: user.id, until, present: mark(user) })
}

pub(crate) fn open_reset(sealer: &Sealer, token: &str) -> Option<ResetLink> {
    sealer.open(&RESET, token)
}

/// How long a link works that confirms an address.
pub(crate) const EMAIL_CHANGE_LASTS: TimeDelta = TimeDelta::hours(1);

/// The content of a link that confirms one of the two addresses of a change.
#[derive(Serialize, Deserialize)]
pub struct EmailChangeLink {
    /// The person.
    pub user: Uuid,
    /// The new address.
    pub new_email: String,
    /// Whether the link was sent to the new address, after the present one was confirmed.
    pub(crate) is_of_new_address: bool,
    until: DateTime<Utc>,
    present: String,
}

impl EmailChangeLink {
    /// Returns whether the link still works for this account. A new password or address makes it invalid.
    pub(crate) fn is_valid(&self, user: &user::Model, now: DateTime<Utc>) -> bool {
        now < self.until && mark(user) == self.present
    }
}

const EMAIL_CHANGE: Purpose = Purpose { kind: "email change", organization: Uuid::nil(), scope: None };

/// Returns the token of a link that confirms an address until then.
pub(crate) fn email_change_token(
    sealer: &Sealer,
    user: &user::Model,
    new_email: String,
    is_of_new_address: bool,
    until: DateTime<Utc>,
) -> Result<String, Error> {
    let link = EmailChangeLink { user: user.id, new_email, is_of_new_address, until, present: mark(user) };
    sealer.seal(&EMAIL_CHANGE, &link)
}

pub(crate) fn open_email_change(sealer: &Sealer, token: &str) -> Option<EmailChangeLink> {
    sealer.open(&EMAIL_CHANGE, token)
}
