//! The running server's parts, put together once.

use crate::{
    access::{Door, Sealer},
    auth::Tokens,
    storage::Objects,
};

/// What every request needs. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The only door to the database.
    pub door: Door,
    /// The object store.
    pub objects: Objects,
    /// Signs and checks access tokens.
    pub tokens: Tokens,
    /// Seals cursors.
    pub sealer: Sealer,
}
