//! The fields of an API key.

use super::{
    enums::{ApiKeyStatus, Scope},
    node::ApiKey,
};
use crate::graphql::{event::Actor, id::Id, lookup, organization::Site, request::ContextExt};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use dossier_core::{error::Error, scope::Scopes};
use dossier_domain::{api_key::networks, api_key_status::status};

/// An API key, with which a script calls the API. It acts as a member of its own, with the rights of an operator or, if it
/// has a site, of a manager, limited to its scopes.
#[Object]
impl ApiKey {
    /// The global id, `apikey_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The name. Events and rows show it as the author of what the key does.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The first characters of the token, by which a person recognizes it.
    async fn token_start(&self) -> &str {
        &self.0.token_start
    }

    /// The scopes.
    async fn scopes(&self) -> Vec<Scope> {
        Scopes::read(&self.0.scopes).iter().map(Scope::from).collect()
    }

    /// The site to which the key is limited. Null if it has all sites.
    async fn site(&self, ctx: &Context<'_>) -> Result<Option<Site>, Error> {
        lookup::find(ctx, self.0.site_id).await
    }

    /// The networks from which the key can be used. Empty if it can be used from everywhere.
    async fn networks(&self) -> Vec<&str> {
        networks(&self.0).collect()
    }

    /// The state.
    async fn status(&self, ctx: &Context<'_>) -> Result<ApiKeyStatus, Error> {
        Ok(status(&self.0, ctx.tx().await?.now).into())
    }

    /// The member who created the key.
    async fn creator(&self) -> Actor {
        Actor::from(&self.0)
    }

    /// When the key was created.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the key expires. Null if it does not expire.
    async fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.0.expires_at
    }

    /// When the key was revoked.
    async fn revoked_at(&self) -> Option<DateTime<Utc>> {
        self.0.revoked_at
    }

    /// When the key was last used, to the minute. Null if it was never used.
    async fn last_used_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_used_at
    }

    /// The network from which the key was last used, such as `192.0.2.0/24`.
    async fn last_network(&self) -> Option<&str> {
        self.0.last_network.as_deref()
    }
}
