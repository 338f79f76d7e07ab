//! API keys, with which scripts call the API.

mod enums;
mod mutation;
mod node;
mod object;
mod query;

pub use mutation::ApiKeyMutation;
pub use node::ApiKey;
pub use query::ApiKeyQuery;
