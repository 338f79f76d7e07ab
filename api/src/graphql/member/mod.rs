//! Members of the organization.

mod enums;
mod mutation;
mod node;
mod object;
mod query;

pub use enums::Role;
pub use mutation::MemberMutation;
pub use node::Member;
pub use query::MemberQuery;
