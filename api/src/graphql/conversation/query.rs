//! Queries for conversations.

use super::{Conversation, ConversationStatus};
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    id::Id,
    personal::personal,
    request::ContextExt,
};
use async_graphql::{Context, Enum, InputObject, Object};
use dossier_core::error::Error;
use dossier_data::Order;
use dossier_domain::reading;
use entities::conversation::{Column, Entity, Status};
use sea_orm::{ColumnTrait, Condition};

/// Conditions for conversations. A conversation must meet all of them.
#[derive(InputObject, Default)]
pub struct ConversationFilter {
    /// Limits the result to the dossier of this client.
    client_id: Option<Id<Client>>,
    /// Conversations with this status.
    status: Option<ConversationStatus>,
    /// Only conversations with messages that the viewer has not read, or only others.
    #[graphql(directive = personal::apply())]
    unread: Option<bool>,
}

/// Sort orders of conversations.
#[derive(Clone, Copy, Default, PartialEq, Eq, Enum)]
pub enum ConversationOrder {
    /// Most recently updated first.
    #[default]
    UpdatedAtDesc,
    /// Newest first.
    CreatedAtDesc,
    /// Oldest first.
    CreatedAtAsc,
}

impl ConversationOrder {
    fn order(self) -> Order<Entity> {
        let (column, descending) = match self {
            Self::UpdatedAtDesc => (Some(Column::UpdatedAt), true),
            Self::CreatedAtDesc => (None, true),
            Self::CreatedAtAsc => (None, false),
        };
        Order { column, id: Column::Id, descending }
    }
}

impl Conversation {
    /// Returns the rows that meet the filter, in the given order.
    pub async fn rows(
        ctx: &Context<'_>,
        filter: Option<ConversationFilter>,
        order: Option<ConversationOrder>,
    ) -> Result<Rows<Self>, Error> {
        let filter = filter.unwrap_or_default();
        let (mut condition, mut indexed) = (Condition::all(), Condition::all());
        if let Some(client) = filter.client_id {
            condition = condition.add(Column::ClientId.eq(client.uuid()));
        }
        if let Some(status) = filter.status {
            indexed = indexed.add(Column::Status.eq(Status::from(status)));
        }
        let mut scan = Condition::all();
        if let Some(unread) = filter.unread {
            let is_unread = reading::has_unread(&*ctx.tx().await?)?;
            scan = if unread { scan.add(is_unread) } else { scan.add(Condition::all().add(is_unread).not()) };
        }
        Ok(Rows::all(condition, order.unwrap_or_default().order()).indexed(indexed).scan(scan))
    }
}

/// The queries of this feature, merged into [`crate::graphql::Query`].
#[derive(Default)]
pub struct ConversationQuery;

#[Object]
impl ConversationQuery {
    /// The conversations that the viewer can see.
    #[allow(clippy::too_many_arguments)]
    async fn conversations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Returns the rows that meet these conditions.")] filter: Option<ConversationFilter>,
        #[graphql(desc = "The sort order. The default is most recently updated first.")] order_by: Option<
            ConversationOrder,
        >,
    ) -> Result<Connection<Conversation>, Error> {
        Conversation::rows(ctx, filter, order_by).await?.page(ctx, Paging { first, after, last, before }).await
    }
}
