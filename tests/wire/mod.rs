//! The protocols to the letter, as clients of any language see them.

mod closing;
mod drain;
mod errors;
mod http;
mod npm;
mod persisted;
mod socket;
