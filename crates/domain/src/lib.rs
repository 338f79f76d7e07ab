//! Use cases: functions on a transaction that know the business rules, but not GraphQL or HTTP.

pub mod account;
pub mod api_key;
pub mod api_key_status;
pub mod calendar;
pub mod check;
pub mod client;
pub mod conversation;
pub mod document;
pub mod expiry;
mod invisible;
pub mod invitation;
pub mod invitation_status;
pub mod invoice;
mod links;
pub mod mail;
pub mod member;
pub mod organization;
pub mod password;
pub mod quota;
pub mod reclaim;
pub mod session;
pub mod sign_in;
pub mod upload;
pub mod upload_status;
pub mod use_case;
pub mod validation;
pub mod verification;
