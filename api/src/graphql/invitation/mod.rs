//! Invitations to become a member.

mod enums;
mod mutation;
mod node;
mod object;
mod query;

pub use mutation::InvitationMutation;
pub use node::Invitation;
pub use query::InvitationQuery;
