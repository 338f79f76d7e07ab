//! The fields of a session.

use super::node::Session;
use crate::graphql::{id::Id, organization::Organization, personal::personal, request::ContextExt};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use entities::organization;

/// A session: a sign-in on a device, or an access token for a script.
#[Object]
impl Session {
    /// The global id, `session_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The device, as its person or its browser names it. Null for access tokens for scripts.
    async fn device(&self) -> Option<&str> {
        self.0.device.as_deref()
    }

    /// The network from which the session was last renewed, such as `192.0.2.0/24`.
    async fn network(&self) -> Option<&str> {
        self.0.network.as_deref()
    }

    /// The organization of the membership. Null if it is another one than the viewer's.
    async fn organization(&self, ctx: &Context<'_>) -> Result<Option<Organization>, Error> {
        let row = ctx.tx().await?.get::<organization::Entity>(self.0.organization_id).await?;
        Ok(row.map(Organization))
    }

    /// Whether it is the session of the request.
    #[graphql(directive = personal::apply())]
    async fn current(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        Ok(ctx.tx().await?.member()?.session() == Some(self.0.id))
    }

    /// When it began.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last renewed. A session in use is renewed every 15 minutes.
    async fn last_used_at(&self) -> DateTime<Utc> {
        self.0.refreshed_at.unwrap_or(self.0.created_at)
    }

    /// When it ends, unless it is renewed before.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }
}
