//! Members: who belongs to the organization.

mod object;
mod query;

pub use object::Member;
pub use query::MemberQuery;
