//! Conversations and their messages.

mod enums;
mod mutation;
mod object;
mod query;

pub use enums::ConversationStatus;
pub use mutation::ConversationMutation;
pub use object::{Conversation, Message};
pub use query::{ConversationFilter, ConversationOrder, ConversationQuery};
