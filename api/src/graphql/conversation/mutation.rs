//! Mutations of conversations and messages.

use super::{Conversation, Message};
use crate::graphql::{client::Client, id::Id, payload::payload, request::ContextExt};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::Error;
use dossier_domain::{
    conversation::{self, NewConversation, NewMessage},
    message, reading,
};
use futures::FutureExt;

/// Input for starting a conversation.
#[derive(InputObject)]
pub struct StartConversationInput {
    /// The client whose dossier it belongs to. The dossier must not be archived.
    client_id: Id<Client>,
    /// The subject, one line of 1 to 200 characters.
    subject: String,
    /// The first message, up to 10,000 characters. The client can read it.
    body: Option<String>,
}

/// Input for posting a message.
#[derive(InputObject)]
pub struct PostMessageInput {
    /// The conversation. It must be open.
    conversation_id: Id<Conversation>,
    /// The text, 1 to 10,000 characters.
    body: String,
    /// Whether to hide the message from the client. Allowed for owners, operators and managers.
    #[graphql(default)]
    internal: bool,
}

/// Input for changing a message.
#[derive(InputObject)]
pub struct EditMessageInput {
    /// The message.
    id: Id<Message>,
    /// The new text, 1 to 10,000 characters.
    body: String,
}

/// Input for deleting a message.
#[derive(InputObject)]
pub struct DeleteMessageInput {
    /// The message.
    id: Id<Message>,
}

/// Input for closing a conversation.
#[derive(InputObject)]
pub struct CloseConversationInput {
    /// The conversation.
    id: Id<Conversation>,
    /// The revision that you read. If the current revision is newer, the mutation fails with `CONFLICT`.
    expected_revision: Option<i32>,
}

/// Input for marking a conversation as read.
#[derive(InputObject)]
pub struct MarkConversationReadInput {
    /// The conversation.
    id: Id<Conversation>,
    /// The last message that the viewer has read. If omitted, all messages are read.
    message_id: Option<Id<Message>>,
}

payload! {
    /// The result of marking a conversation as read.
    MarkConversationReadPayload {
        /// The conversation. Null if there are `userErrors`.
        conversation: Conversation
    }
}

payload! {
    /// The result of starting a conversation.
    StartConversationPayload {
        /// The new conversation. Null if there are `userErrors`.
        conversation: Conversation
    }
}

payload! {
    /// The result of posting a message.
    PostMessagePayload {
        /// The new message. Null if there are `userErrors`.
        message: Message
    }
}

payload! {
    /// The result of changing a message.
    EditMessagePayload {
        /// The message after the change. Null if there are `userErrors`.
        message: Message
    }
}

payload! {
    /// The result of deleting a message.
    DeleteMessagePayload {
        /// The message without its text. Null if there are `userErrors`.
        message: Message
    }
}

payload! {
    /// The result of closing a conversation.
    CloseConversationPayload {
        /// The conversation after the change. Null if there are `userErrors`.
        conversation: Conversation
    }
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct ConversationMutation;

#[Object]
impl ConversationMutation {
    /// Starts a conversation in a dossier, optionally with its first message. Allowed for everyone who can see the
    /// dossier.
    async fn start_conversation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conversation to start.")] input: StartConversationInput,
    ) -> Result<StartConversationPayload, Error> {
        let new = NewConversation { client: input.client_id.uuid(), subject: input.subject, body: input.body };
        ctx.mutate(|tx| conversation::start(tx, new).boxed()).await
    }

    /// Posts a message. Allowed for everyone who can see the conversation. Only owners, operators and managers may post
    /// internal messages.
    async fn post_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The message to post.")] input: PostMessageInput,
    ) -> Result<PostMessagePayload, Error> {
        let PostMessageInput { conversation_id, body, internal } = input;
        let new = NewMessage { conversation: conversation_id.uuid(), body, internal };
        ctx.mutate(|tx| conversation::post(tx, new).boxed()).await
    }

    /// Changes the text of a message. Allowed for its author, for 15 minutes, while the conversation is open.
    async fn edit_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new text.")] input: EditMessageInput,
    ) -> Result<EditMessagePayload, Error> {
        ctx.mutate(|tx| async move { message::edit(tx, input.id.uuid(), &input.body).await }.boxed()).await
    }

    /// Deletes a message: its text is erased everywhere. The message itself stays, with its author and the time of the
    /// deletion. Allowed for its author and for owners.
    async fn delete_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The message to delete.")] input: DeleteMessageInput,
    ) -> Result<DeleteMessagePayload, Error> {
        ctx.mutate(|tx| message::delete(tx, input.id.uuid()).boxed()).await
    }

    /// Records how far the viewer has read a conversation. The marker belongs to the membership, so that it is the same on
    /// all devices, and never goes back. Nobody else sees it. Allowed for everyone who can see the conversation.
    async fn mark_conversation_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conversation, and the last message read.")] input: MarkConversationReadInput,
    ) -> Result<MarkConversationReadPayload, Error> {
        let message = input.message_id.map(Id::uuid);
        ctx.mutate(|tx| reading::mark(tx, input.id.uuid(), message).boxed()).await
    }

    /// Closes a conversation. It can be read, but accepts no new messages. Allowed for owners, operators and managers.
    async fn close_conversation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conversation to close.")] input: CloseConversationInput,
    ) -> Result<CloseConversationPayload, Error> {
        ctx.mutate(|tx| conversation::close(tx, input.id.uuid(), input.expected_revision).boxed()).await
    }
}
