//! Access tokens, which are signed for a session and verified for each request.

pub mod token;

pub use token::Tokens;
