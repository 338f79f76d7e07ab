//! The verification of what a request authenticates itself with: access tokens, which are signed for a session, API keys,
//! and access tokens of an external issuer. It also contains the sign-in at an identity provider.

pub mod api_key;
pub mod oidc;
pub mod token;

pub use api_key::ApiKeys;
pub use token::Tokens;
