//! What can be done, as plain functions on a write unit: they know the rules of the field, and no GraphQL.

pub mod calendar;
pub mod check;
pub mod client;
pub mod conversation;
pub mod document;
mod invisible;
pub mod invoice;
pub mod money;
pub mod organization;
pub mod quota;
pub mod reclaim;
pub mod upload;
pub mod validation;
