//! The verification of what a request authenticates itself with: access tokens, which are signed for a session, and API
//! keys.

pub mod api_key;
pub mod token;

pub use api_key::ApiKeys;
pub use token::Tokens;
