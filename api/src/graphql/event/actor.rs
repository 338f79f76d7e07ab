//! The author of an action.

use super::ActorKind;
use async_graphql::SimpleObject;

/// The author of an action. The values are copied at the time of the action, so that viewers who cannot see members can
/// read them.
#[derive(SimpleObject)]
pub struct Actor {
    /// The name of the person at the time of the action.
    pub display_name: String,
    /// The capacity in which the person acted.
    pub kind: ActorKind,
}
