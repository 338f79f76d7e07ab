//! Quotes, and the clients' answers to them.

mod mutation;
mod node;
mod object;
mod query;

pub use mutation::QuoteMutation;
pub use node::Quote;
pub use query::{QuoteFilter, QuoteQuery};
