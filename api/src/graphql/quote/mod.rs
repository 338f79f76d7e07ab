//! Quotes: what a client is offered, and their answer.

mod mutation;
mod object;
mod query;

pub use mutation::QuoteMutation;
pub use object::Quote;
pub use query::{QuoteFilter, QuoteQuery};
