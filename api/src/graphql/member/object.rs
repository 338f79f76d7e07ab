//! What a member shows.

use super::Role;
use crate::graphql::{id::Id, node::Node, request::ContextExt, selection::Reads};
use async_graphql::{Context, ID, Object};
use dossier_core::error::Error;
use entities::{
    membership::{Column, Entity, Model},
    user,
};

/// A person in one of their memberships: in the organization, with a role.
pub struct Member(pub Model);

impl Node for Member {
    type Entity = Entity;
    type Row = Model;

    const PREFIX: &'static str = "membership";

    const BASICS: &'static [Column] = &[Column::Id];

    fn of(row: Model) -> Option<Self> {
        Some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn reads(field: &str) -> Reads<Column> {
        match field {
            "displayName" => Reads::Only(&[Column::UserId]),
            "suspended" => Reads::Only(&[Column::SuspendedAt]),
            _ => Reads::Namesake,
        }
    }
}

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
