//! What the viewer, their organization and its sites show.

use super::node::Site;
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    id::Id,
    lookup,
    member::Role,
    personal::personal,
    request::ContextExt,
    scalar::ByteCount,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use dossier_core::{
    error::Error,
    viewer::{Grant, Member},
};
use dossier_data::Order;
use dossier_events::EventCursor;
use entities::{organization, site, user};
use sea_orm::Condition;

/// The person who asks, in the one membership that their token speaks for.
pub struct Viewer(pub Member);

/// The person who asks, in the one membership that their token speaks for.
#[Object]
impl Viewer {
    /// What others see of them.
    #[graphql(directive = personal::apply())]
    async fn display_name(&self) -> &str {
        &self.0.display_name
    }

    /// What they sign in with.
    #[graphql(directive = personal::apply())]
    async fn email(&self, ctx: &Context<'_>) -> Result<Option<String>, Error> {
        Ok(ctx.tx().await?.get::<user::Entity>(self.0.user).await?.map(|user| user.email))
    }

    /// What they are in the organization.
    async fn role(&self) -> Role {
        self.0.grant.role().into()
    }

    /// The organization they act in.
    async fn organization(&self, ctx: &Context<'_>) -> Result<Option<Organization>, Error> {
        let row = ctx.tx().await?.get::<organization::Entity>(self.0.organization).await?;
        Ok(row.map(Organization::from))
    }

    /// A client's own dossier; null for everybody else.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>, Error> {
        match self.0.grant {
            Grant::Client { client } => lookup::get(ctx, client).await,
            Grant::Owner | Grant::Operator | Grant::Manager | Grant::Staff => Ok(None),
        }
    }

    /// The sites within their reach, the oldest first.
    async fn sites(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Site>, Error> {
        let order = Order { column: None, id: site::Column::Id, descending: false };
        Rows::all(Condition::all(), order).page(ctx, Paging { first, after, last, before }).await
    }

    /// Where the events that the viewer may see end at the moment of this query: a subscription that begins `after` it
    /// misses nothing that this query does not show. It stays the same until there is another event that the viewer may
    /// see; without any, it is renewed twice in the time for which events are kept.
    async fn cursor(&self, ctx: &Context<'_>) -> Result<String, Error> {
        EventCursor::cursor_of_end(&*ctx.tx().await?, &ctx.app()?.sealer).await
    }
}

/// Who pays for the service; nothing crosses its border.
#[derive(SimpleObject)]
pub struct Organization {
    /// Its name.
    name: String,
    /// Names it at sign-in.
    slug: String,
    /// IANA name, such as `Europe/Paris`: years of numbers and days of deadlines are in this zone.
    time_zone: String,
    /// ISO 4217 code.
    currency: String,
    /// BCP 47 tag, such as `fr-FR`.
    locale: String,
    /// Whether somebody else than who submitted a request must decide it.
    four_eyes: bool,
    /// How many bytes its documents may take, all versions together.
    storage_limit: ByteCount,
}

impl From<organization::Model> for Organization {
    fn from(row: organization::Model) -> Self {
        Self {
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

/// A place of an organization.
#[Object]
impl Site {
    /// `site_…`
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }
}
