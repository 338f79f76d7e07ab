//! The fields of the viewer, their organization and its sites.

use crate::graphql::{
    client::Client,
    connection::{Connection, Paging, Rows},
    lookup,
    member::{Member as MemberNode, Role},
    organization::{Organization, Site},
    passkey::{self, Passkey},
    personal::personal,
    request::ContextExt,
};
use async_graphql::{Context, ID, Object};
use dossier_core::{
    error::Error,
    id,
    viewer::{Grant, Member},
};
use dossier_data::Order;
use dossier_domain::factor;
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

    /// The BCP 47 tag of the language of mails to the person. Null for the language of the organization.
    #[graphql(directive = personal::apply())]
    async fn locale(&self, ctx: &Context<'_>) -> Result<Option<String>, Error> {
        Ok(ctx.tx().await?.get::<user::Entity>(self.0.user).await?.and_then(|user| user.locale))
    }

    /// Whether the person has an authenticator app.
    #[graphql(directive = personal::apply())]
    async fn totp_enabled(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        Ok(ctx.tx().await?.get::<user::Entity>(self.0.user).await?.as_ref().is_some_and(factor::has_app))
    }

    /// The passkeys of the person, oldest first.
    #[graphql(directive = personal::apply())]
    async fn passkeys(&self, ctx: &Context<'_>) -> Result<Vec<Passkey>, Error> {
        passkey::list(ctx).await
    }

    /// The number of unused recovery codes.
    #[graphql(directive = personal::apply())]
    async fn recovery_codes_left(&self, ctx: &Context<'_>) -> Result<usize, Error> {
        let user = ctx.tx().await?.get::<user::Entity>(self.0.user).await?;
        Ok(user.and_then(|user| user.recovery_codes).map_or(0, |codes| factor::count_recovery_codes(&codes)))
    }

    /// Whether the organization requires a second factor of the role, and the person has none yet. Then all other fields
    /// but those of the person's own account fail with `FACTOR_REQUIRED`.
    #[graphql(directive = personal::apply())]
    async fn factor_required(&self) -> bool {
        self.0.lacks_factor()
    }

    /// The role in the organization.
    async fn role(&self) -> Role {
        self.0.grant.role().into()
    }

    /// The organization of the membership.
    async fn organization(&self, ctx: &Context<'_>) -> Result<Option<Organization>, Error> {
        let row = ctx.tx().await?.get::<organization::Entity>(self.0.organization).await?;
        Ok(row.map(Organization))
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
