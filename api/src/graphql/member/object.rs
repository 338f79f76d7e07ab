//! The fields of a member.

use super::Role;
use super::node::Member;
use crate::graphql::{
    guard::{allows, roles, visibleTo},
    id::Id,
    request::ContextExt,
};
use async_graphql::{Context, ID, Object};
use dossier_core::error::Error;
use dossier_policy::fields;
use entities::user;

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

    /// The role in the organization.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// Whether the member is suspended. A suspended member can see and do nothing, and no request can be assigned to
    /// them.
    async fn suspended(&self) -> bool {
        self.0.suspended_at.is_some()
    }
}
