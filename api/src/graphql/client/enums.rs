//! The GraphQL enums of a client. They mirror those of the lower crates, and `remote` makes the compiler compare the values.

use async_graphql::Enum;

/// Which of the two portals the client follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::client::Track")]
pub enum ClientTrack {
    /// The laboratory: guided, many steps.
    Lab,
    /// One person, one project.
    One,
}

/// Where the agency stands with the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::client::Status")]
pub enum ClientStatus {
    /// Not signed yet.
    Prospect,
    /// Work is under way.
    Active,
    /// Work rests.
    Paused,
    /// Closed: readable, but nothing new can be added until it is restored.
    Archived,
}
