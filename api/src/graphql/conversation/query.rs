//! Finding conversations.

use super::{Conversation, ConversationStatus};
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    id::Id,
};
use async_graphql::{Context, Enum, InputObject, Object};
use dossier_core::error::Error;
use dossier_data::Order;
use entities::conversation::{Column, Entity, Status};
use sea_orm::{ColumnTrait, Condition};

/// Which conversations; all conditions must be met.
#[derive(InputObject, Default)]
pub struct ConversationFilter {
    /// Of this dossier.
    client_id: Option<Id<Client>>,
    /// That take messages, or that do not.
    status: Option<ConversationStatus>,
}

/// In which order conversations come.
#[derive(Clone, Copy, Default, PartialEq, Eq, Enum)]
pub enum ConversationOrder {
    /// The most recently continued first.
    #[default]
    UpdatedAtDesc,
    /// The newest first.
    CreatedAtDesc,
    /// The oldest first.
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
    /// The rows that a filter leaves, in an order.
    pub fn rows(filter: Option<ConversationFilter>, order: Option<ConversationOrder>) -> Rows<Self> {
        let filter = filter.unwrap_or_default();
        let (mut condition, mut indexed) = (Condition::all(), Condition::all());
        if let Some(client) = filter.client_id {
            condition = condition.add(Column::ClientId.eq(client.uuid()));
        }
        if let Some(status) = filter.status {
            indexed = indexed.add(Column::Status.eq(Status::from(status)));
        }
        Rows::all(condition, order.unwrap_or_default().order()).indexed(indexed)
    }
}

/// See [`crate::graphql::Query`].
#[derive(Default)]
pub struct ConversationQuery;

#[Object]
impl ConversationQuery {
    /// The conversations within the viewer's reach.
    #[allow(clippy::too_many_arguments)]
    async fn conversations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those that meet all of this.")] filter: Option<ConversationFilter>,
        #[graphql(desc = "The order; by default the most recently continued first.")] order_by: Option<
            ConversationOrder,
        >,
    ) -> Result<Connection<Conversation>, Error> {
        Conversation::rows(filter, order_by).page(ctx, Paging { first, after, last, before }).await
    }
}
