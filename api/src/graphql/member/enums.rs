//! The GraphQL enum of a member. It mirrors that of a lower crate, and `remote` makes the compiler compare the values.

use async_graphql::Enum;

/// What a member is in the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::membership::Role")]
pub enum Role {
    /// Everything an operator does; besides, members, sites, keys and settings.
    Owner,
    /// Works in the hub, on every dossier of the organization.
    Operator,
    /// As an operator, within the sites of the membership.
    Manager,
    /// Reads, uploads and posts within the sites of the membership; no private zone, no money.
    Staff,
    /// The person a dossier is about: sees the visible part of their own.
    Client,
}
