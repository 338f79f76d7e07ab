//! The tokens in the links of mails. They are sealed, so that nobody can make one, and none is stored.

use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::error::Error;
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
    /// The end of the present hash, which reveals nothing. `None` if there is no password.
    present: Option<String>,
}

impl ResetLink {
    /// Returns whether the link still works for this account.
    pub(crate) fn is_valid(&self, user: &user::Model, now: DateTime<Utc>) -> bool {
        now < self.until && mark(user) == self.present
    }
}

const RESET: Purpose = Purpose { kind: "password reset", organization: Uuid::nil(), scope: None };

/// The length of the part of a hash by which a link recognizes it.
const PRESENT: usize = 16;

fn mark(user: &user::Model) -> Option<String> {
    user.password_hash.as_ref().map(|hash| hash.chars().rev().take(PRESENT).collect())
}

/// Returns the token of a link with which a person can set a new password until then.
pub(crate) fn reset_token(sealer: &Sealer, user: &user::Model, until: DateTime<Utc>) -> Result<String, Error> {
    sealer.seal(&RESET, &ResetLink { user: user.id, until, present: mark(user) })
}

pub(crate) fn open_reset(sealer: &Sealer, token: &str) -> Option<ResetLink> {
    sealer.open(&RESET, token)
}
