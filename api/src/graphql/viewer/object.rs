//! The fields of the viewer, their organization and its sites.

use super::node::Site;
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    id::Id,
    lookup,
    member::{Member as MemberNode, Role},
    personal::personal,
    request::ContextExt,
    scalar::ByteCount,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use dossier_core::{
    error::Error,
    id,
    viewer::{Grant, Member},
};
use dossier_data::Order;
use dossier_events::EventCursor;
use entities::{organization, site, user};
use sea_orm::Condition;

/// The person who sends the request, in the membership of their access token.
pub struct Viewer(pub Member);

/// The person who sends the request, in the membership of their access token.
#[Object]
impl Viewer {
    /// Identifies the membership in caches, `viewer_…`. It is not an id for `node`.
    #[graphql(directive = personal::apply())]
    async fn id(&self) -> ID {
        id::encode("viewer", self.0.membership).into()
    }

    /// The membership as other members see it: compare its id with an assignee's. Null for staff and clients, who do not
    /// see members.
    #[graphql(directive = personal::apply())]
    async fn member(&self, ctx: &Context<'_>) -> Result<Option<MemberNode>, Error> {
        lookup::get(ctx, self.0.membership).await
    }

    /// The name that other people see.
    #[graphql(directive = personal::apply())]
    async fn display_name(&self) -> &str {
        &self.0.display_name
    }

    /// The email address for signing in.
    #[graphql(directive = personal::apply())]
    async fn email(&self, ctx: &Context<'_>) -> Result<Option<String>, Error> {
        Ok(ctx.tx().await?.get::<user::Entity>(self.0.user).await?.map(|user| user.email))
    }

    /// The role in the organization.
    async fn role(&self) -> Role {
        self.0.grant.role().into()
    }

    /// The organization of the membership.
    async fn organization(&self, ctx: &Context<'_>) -> Result<Option<Organization>, Error> {
        let row = ctx.tx().await?.get::<organization::Entity>(self.0.organization).await?;
        Ok(row.map(Organization::from))
    }

    /// The client's own dossier. Null for members of the agency.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>, Error> {
        match self.0.grant {
            Grant::Client { client } => lookup::get(ctx, client).await,
            Grant::Owner | Grant::Operator | Grant::Manager | Grant::Staff => Ok(None),
        }
    }

    /// The sites that the viewer can see, oldest first.
    async fn sites(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Site>, Error> {
        let order = Order { column: None, id: site::Column::Id, descending: false };
        Rows::all(Condition::all(), order).page(ctx, Paging { first, after, last, before }).await
    }

    /// The cursor of the last event that the viewer may see at the moment of this query. A subscription with this
    /// cursor as `after` misses nothing that this query does not show. The cursor changes only when there is a new
    /// event that the viewer may see. Without new events, it is renewed twice within the time for which events are
    /// stored.
    async fn cursor(&self, ctx: &Context<'_>) -> Result<String, Error> {
        EventCursor::cursor_of_end(&*ctx.tx().await?, &ctx.app()?.sealer).await
    }
}

/// An organization: an agency that uses Dossier. Organizations share no data.
#[derive(SimpleObject)]
pub struct Organization {
    /// Identifies the organization in caches, `organization_…`. It is not an id for `node`.
    id: ID,
    /// The name.
    name: String,
    /// The short name that `signIn` accepts.
    slug: String,
    /// The IANA name of the time zone, such as `Europe/Paris`. It decides the year of a number and the day of a
    /// deadline.
    time_zone: String,
    /// The ISO 4217 code of the currency.
    currency: String,
    /// The BCP 47 tag of the language, such as `fr-FR`.
    locale: String,
    /// Whether the submitter of a validation request may not decide it.
    four_eyes: bool,
    /// The maximum size of all versions of all documents together, in bytes.
    storage_limit: ByteCount,
}

impl From<organization::Model> for Organization {
    fn from(row: organization::Model) -> Self {
        Self {
            id: id::encode("organization", row.id).into(),
            name: row.name,
            slug: row.slug,
            time_zone: row.time_zone,
            currency: row.currency,
            locale: row.locale,
            four_eyes: row.four_eyes,
            storage_limit: ByteCount(row.storage_limit),
        }
    }
}

/// A site of an agency.
#[Object]
impl Site {
    /// The global id, `site_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }
}
