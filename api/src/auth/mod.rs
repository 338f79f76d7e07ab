//! Access tokens: signed for a session, and checked for each request.

pub mod token;

pub use token::Tokens;
