//! Queries for clients.

use super::{Client, ClientStatus, ClientTrack};
use crate::graphql::{
    connection::{Connection, Paging, Rows},
    id::Id,
    lists, lookup,
    organization::Site,
    request::ContextExt,
};
use async_graphql::{Context, Enum, InputObject, Object};
use dossier_core::error::Error;
use dossier_data::Order;
use dossier_domain::check;
use entities::client::{Column, Status, Track};
use sea_orm::{ColumnTrait, Condition, Iterable};

/// Conditions for clients. A client must meet all of them.
#[derive(InputObject, Default)]
pub struct ClientFilter {
    /// Clients with one of these statuses. The default is all statuses except `ARCHIVED`.
    status: Option<Vec<ClientStatus>>,
    /// Clients that use this portal.
    track: Option<ClientTrack>,
    /// Clients of this site.
    site_id: Option<Id<Site>>,
    /// Clients whose name contains this text. Case and accents are ignored. A blank text matches all clients.
    search: Option<String>,
}

/// Sort orders of clients.
#[derive(Clone, Copy, Default, PartialEq, Eq, Enum)]
pub enum ClientOrder {
    /// By name, A to Z. Case and accents are ignored.
    #[default]
    NameAsc,
    /// By name, Z to A. Case and accents are ignored.
    NameDesc,
    /// Oldest dossier first.
    CreatedAtAsc,
    /// Newest dossier first.
    CreatedAtDesc,
    /// Most recently changed client first.
    UpdatedAtDesc,
}

impl ClientOrder {
    fn order(self) -> Order<entities::client::Entity> {
        let (column, descending) = match self {
            Self::NameAsc => (Some(Column::NameKey), false),
            Self::NameDesc => (Some(Column::NameKey), true),
            Self::CreatedAtAsc => (None, false),
            Self::CreatedAtDesc => (None, true),
            Self::UpdatedAtDesc => (Some(Column::UpdatedAt), true),
        };
        Order { column, id: Column::Id, descending }
    }
}

impl ClientFilter {
    /// Returns the rows that meet the filter, in the given order.
    fn rows(self, order: Option<ClientOrder>) -> Result<Rows<Client>, Error> {
        // The condition is a list of statuses, which an index serves when few clients are not archived.
        let statuses: Vec<_> = match self.status {
            Some(statuses) => lists::distinct(statuses).into_iter().map(Status::from).collect(),
            None => Status::iter().filter(|one| *one != Status::Archived).collect(),
        };
        let (mut indexed, mut scan) = (Condition::all().add(Column::Status.is_in(statuses)), Condition::all());
        if let Some(track) = self.track {
            scan = scan.add(Column::Track.eq(Track::from(track)));
        }
        if let Some(site) = self.site_id {
            indexed = indexed.add(Column::SiteId.eq(site.uuid()));
        }
        if let Some(pattern) = check::search("filter.search", self.search.as_deref())? {
            scan = scan.add(Column::NameKey.like(pattern));
        }
        Ok(Rows::all(Condition::all(), order.unwrap_or_default().order()).indexed(indexed).scan(scan))
    }
}

/// The queries of this feature, merged into [`crate::graphql::Query`].
#[derive(Default)]
pub struct ClientQuery;

#[Object]
impl ClientQuery {
    /// A client by its id. Null if no such client exists or the viewer cannot see it.
    async fn client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "`client_…`")] id: Id<Client>,
    ) -> Result<Option<Client>, Error> {
        let tx = ctx.tx().await?;
        tx.member()?;
        lookup::get(ctx, id.uuid()).await
    }

    /// The clients that the viewer can see.
    #[allow(clippy::too_many_arguments)]
    async fn clients(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "Returns the clients that meet these conditions. The default excludes archived ones.")]
        filter: Option<ClientFilter>,
        #[graphql(desc = "The sort order. The default is by name.")] order_by: Option<ClientOrder>,
    ) -> Result<Connection<Client>, Error> {
        let rows = filter.unwrap_or_default().rows(order_by)?;
        rows.page(ctx, Paging { first, after, last, before }).await
    }
}
