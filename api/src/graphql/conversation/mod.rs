//! Conversations and their messages.

mod mutation;
mod object;
mod query;

pub use mutation::ConversationMutation;
pub use object::{Conversation, Message};
pub use query::{ConversationFilter, ConversationOrder, ConversationQuery};
