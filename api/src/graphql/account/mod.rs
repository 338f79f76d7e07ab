//! The account of a person: password, name and language.

mod mutation;

pub use mutation::AccountMutation;
pub(in crate::graphql) use mutation::account_payload;
