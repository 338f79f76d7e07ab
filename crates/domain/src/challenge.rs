//! Challenges: a sign-in that has proved the password, and still needs the second factor. They are sealed, so that nobody
//! can make one, and none is stored.

use crate::{
    factor,
    links::InvitationLink,
    session::{Device, ExternalOrigin},
};
use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::error::{Error, UserError};
use dossier_data::{Purpose, Sealer};
use entities::user;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long a challenge can be answered.
const LASTS: TimeDelta = TimeDelta::minutes(5);

/// A challenge for its person.
#[derive(Clone, Debug)]
pub struct FactorChallenge {
    /// The sealed text.
    pub token: String,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
    /// Whether a code of an authenticator app answers it.
    pub accepts_app_code: bool,
    /// Whether a passkey answers it.
    pub accepts_passkey: bool,
}

/// The content of a challenge.
#[derive(Serialize, Deserialize)]
pub struct Challenge {
    /// The person.
    pub user: Uuid,
    /// The address of their account.
    pub email: String,
    /// The purpose of the sign-in.
    pub(crate) destination: Destination,
    device: Option<String>,
    network: Option<String>,
    until: DateTime<Utc>,
    /// The state of the factor. Each use of the factor changes it, so that a challenge works once.
    state: String,
    /// The sign-in at an identity provider, if it was one.
    #[serde(default)]
    pub(crate) external: Option<ExternalOrigin>,
}

/// What a sign-in leads to.
#[derive(Serialize, Deserialize)]
pub(crate) enum Destination {
    /// A session of a membership.
    Membership(Uuid),
    /// A session of the membership that an invitation gives. The person joins when they answer the challenge.
    Invitation(InvitationLink),
}

const CHALLENGE: Purpose = Purpose { kind: "factor challenge", organization: Uuid::nil(), scope: None };

/// Creates a challenge for a person with a second factor.
pub(crate) fn seal(
    sealer: &Sealer,
    user: &user::Model,
    destination: Destination,
    device: Device,
    external: Option<ExternalOrigin>,
    now: DateTime<Utc>,
) -> Result<FactorChallenge, Error> {
    let challenge = Challenge {
        user: user.id,
        email: user.email.clone(),
        destination,
        device: device.name,
        network: device.network,
        until: now + LASTS,
        state: factor::state(user),
        external,
    };
    Ok(FactorChallenge {
        token: sealer.seal(&CHALLENGE, &challenge)?,
        expires_at: challenge.until,
        accepts_app_code: factor::has_app(user),
        accepts_passkey: user.passkeys.is_some(),
    })
}

/// The error for a challenge that is forged, expired or used.
pub(crate) fn invalid() -> UserError {
    UserError::invalid("challenge", "is not valid any more; sign in again")
}

/// Returns the content of a challenge, which may have expired.
pub fn open(sealer: &Sealer, token: &str) -> Option<Challenge> {
    sealer.open(&CHALLENGE, token)
}

impl Challenge {
    /// Returns whether the challenge can be answered for this account.
    pub(crate) fn is_valid(&self, user: &user::Model, now: DateTime<Utc>) -> bool {
        now < self.until && factor::is_enrolled(user) && factor::state(user) == self.state
    }

    /// Returns the device that signs in.
    pub(crate) fn device(&self) -> Device {
        Device { name: self.device.clone(), network: self.network.clone() }
    }
}
