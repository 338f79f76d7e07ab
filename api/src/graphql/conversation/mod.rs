//! Conversations and their messages.

mod enums;
mod mutation;
mod node;
mod object;
mod query;

pub use enums::{ConversationAction, ConversationStatus, MessageAction};
pub use mutation::ConversationMutation;
pub use node::{Conversation, Message};
pub use query::{ConversationFilter, ConversationOrder, ConversationQuery};
