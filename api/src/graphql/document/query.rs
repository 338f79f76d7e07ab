//! Queries for documents.

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

/// Conditions for documents. A document must meet all of them.
#[derive(InputObject, Default)]
pub struct DocumentFilter {
    /// Limits the result to the dossier of this client.
    client_id: Option<Id<Client>>,
    /// Documents in one of these zones.
    zone: Option<Vec<DocumentZone>>,
    /// Only documents that the client can see, or only hidden ones. Allowed only for roles that can read
    /// `Document.visible`.
    visible: Option<bool>,
    /// Documents with this status.
    status: Option<DocumentStatus>,
    /// Clients whose name contains this text. Case and accents are ignored. A blank text matches all clients.
    search: Option<String>,
}

/// Sort orders of documents.
#[derive(Clone, Copy, Default, PartialEq, Eq, Enum)]
pub enum DocumentOrder {
    /// Newest first.
    #[default]
    CreatedAtDesc,
    /// Oldest first.
    CreatedAtAsc,
    /// By name, A to Z. Case and accents are ignored.
    NameAsc,
    /// By name, Z to A. Case and accents are ignored.
    NameDesc,
    /// Most recently changed first.
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
    /// Returns the rows that meet the filter, in the given order.
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
            // The database cannot know that there are no such rows, and would scan all of them.
            let hidden = ctx.tx().await?.viewer.member().map_or_else(Vec::new, |member| hidden_zones(member.grant));
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

/// The queries of this feature, merged into [`crate::graphql::Query`].
#[derive(Default)]
pub struct DocumentQuery;

#[Object]
impl DocumentQuery {
    /// The documents that the viewer can see.
    #[allow(clippy::too_many_arguments)]
    async fn documents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Returns the rows that meet these conditions.")] filter: Option<DocumentFilter>,
        #[graphql(desc = "The sort order. The default is newest first.")] order_by: Option<DocumentOrder>,
    ) -> Result<Connection<Document>, Error> {
        Document::rows(ctx, filter, order_by).await?.page(ctx, Paging { first, after, last, before }).await
    }

    /// The documents in the trash that the viewer may restore, most recently deleted first. They are in no other list, and
    /// `node` does not return them.
    async fn deleted_documents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Returns the rows that meet these conditions.")] filter: Option<DocumentFilter>,
    ) -> Result<Connection<Document>, Error> {
        // Nothing changes in the trash, so that the last change is the deletion.
        let rows = Document::rows(ctx, filter, Some(DocumentOrder::UpdatedAtDesc)).await?;
        rows.in_trash().page(ctx, Paging { first, after, last, before }).await
    }
}
