//! Credentials of a request, and the claims of an access token.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// The credentials of a request, whose signature was checked. Each transaction reads anew whom they speak for.
#[derive(Clone, Debug, Default)]
pub enum Credentials {
    /// No token.
    #[default]
    Anonymous,
    /// A valid access token.
    Bearer(Arc<Claims>),
}

impl Credentials {
    /// Returns whether they speak for nobody.
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
    /// The user whose session it is.
    #[serde(rename = "sub")]
    pub user: Uuid,
    /// When the token expires, in seconds since 1970.
    pub exp: i64,
}
