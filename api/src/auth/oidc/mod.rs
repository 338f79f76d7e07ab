//! Sign-in at an identity provider, and access tokens of an external issuer: `OpenID` Connect Core 1.0 with the
//! authorization code flow, PKCE (RFC 7636), state and nonce.
//!
//! A provider is trusted for what its tokens say about its own accounts. All answers of a provider are limited in size and
//! time, and no redirect is followed.

mod attempt;
mod claims;
mod discovery;
mod external_tokens;
mod fetch;
mod id_token;
mod keys;
mod provider;

pub use attempt::{Attempt, Begun};
pub use external_tokens::ExternalTokens;
pub use provider::IdentityProvider;
