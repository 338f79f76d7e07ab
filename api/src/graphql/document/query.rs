//! Finding documents.

use super::{Document, DocumentStatus, DocumentZone};
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    guard::usable,
    id::Id,
    lists,
    request::ContextExt,
};
use async_graphql::{Context, Enum, InputObject, Object};
use dossier_core::error::Error;
use dossier_data::Order;
use dossier_domain::check;
use dossier_policy::{fields, hidden_zones};
use entities::document::{Column, Entity, Status, Zone};
use sea_orm::{ColumnTrait, Condition};

/// Which documents; all conditions must be met.
#[derive(InputObject, Default)]
pub struct DocumentFilter {
    /// Of this dossier.
    client_id: Option<Id<Client>>,
    /// In one of these zones.
    zone: Option<Vec<DocumentZone>>,
    /// Seen by the client, or not. Only for who may read `Document.visible`.
    visible: Option<bool>,
    /// With the bytes there, or not.
    status: Option<DocumentStatus>,
    /// Whose name contains this; case and accents do not matter. A blank text filters nothing.
    search: Option<String>,
}

/// In which order documents come.
#[derive(Clone, Copy, Default, PartialEq, Eq, Enum)]
pub enum DocumentOrder {
    /// The newest first.
    #[default]
    CreatedAtDesc,
    /// The oldest first.
    CreatedAtAsc,
    /// By name, A to Z; case and accents do not matter.
    NameAsc,
    /// By name, Z to A.
    NameDesc,
    /// The most recently changed first.
    UpdatedAtDesc,
}

impl DocumentOrder {
    fn order(self) -> Order<Entity> {
        let (column, descending) = match self {
            Self::CreatedAtDesc => (None, true),
            Self::CreatedAtAsc => (None, false),
            Self::NameAsc => (Some(Column::NameKey), false),
            Self::NameDesc => (Some(Column::NameKey), true),
            Self::UpdatedAtDesc => (Some(Column::UpdatedAt), true),
        };
        Order { column, id: Column::Id, descending }
    }
}

impl Document {
    /// The rows that a filter leaves, in an order.
    pub async fn rows(
        ctx: &Context<'_>,
        filter: Option<DocumentFilter>,
        order: Option<DocumentOrder>,
    ) -> Result<Rows<Self>, Error> {
        let filter = filter.unwrap_or_default();
        let (mut condition, mut indexed, mut scan) = (Condition::all(), Condition::all(), Condition::all());
        if let Some(client) = filter.client_id {
            condition = condition.add(Column::ClientId.eq(client.uuid()));
        }
        if let Some(zones) = filter.zone {
            // The database does not know that there is nothing to find, and would look at all there is.
            let hidden = ctx.tx().await?.viewer.member().map_or(&[] as &[_], |member| hidden_zones(member.grant));
            let zones = lists::distinct(zones).into_iter().map(Zone::from).filter(|zone| !hidden.contains(zone));
            indexed = indexed.add(Column::Zone.is_in(zones));
        }
        if let Some(visible) = filter.visible {
            usable(ctx, fields::DOCUMENT_VISIBLE, "filter.visible").await?;
            let published = Column::PublishedVersionId;
            scan = scan.add(if visible { published.is_not_null() } else { published.is_null() });
        }
        if let Some(status) = filter.status {
            indexed = indexed.add(Column::Status.eq(Status::from(status)));
        }
        if let Some(pattern) = check::search("filter.search", filter.search.as_deref())? {
            scan = scan.add(Column::NameKey.like(pattern));
        }
        Ok(Rows::all(condition, order.unwrap_or_default().order()).indexed(indexed).scan(scan))
    }
}

/// See [`crate::graphql::Query`].
#[derive(Default)]
pub struct DocumentQuery;

#[Object]
impl DocumentQuery {
    /// The documents within the viewer's reach.
    #[allow(clippy::too_many_arguments)]
    async fn documents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those that meet all of this.")] filter: Option<DocumentFilter>,
        #[graphql(desc = "The order; by default the newest first.")] order_by: Option<DocumentOrder>,
    ) -> Result<Connection<Document>, Error> {
        Document::rows(ctx, filter, order_by).await?.page(ctx, Paging { first, after, last, before }).await
    }
}
