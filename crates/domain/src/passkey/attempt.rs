//! Attempts to add or to use a passkey. They are sealed, so that nobody can make one, and none is stored.

use crate::challenge::Challenge;
use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::error::{Error, UserError};
use dossier_data::{Purpose, Sealer};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyRegistration};

/// How long an attempt can be completed.
const LASTS: TimeDelta = TimeDelta::minutes(5);

const REGISTRATION: Purpose = Purpose { kind: "passkey registration", organization: Uuid::nil(), scope: None };
const AUTHENTICATION: Purpose = Purpose { kind: "passkey authentication", organization: Uuid::nil(), scope: None };

/// An attempt that has begun.
pub struct Begun {
    /// The sealed attempt.
    pub attempt: String,
    /// The options for `navigator.credentials`, as JSON.
    pub options: String,
    /// When the attempt expires.
    pub expires_at: DateTime<Utc>,
}

/// An attempt to add a passkey.
#[derive(Serialize, Deserialize)]
pub(super) struct Registration {
    pub user: Uuid,
    pub session: Option<Uuid>,
    pub state: PasskeyRegistration,
    begun_at: DateTime<Utc>,
}

/// An attempt to authenticate with a passkey.
#[derive(Serialize, Deserialize)]
pub(super) struct Authentication {
    /// The person, if they were known when it began.
    pub user: Option<Uuid>,
    /// The sign-in with a password that the passkey completes.
    pub challenge: Option<Challenge>,
    pub state: DiscoverableAuthentication,
    pub begun_at: DateTime<Utc>,
}

impl Registration {
    pub fn new(user: Uuid, session: Option<Uuid>, state: PasskeyRegistration, begun_at: DateTime<Utc>) -> Self {
        Self { user, session, state, begun_at }
    }

    /// Seals the attempt together with the options for the browser.
    pub fn begin(&self, sealer: &Sealer, options: &impl Serialize) -> Result<Begun, Error> {
        begin(sealer, &REGISTRATION, self, self.begun_at, options)
    }

    pub fn open(sealer: &Sealer, text: &str, now: DateTime<Utc>) -> Result<Self, UserError> {
        open(sealer, &REGISTRATION, text, now, |attempt: &Self| attempt.begun_at)
    }
}

impl Authentication {
    /// Seals the attempt together with the options for the browser.
    pub fn begin(&self, sealer: &Sealer, options: &impl Serialize) -> Result<Begun, Error> {
        begin(sealer, &AUTHENTICATION, self, self.begun_at, options)
    }

    pub fn open(sealer: &Sealer, text: &str, now: DateTime<Utc>) -> Result<Self, UserError> {
        open(sealer, &AUTHENTICATION, text, now, |attempt: &Self| attempt.begun_at)
    }
}

fn begin(
    sealer: &Sealer,
    purpose: &Purpose,
    attempt: &impl Serialize,
    begun_at: DateTime<Utc>,
    options: &impl Serialize,
) -> Result<Begun, Error> {
    let options = serde_json::to_string(options).map_err(Error::internal)?;
    Ok(Begun { attempt: sealer.seal(purpose, attempt)?, options, expires_at: begun_at + LASTS })
}

fn open<T: DeserializeOwned>(
    sealer: &Sealer,
    purpose: &Purpose,
    text: &str,
    now: DateTime<Utc>,
    begun_at: impl Fn(&T) -> DateTime<Utc>,
) -> Result<T, UserError> {
    let attempt = sealer.open(purpose, text).filter(|attempt| now < begun_at(attempt) + LASTS);
    attempt.ok_or_else(invalid)
}

/// The error for an attempt that is forged, expired or used.
pub(super) fn invalid() -> UserError {
    UserError::invalid("attempt", "is not valid any more; begin again")
}
