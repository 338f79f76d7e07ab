mod credit_note;
mod draft;
mod issue;
mod list;
mod money;
mod payment;
mod quote;
pub mod support;
mod visibility;
