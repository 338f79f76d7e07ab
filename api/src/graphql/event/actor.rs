//! Who did something.

use super::ActorKind;
use async_graphql::SimpleObject;

/// Who did something; kept as a value, so that it can be shown to those who see no members.
#[derive(SimpleObject)]
pub struct Actor {
    /// Their name at the time.
    pub display_name: String,
    /// In which capacity they acted.
    pub kind: ActorKind,
}
