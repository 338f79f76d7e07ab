//! The credentials of a request, and the claims of an access token.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// The credentials of a request. Their signature is checked. Each transaction looks up anew whom they identify.
#[derive(Clone, Debug, Default)]
pub enum Credentials {
    /// No token.
    #[default]
    Anonymous,
    /// A valid access token.
    Bearer(Arc<Claims>),
}

impl Credentials {
    /// Returns whether the credentials identify nobody.
    pub fn is_anonymous(&self) -> bool {
        matches!(self, Self::Anonymous)
    }
}

/// The claims of an access token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    /// The session.
    #[serde(rename = "sid")]
    pub session: Uuid,
    /// The user of the session.
    #[serde(rename = "sub")]
    pub user: Uuid,
    /// The time at which the token expires, in seconds since 1970.
    pub exp: i64,
}
