//! Sessions: renewed, listed, ended, and switched to another membership.

mod delivery;
mod mutation;
mod node;
mod object;
mod payload;
mod query;

pub use delivery::RefreshTokenDelivery;
pub use mutation::SessionMutation;
pub use node::Session;
pub(in crate::graphql) use payload::session_payload;
pub use payload::{FactorChallenge, MembershipChoice, Started};
pub use query::{SessionQuery, open_sessions};
