//! The second factor of a person, and proofs of identity.

mod mutation;

pub use mutation::FactorMutation;
