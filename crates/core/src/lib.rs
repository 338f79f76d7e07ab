//! The types that every layer uses: viewers and their grants, errors, ids, money, and time.

pub mod api_token;
pub mod clock;
pub mod credentials;
pub mod error;
pub mod hex;
pub mod id;
pub mod money;
pub mod scope;
pub mod secret;
pub mod viewer;
