//! The fields of a passkey.

use super::encode;
use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};
use dossier_domain::passkey;

/// A passkey of the viewer: a key on a device, which signs in without a password.
pub struct Passkey(pub passkey::Passkey);

/// A passkey of the viewer: a key on a device, which signs in without a password.
#[Object]
impl Passkey {
    /// The id, `passkey_…`.
    async fn id(&self) -> ID {
        encode(self.0.id)
    }

    /// The name that the person gave it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// When it was added.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last used. Null if never.
    async fn last_used_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_used_at
    }
}
