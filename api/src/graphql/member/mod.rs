//! Members of the organization.

mod enums;
mod node;
mod object;
mod query;

pub use enums::Role;
pub use node::Member;
pub use query::MemberQuery;
