//! The passkeys of a person, as their account stores them.

use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use entities::user;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use webauthn_rs::prelude::Passkey as Credential;

/// A passkey.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Passkey {
    /// The id in this API.
    pub id: Uuid,
    /// The name that the person gave it.
    pub name: String,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it was used last.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When the last attempt began that used it. Attempts that began earlier cannot use it any more.
    pub(super) last_attempt_at: Option<DateTime<Utc>>,
    /// The public key and the counter.
    pub(super) credential: Credential,
}

impl Passkey {
    pub(super) fn has_credential(&self, id: &[u8]) -> bool {
        self.credential.cred_id().as_slice() == id
    }
}

/// Returns the passkeys of a person, oldest first.
pub fn list(user: &user::Model) -> Result<Vec<Passkey>, Error> {
    let stored = user.passkeys.as_deref().map(serde_json::from_str);
    stored.transpose().map(Option::unwrap_or_default).map_err(Error::internal)
}

/// Returns the account with these passkeys.
pub(super) fn with(user: &user::Model, passkeys: &[Passkey]) -> Result<user::Model, Error> {
    let text = serde_json::to_string(passkeys).map_err(Error::internal)?;
    Ok(user::Model { passkeys: Some(text).filter(|_| !passkeys.is_empty()), ..user.clone() })
}
