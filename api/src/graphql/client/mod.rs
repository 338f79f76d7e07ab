//! Clients: the dossiers.

mod mutation;
mod object;
mod query;

pub use mutation::ClientMutation;
pub use object::Client;
pub use query::ClientQuery;
