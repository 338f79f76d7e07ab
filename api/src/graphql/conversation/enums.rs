//! The GraphQL enum of a conversation. It mirrors that of a lower crate, and `remote` makes the compiler compare the values.

use async_graphql::Enum;

/// Whether a conversation takes messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::conversation::Status")]
pub enum ConversationStatus {
    /// Takes messages.
    Open,
    /// Read-only.
    Closed,
}
