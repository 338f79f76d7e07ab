//! The GraphQL enum of presence. It mirrors that of a lower crate, and `remote` makes the compiler compare the values.

use async_graphql::Enum;

/// What somebody is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "dossier_events::sign::Activity")]
pub enum PresenceActivity {
    /// Looking at it.
    Viewing,
    /// Writing a message.
    Typing,
    /// Not there any more.
    Left,
}
