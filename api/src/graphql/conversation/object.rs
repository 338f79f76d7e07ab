//! What a conversation and its messages show.

use super::ConversationStatus;
use super::node::{Conversation, Message};
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    event::Actor,
    guard::{guarded, roles, visibleTo},
    id::Id,
    lookup,
};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_data::Order;
use dossier_policy::fields;
use entities::message;
use sea_orm::Condition;

/// A thread of messages in a dossier.
#[Object]
impl Conversation {
    /// `conversation_…`
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// What it is about; one line.
    async fn subject(&self) -> &str {
        &self.0.subject
    }

    /// Whether it takes messages.
    async fn status(&self) -> ConversationStatus {
        self.0.status.into()
    }

    /// The dossier.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>, Error> {
        lookup::get(ctx, self.0.client_id).await
    }

    /// What the assistant made of it.
    #[graphql(directive = visibleTo::apply(roles(fields::CONVERSATION_ANALYSIS)))]
    async fn analysis(&self, ctx: &Context<'_>) -> Result<Option<&str>, Error> {
        guarded(ctx, fields::CONVERSATION_ANALYSIS, || self.0.analysis.as_deref()).await
    }

    /// The messages within the viewer's reach, the oldest first: `last` without `before` gives the end of the thread.
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Message>, Error> {
        let order = Order { column: None, id: message::Column::Id, descending: false };
        let rows = Rows::all(Condition::all(), order).of(message::Column::ConversationId, self.0.id);
        rows.page(ctx, Paging { first, after, last, before }).await
    }

    /// Counts the changes of the thread itself, not its messages: give it as `expectedRevision` to be told when somebody
    /// else was faster.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// When it was opened.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the last message that the client reads was written, or when it was opened or closed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// One message of a conversation; never changed.
#[Object]
impl Message {
    /// `message_…`
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The thread.
    async fn conversation(&self, ctx: &Context<'_>) -> Result<Option<Conversation>, Error> {
        lookup::get(ctx, self.0.conversation_id).await
    }

    /// Who wrote it.
    async fn author(&self) -> Actor {
        Actor { display_name: self.0.author_name.clone(), kind: self.0.author_kind.into() }
    }

    /// The text; plain, of any number of lines.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// Whether it is among the agency only. The client sees none of these.
    async fn internal(&self) -> bool {
        self.0.internal
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}
