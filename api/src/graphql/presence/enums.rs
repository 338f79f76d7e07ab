//! The GraphQL enums of presence. They mirror the enums of the lower crates. `remote` makes the compiler compare the
//! values.

use async_graphql::Enum;

/// The activity of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "dossier_events::sign::Activity")]
pub enum PresenceActivity {
    /// The person looks at it.
    Viewing,
    /// The person writes a message.
    Typing,
    /// The person has left.
    Left,
}
