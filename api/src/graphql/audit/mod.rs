//! The audit log of an organization.

mod enums;
mod node;
mod object;
mod query;

pub use node::AuditEntry;
pub use object::subject_id;
pub use query::AuditQuery;
