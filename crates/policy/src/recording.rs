//! How the change of a row is recorded: by an event about the row, by an event about its parent row, or not at all.
//!
//! A table that is neither an [`EventSubject`](crate::EventSubject), nor [`PartOf`] another, nor [`WithoutEvent`] cannot be
//! changed: no function of a transaction takes its rows.

use crate::{ActionPolicy, RowPolicy};
use entities::{
    api_key, conversation, counter, document, document_version, event, external_identity, idempotency_record,
    invitation, invoice, invoice_line, membership, membership_site, message, organization, payment, portal,
    read_marker, session, site, user, validation_comment, validation_request, validation_step, validation_version,
};

/// Rows that are a part of a row of `P`. The permission to change that row covers them, and its event tells of them.
pub trait PartOf<P: ActionPolicy>: RowPolicy {}

impl PartOf<conversation::Entity> for message::Entity {}
impl PartOf<document::Entity> for document_version::Entity {}
/// Purging changes a document whose deletion was announced.
impl PartOf<document::Entity> for document::Entity {}
impl PartOf<document_version::Entity> for document_version::Entity {}
impl PartOf<validation_request::Entity> for validation_comment::Entity {}
impl PartOf<validation_request::Entity> for validation_step::Entity {}
impl PartOf<validation_request::Entity> for validation_version::Entity {}
impl PartOf<invoice::Entity> for invoice_line::Entity {}
impl PartOf<invoice::Entity> for payment::Entity {}
/// Issuing a credit note changes the invoice that it credits.
impl PartOf<invoice::Entity> for invoice::Entity {}
/// An API key acts as a member with its own account and session.
impl PartOf<api_key::Entity> for user::Entity {}
impl PartOf<api_key::Entity> for membership::Entity {}
impl PartOf<api_key::Entity> for membership_site::Entity {}
impl PartOf<api_key::Entity> for session::Entity {}
impl PartOf<api_key::Entity> for invitation::Entity {}

/// Rows whose changes leave no event: people, settings, and records that Dossier keeps for itself. Their
/// [`ResourceScope`](crate::ResourceScope) alone says who may change them.
pub trait WithoutEvent: RowPolicy {}

impl WithoutEvent for api_key::Entity {}
impl WithoutEvent for counter::Entity {}
impl WithoutEvent for event::Entity {}
impl WithoutEvent for external_identity::Entity {}
impl WithoutEvent for idempotency_record::Entity {}
impl WithoutEvent for invitation::Entity {}
impl WithoutEvent for membership::Entity {}
impl WithoutEvent for membership_site::Entity {}
impl WithoutEvent for organization::Entity {}
impl WithoutEvent for portal::Entity {}
impl WithoutEvent for read_marker::Entity {}
impl WithoutEvent for session::Entity {}
impl WithoutEvent for site::Entity {}
impl WithoutEvent for user::Entity {}
