//! The GraphQL enums of a member. They mirror the enums of the lower crates. `remote` makes the compiler compare the
//! values.

use async_graphql::Enum;

/// The role of a member in the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::membership::Role")]
pub enum Role {
    /// May do everything that an operator may do, and manage members, sites, keys and settings.
    Owner,
    /// Works in the hub, on all dossiers of the organization.
    Operator,
    /// Has the rights of an operator at the sites of the membership.
    Manager,
    /// Reads, uploads and posts at the sites of the membership. Sees no private zone and no money.
    Staff,
    /// The client of a dossier. Sees the published part of their own dossier.
    Client,
}
