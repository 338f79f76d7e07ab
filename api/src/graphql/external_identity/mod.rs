//! Sign-in at an identity provider, and the accounts there that are linked to people.

mod mutation;
mod node;
mod object;
mod query;

pub use mutation::ExternalIdentityMutation;
pub use node::ExternalIdentity;
pub use query::ExternalIdentityQuery;
