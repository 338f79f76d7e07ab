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

/// An action on a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "dossier_domain::message::MessageUseCase")]
pub enum MessageAction {
    /// Change its text with `editMessage`.
    Edit,
    /// Delete it with `deleteMessage`.
    Delete,
}

/// An action on a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "dossier_domain::conversation::ConversationUseCase")]
pub enum ConversationAction {
    /// Post a message that the client can read, with `postMessage`.
    PostMessage,
    /// Post a message that the client cannot read, with `postMessage(internal: true)`.
    PostInternalMessage,
    /// Close it with `closeConversation`.
    Close,
}
