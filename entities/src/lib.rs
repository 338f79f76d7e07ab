//! Dossier's tables: one a file, without logic. [`for_each_entity`] is the one list of them all.
//!
//! Every row carries its organization, so that no rule needs a join to find it. Times are UTC, truncated to the
//! microsecond; money is in minor units of its currency; rates and quantities are scaled integers.

// The fields of a table say what they are; the schema's text stands on the GraphQL objects.
#![allow(missing_docs)]
// `DeriveEntityModel` and `DeriveActiveEnum` write code that pedantic lints do not like.
#![allow(clippy::derive_partial_eq_without_eq)]
// What `sea_orm::model` writes uses finders; nothing here runs them.
#![allow(clippy::disallowed_methods)]

pub mod client;
pub mod conversation;
pub mod counter;
pub mod document;
pub mod document_version;
pub mod event;
pub mod idempotency_record;
pub mod invoice;
pub mod invoice_line;
pub mod job;
pub mod job_detail;
pub mod membership;
pub mod membership_site;
pub mod message;
pub mod organization;
pub mod payment;
pub mod schedule;
pub mod session;
pub mod site;
pub mod user;
pub mod validation_request;
pub mod validation_step;

/// Calls a macro with the module of every entity: what is written for each entity is written through this list,
/// so that a new table cannot be forgotten.
#[macro_export]
macro_rules! for_each_entity {
    ($call:ident) => {
        $call! {
            client, conversation, counter, document, document_version, event, idempotency_record, invoice,
            invoice_line, job, job_detail, membership, membership_site, message, organization, payment, schedule,
            session, site, user, validation_request, validation_step
        }
    };
}
