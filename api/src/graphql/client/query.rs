//! Finding clients.

use super::{Client, ClientStatus, ClientTrack};
use crate::graphql::{
    connection::{Connection, Paging, Rows},
    id::Id,
    lists, lookup,
    request::ContextExt,
    viewer::Site,
};
use async_graphql::{Context, Enum, InputObject, Object};
use dossier_core::error::Error;
use dossier_data::Order;
use dossier_domain::check;
use entities::client::{Column, Status, Track};
use sea_orm::{ColumnTrait, Condition, Iterable};

/// Which clients; all conditions must be met.
#[derive(InputObject, Default)]
pub struct ClientFilter {
    /// With one of these statuses. Without: all but `ARCHIVED`.
    status: Option<Vec<ClientStatus>>,
    /// On this track.
    track: Option<ClientTrack>,
    /// Of this site.
    site_id: Option<Id<Site>>,
    /// Whose name contains this; case and accents do not matter. A blank text filters nothing.
    search: Option<String>,
}

/// In which order clients come.
#[derive(Clone, Copy, Default, PartialEq, Eq, Enum)]
pub enum ClientOrder {
    /// By name, A to Z; case and accents do not matter.
    #[default]
    NameAsc,
    /// By name, Z to A.
    NameDesc,
    /// The oldest dossier first.
    CreatedAtAsc,
    /// The newest dossier first.
    CreatedAtDesc,
    /// The most recently changed card first.
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
    /// The rows that the filter leaves, in an order.
    fn rows(self, order: Option<ClientOrder>) -> Result<Rows<Client>, Error> {
        // A list of statuses, which the index serves when few clients are not archived.
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

/// See [`crate::graphql::Query`].
#[derive(Default)]
pub struct ClientQuery;

#[Object]
impl ClientQuery {
    /// One client; null when there is none with this id within the viewer's reach.
    async fn client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "`client_…`")] id: Id<Client>,
    ) -> Result<Option<Client>, Error> {
        let tx = ctx.tx().await?;
        tx.member()?;
        lookup::get(ctx, id.uuid()).await
    }

    /// The clients within the viewer's reach.
    #[allow(clippy::too_many_arguments)]
    async fn clients(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those that meet all of this; by default all that are not archived.")] filter: Option<
            ClientFilter,
        >,
        #[graphql(desc = "The order; by default by name.")] order_by: Option<ClientOrder>,
    ) -> Result<Connection<Client>, Error> {
        let rows = filter.unwrap_or_default().rows(order_by)?;
        rows.page(ctx, Paging { first, after, last, before }).await
    }
}
