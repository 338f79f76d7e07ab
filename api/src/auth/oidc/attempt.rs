//! Sign-ins that have begun. They are sealed, so that nobody can make one, and none is stored. The client keeps the sealed
//! text where it began, which binds the sign-in to the same browser or device.

use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::hex::sha256;
use dossier_data::{Purpose, Sealer};
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

/// How long a sign-in at the provider may take.
pub(super) const LASTS: TimeDelta = TimeDelta::minutes(10);

pub(super) const PURPOSE: Purpose = Purpose { kind: "external sign-in", organization: Uuid::nil(), scope: None };

/// A sign-in that has begun.
#[derive(Serialize, Deserialize)]
pub struct Attempt {
    /// Identifies the sign-in. It becomes the key of its session, so that it opens only one.
    pub id: Uuid,
    /// The SHA-256 of the state.
    pub(super) state: String,
    pub(super) nonce: String,
    /// The secret of which the provider knows the SHA-256 (RFC 7636).
    pub(super) verifier: String,
    pub(super) redirect_url: String,
    /// Whether the provider must ask the person for a proof again.
    pub(super) reauthenticate: bool,
    until: DateTime<Utc>,
}

/// A sign-in for the client.
pub struct Begun {
    /// The page of the provider.
    pub authorization_url: Url,
    /// The sealed sign-in.
    pub attempt: String,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
}

impl Attempt {
    /// Opens a sealed sign-in that has this state and has not expired.
    pub fn open(sealer: &Sealer, text: &str, state: &str, now: DateTime<Utc>) -> Option<Self> {
        let attempt: Self = sealer.open(&PURPOSE, text)?;
        (now < attempt.until && attempt.state == sha256(state.as_bytes())).then_some(attempt)
    }

    /// Returns when it began.
    pub(super) fn began_at(&self) -> DateTime<Utc> {
        self.until - LASTS
    }

    pub(super) fn new(
        now: DateTime<Utc>,
        state: &str,
        nonce: String,
        verifier: String,
        redirect_url: String,
        reauthenticate: bool,
    ) -> Self {
        let (id, state, until) = (dossier_core::clock::new_id(now), sha256(state.as_bytes()), now + LASTS);
        Self { id, state, nonce, verifier, redirect_url, reauthenticate, until }
    }
}
