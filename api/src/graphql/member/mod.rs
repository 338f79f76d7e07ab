//! Members: who belongs to the organization.

mod enums;
mod object;
mod query;

pub use enums::Role;
pub use object::Member;
pub use query::MemberQuery;
