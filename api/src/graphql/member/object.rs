//! What a member shows.

use super::Role;
use super::node::Member;
use crate::graphql::{id::Id, request::ContextExt};
use async_graphql::{Context, ID, Object};
use dossier_core::error::Error;
use entities::user;

/// A person in one of their memberships: in the organization, with a role.
#[Object]
impl Member {
    /// `membership_…`
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// What others see of them.
    async fn display_name(&self, ctx: &Context<'_>) -> Result<String, Error> {
        let person = ctx.tx().await?.get::<user::Entity>(self.0.user_id).await?;
        person
            .map(|person| person.display_name)
            .ok_or_else(|| Error::internal("a membership is seen whose person is not"))
    }

    /// What they are in the organization.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// Whether they are kept out: who is suspended sees and does nothing, and is assigned nothing.
    async fn suspended(&self) -> bool {
        self.0.suspended_at.is_some()
    }
}
