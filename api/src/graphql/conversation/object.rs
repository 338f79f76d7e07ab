//! The fields of conversations and messages.

use super::node::{Conversation, Message};
use super::{ConversationAction, ConversationStatus, MessageAction};
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    event::Actor,
    guard::{guarded, roles, visibleTo},
    id::Id,
    lookup,
    personal::personal,
    request::ContextExt,
    viewer_can::viewer_can,
};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_data::Order;
use dossier_domain::{conversation::ConversationUseCase, message::MessageUseCase, reading};
use dossier_policy::fields;
use entities::message;
use sea_orm::Condition;

/// A conversation in a dossier, with its messages.
#[Object]
impl Conversation {
    /// The global id, `conversation_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The subject, one line.
    async fn subject(&self) -> &str {
        &self.0.subject
    }

    /// Whether the conversation accepts new messages.
    async fn status(&self) -> ConversationStatus {
        self.0.status.into()
    }

    /// The client whose dossier it belongs to.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>, Error> {
        lookup::get(ctx, self.0.client_id).await
    }

    /// The assistant's analysis of the conversation.
    #[graphql(directive = visibleTo::apply(roles(fields::CONVERSATION_ANALYSIS)))]
    async fn analysis(&self, ctx: &Context<'_>) -> Result<Option<&str>, Error> {
        guarded(ctx, fields::CONVERSATION_ANALYSIS, || self.0.analysis.as_deref()).await
    }

    /// The messages that the viewer can see, oldest first. To get the newest messages, use `last` without `before`.
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Message>, Error> {
        let order = Order { column: None, id: message::Column::Id, descending: false };
        let rows = Rows::all(Condition::all(), order).of(message::Column::ConversationId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }

    /// The number of messages of other people that the viewer has not read: those after the marker of
    /// `markConversationRead`, or since the viewer became a member.
    #[graphql(directive = personal::apply())]
    async fn unread_count(&self, ctx: &Context<'_>) -> Result<u64, Error> {
        reading::unread_count(&*ctx.tx().await?, self.0.id).await
    }

    /// The last message that the viewer has marked as read with `markConversationRead`. Null if there is none.
    #[graphql(directive = personal::apply())]
    async fn last_read_message(&self, ctx: &Context<'_>) -> Result<Option<Message>, Error> {
        let last = reading::last_read(&*ctx.tx().await?, self.0.id).await?;
        lookup::find(ctx, last).await
    }

    /// The actions that the viewer may do with the conversation now. They depend on the role of the viewer and the state of
    /// the conversation. Other actions would be refused.
    #[graphql(directive = personal::apply())]
    async fn viewer_can(&self, ctx: &Context<'_>) -> Result<Vec<ConversationAction>, Error> {
        viewer_can::<ConversationUseCase, _>(ctx, &self.0).await
    }

    /// The number of the current revision of the conversation itself. New messages do not change it. Send it as
    /// `expectedRevision` to detect changes by other people.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// When the conversation was started.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the conversation was started or closed, or when its last message visible to the client was posted,
    /// whichever is latest.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// A message of a conversation.
#[Object]
impl Message {
    /// The global id, `message_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The conversation.
    async fn conversation(&self, ctx: &Context<'_>) -> Result<Option<Conversation>, Error> {
        lookup::get(ctx, self.0.conversation_id).await
    }

    /// The author of the message.
    async fn author(&self) -> Actor {
        Actor::from(&self.0)
    }

    /// The text of the message. It is plain text and may have any number of lines. Empty if the message was deleted.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// Whether only the agency can see it. Clients never see internal messages and requests.
    async fn internal(&self) -> bool {
        self.0.internal
    }

    /// When the message was posted.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the author last changed the text. Null if it is as it was posted.
    async fn edited_at(&self) -> Option<DateTime<Utc>> {
        self.0.edited_at
    }

    /// When the message was deleted. Null if it was not.
    async fn deleted_at(&self) -> Option<DateTime<Utc>> {
        self.0.deleted_at
    }

    /// The actions that the viewer may do with the message now. They depend on the viewer, the age and the state of the
    /// message. Other actions would be refused.
    #[graphql(directive = personal::apply())]
    async fn viewer_can(&self, ctx: &Context<'_>) -> Result<Vec<MessageAction>, Error> {
        viewer_can::<MessageUseCase, _>(ctx, &self.0).await
    }
}
