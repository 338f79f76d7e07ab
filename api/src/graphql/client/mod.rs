//! Clients: the dossiers.

mod enums;
mod mutation;
mod object;
mod query;

pub use enums::{ClientStatus, ClientTrack};
pub use mutation::ClientMutation;
pub use object::Client;
pub use query::ClientQuery;
