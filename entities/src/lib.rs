//! Dossier's tables: one per file, without logic. [`for_each_entity`] lists all of them.
//!
//! Each row contains its organization, so that no rule needs a join to find it. Times are UTC, truncated to the
//! microsecond. Money is in minor units of its currency. Rates and quantities are scaled integers.

// The names of the columns are clear. The descriptions of the schema are on the GraphQL objects.
#![allow(missing_docs)]
// `DeriveEntityModel` and `DeriveActiveEnum` generate code that pedantic lints reject.
#![allow(clippy::derive_partial_eq_without_eq)]
// `sea_orm::model` generates code with finders. Nothing here calls them.
#![allow(clippy::disallowed_methods)]

pub mod actor;
pub mod api_key;
pub mod audit_detail;
pub mod audit_entry;
pub mod client;
pub mod conversation;
pub mod counter;
pub mod document;
pub mod document_version;
pub mod event;
pub mod external_identity;
pub mod idempotency_record;
pub mod invitation;
pub mod invoice;
pub mod invoice_line;
pub mod job;
pub mod job_detail;
pub mod membership;
pub mod membership_site;
pub mod message;
pub mod organization;
pub mod payment;
pub mod portal;
pub mod read_marker;
pub mod schedule;
pub mod session;
pub mod site;
pub mod user;
pub mod validation_comment;
pub mod validation_request;
pub mod validation_step;
pub mod validation_version;

/// Calls a macro with the module of each entity. Code that must exist for each entity uses this list, so that nobody
/// can forget a new table.
#[macro_export]
macro_rules! for_each_entity {
    ($call:ident) => {
        $call! {
            api_key, audit_detail, audit_entry, client, conversation, counter, document, document_version, event,
            external_identity, idempotency_record, invitation, invoice, invoice_line, job, job_detail, membership,
            membership_site, message, organization, payment, portal, read_marker, schedule, session, site, user,
            validation_comment, validation_request, validation_step, validation_version
        }
    };
}
