//! How the change of a row is recorded: by an event about the row, by an event about its parent row, or not at all.
//!
//! A table that is neither an [`EventSubject`](crate::EventSubject), nor [`PartOf`] another, nor [`Unrecorded`] cannot be
//! changed: no function of a transaction takes its rows.

use crate::{Acts, Rows};
use entities::{
    conversation, counter, document, document_version, event, idempotency_record, invitation, invoice, invoice_line,
    membership, membership_site, message, organization, payment, session, site, user, validation_request,
    validation_step,
};

/// Rows that are a part of a row of `P`. The permission to change that row covers them, and its event tells of them.
pub trait PartOf<P: Acts>: Rows {}

impl PartOf<conversation::Entity> for message::Entity {}
impl PartOf<document::Entity> for document_version::Entity {}
impl PartOf<document_version::Entity> for document_version::Entity {}
impl PartOf<validation_request::Entity> for validation_step::Entity {}
impl PartOf<invoice::Entity> for invoice_line::Entity {}
impl PartOf<invoice::Entity> for payment::Entity {}
/// Issuing a credit note changes the invoice that it credits.
impl PartOf<invoice::Entity> for invoice::Entity {}

/// Rows whose changes leave no event: people, settings, and records that Dossier keeps for itself. Their
/// [`ResourceScope`](crate::ResourceScope) alone says who may change them.
pub trait Unrecorded: Rows {}

impl Unrecorded for counter::Entity {}
impl Unrecorded for event::Entity {}
impl Unrecorded for idempotency_record::Entity {}
impl Unrecorded for invitation::Entity {}
impl Unrecorded for membership::Entity {}
impl Unrecorded for membership_site::Entity {}
impl Unrecorded for organization::Entity {}
impl Unrecorded for session::Entity {}
impl Unrecorded for site::Entity {}
impl Unrecorded for user::Entity {}
