//! The account of a person: password, name and language.

mod mutation;

pub use mutation::AccountMutation;
