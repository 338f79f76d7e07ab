//! The fields of a member.

use super::Role;
use super::node::Member;
use crate::graphql::{
    client::Client,
    connection::{Connection, Paging},
    guard::{allows, roles, visibleTo},
    id::Id,
    lookup,
    organization::Site,
    request::ContextExt,
    session::{Session, open_sessions},
};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_data::{Arguments, MAX_PAGE, Order, Slice};
use dossier_domain::factor;
use dossier_policy::fields;
use entities::{membership_site, session, user};
use futures::future::try_join_all;
use sea_orm::Condition;

/// A person in one organization, with one role. A person may have several memberships.
#[Object]
impl Member {
    /// The global id, `membership_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The name that other people see.
    async fn display_name(&self, ctx: &Context<'_>) -> Result<String, Error> {
        let person = ctx.tx().await?.get::<user::Entity>(self.0.user_id).await?;
        person
            .map(|person| person.display_name)
            .ok_or_else(|| Error::internal("the viewer sees a membership but not its person"))
    }

    /// The email address for signing in. It tells apart two members of the same name.
    #[graphql(directive = visibleTo::apply(roles(fields::MEMBER_EMAIL)))]
    async fn email(&self, ctx: &Context<'_>) -> Result<Option<String>, Error> {
        if !allows(ctx, fields::MEMBER_EMAIL).await? {
            return Ok(None);
        }
        Ok(ctx.tx().await?.get::<user::Entity>(self.0.user_id).await?.map(|person| person.email))
    }

    /// Whether the person has a second factor. Owners can remove it with `resetMemberFactors` if the person has lost it.
    #[graphql(directive = visibleTo::apply(roles(fields::MEMBER_FACTOR)))]
    async fn has_factor(&self, ctx: &Context<'_>) -> Result<Option<bool>, Error> {
        if !allows(ctx, fields::MEMBER_FACTOR).await? {
            return Ok(None);
        }
        Ok(ctx.tx().await?.get::<user::Entity>(self.0.user_id).await?.as_ref().map(factor::is_enrolled))
    }

    /// The role in the organization.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// Whether the member is suspended. A suspended member can see and do nothing, and no request can be assigned to
    /// them.
    async fn suspended(&self) -> bool {
        self.0.suspended_at.is_some()
    }

    /// The sites of a manager or staff member that the viewer can see. Empty for other roles.
    async fn sites(&self, ctx: &Context<'_>) -> Result<Vec<Site>, Error> {
        let order = Order { column: None, id: membership_site::Column::SiteId, descending: false };
        let all = Arguments { first: i32::try_from(MAX_PAGE).ok(), ..Arguments::default() };
        let tx = ctx.tx().await?;
        let links = tx.find::<membership_site::Entity>();
        let links = links.page_of(membership_site::Column::MembershipId, self.0.id, Slice::new(order, all)?).await?;
        let sites = links.rows.iter().map(|link| lookup::get::<Site>(ctx, link.site_id));
        Ok(try_join_all(sites).await?.into_iter().flatten().collect())
    }

    /// The dossier of a client. Null for members of the agency.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>, Error> {
        lookup::find(ctx, self.0.client_id).await
    }

    /// The beginning of the membership.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// The open sessions in this organization, newest first.
    #[graphql(directive = visibleTo::apply(roles(fields::MEMBER_SESSIONS)))]
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Session>>, Error> {
        if !allows(ctx, fields::MEMBER_SESSIONS).await? {
            return Ok(None);
        }
        let open = open_sessions(ctx, Condition::all()).await?.of(session::Column::MembershipId, self.0.id);
        open.page(ctx, Paging { first, after, last, before }).await.map(Some)
    }
}
