//! Opening, continuing and closing conversations.

use super::{Conversation, Message};
use crate::graphql::{client::Client, id::Id, payload::payload, request::ContextExt};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::Error;
use dossier_domain::conversation::{self, NewConversation, NewMessage};
use futures::FutureExt;

/// A thread to open.
#[derive(InputObject)]
pub struct StartConversationInput {
    /// The dossier; not an archived one.
    client_id: Id<Client>,
    /// What it is about; one line of 1 to 200 characters.
    subject: String,
    /// Its first message, which the client reads, too; up to 10,000 characters.
    body: Option<String>,
}

/// A message to write.
#[derive(InputObject)]
pub struct PostMessageInput {
    /// The thread; not a closed one.
    conversation_id: Id<Conversation>,
    /// The text; 1 to 10,000 characters.
    body: String,
    /// Among the agency only. For owners, operators and managers.
    #[graphql(default)]
    internal: bool,
}

/// Which thread to close.
#[derive(InputObject)]
pub struct CloseConversationInput {
    /// The thread.
    id: Id<Conversation>,
    /// The revision that was read: refused as a conflict when there is a newer one.
    expected_revision: Option<i32>,
}

payload! {
    /// What came of opening a conversation.
    StartConversationPayload {
        /// The new thread; null when there are `userErrors`.
        conversation: Conversation
    }
}

payload! {
    /// What came of writing a message.
    PostMessagePayload {
        /// The message; null when there are `userErrors`.
        message: Message
    }
}

payload! {
    /// What came of closing a conversation.
    CloseConversationPayload {
        /// The thread as it is now; null when there are `userErrors`.
        conversation: Conversation
    }
}

/// See [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct ConversationMutation;

#[Object]
impl ConversationMutation {
    /// Opens a thread in a dossier, perhaps with its first message. For everybody who sees the dossier.
    async fn start_conversation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The thread.")] input: StartConversationInput,
    ) -> Result<StartConversationPayload, Error> {
        let new = NewConversation { client: input.client_id.uuid(), subject: input.subject, body: input.body };
        ctx.mutate(|tx| conversation::start(tx, new).boxed()).await
    }

    /// Writes a message. For everybody who sees the thread; an internal one for owners, operators and managers.
    async fn post_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The message.")] input: PostMessageInput,
    ) -> Result<PostMessagePayload, Error> {
        let PostMessageInput { conversation_id, body, internal } = input;
        let new = NewMessage { conversation: conversation_id.uuid(), body, internal };
        ctx.mutate(|tx| conversation::post(tx, new).boxed()).await
    }

    /// Closes a thread: it can be read, but takes no more messages. For owners, operators and managers.
    async fn close_conversation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: CloseConversationInput,
    ) -> Result<CloseConversationPayload, Error> {
        ctx.mutate(|tx| conversation::close(tx, input.id.uuid(), input.expected_revision).boxed()).await
    }
}
