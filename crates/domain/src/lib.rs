//! Use cases: functions on a transaction that know the business rules, but not GraphQL or HTTP.

pub mod calendar;
pub mod check;
pub mod client;
pub mod conversation;
pub mod document;
pub mod expiry;
mod invisible;
pub mod invoice;
pub mod organization;
pub mod password;
pub mod quota;
pub mod reclaim;
pub mod sign_in;
pub mod upload;
pub mod upload_status;
pub mod validation;
pub mod verification;
