//! The GraphQL enums of a conversation. They mirror the enums of the lower crates. `remote` makes the compiler
//! compare the values.

use async_graphql::Enum;

/// Whether a conversation accepts new messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entities::conversation::Status")]
pub enum ConversationStatus {
    /// The conversation accepts new messages.
    Open,
    /// The conversation is read-only.
    Closed,
}
