//! Clients and their dossiers.

mod enums;
mod legal_hold;
mod mutation;
mod node;
mod object;
mod query;

pub use enums::{ClientAction, ClientStatus, ClientTrack};
pub use legal_hold::LegalHoldMutation;
pub use mutation::ClientMutation;
pub use node::Client;
pub use query::ClientQuery;
