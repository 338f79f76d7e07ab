//! Mutations of API keys.

use super::{ApiKey, enums::Scope};
use crate::graphql::{
    id::Id,
    lookup,
    organization::Site,
    payload::{UserErrorObject, payload},
    request::ContextExt,
};
use async_graphql::{Context, InputObject, Object};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_data::Outcome;
use dossier_domain::{
    api_key::{self, NewApiKey},
    session,
};
use entities::api_key::Entity;
use futures::FutureExt;

/// Input for creating an API key.
#[derive(InputObject)]
pub struct CreateApiKeyInput {
    /// The name, 1 to 200 characters. Events and rows show it as the author of what the key does.
    name: String,
    /// The scopes, each with the one that it requires. Only scopes that operators have are allowed.
    scopes: Vec<Scope>,
    /// The site to which the key is limited. The default is all sites.
    site_id: Option<Id<Site>>,
    /// The networks from which the key can be used, at most 20, such as `192.0.2.0/24`, `192.0.2.7` or `2001:db8::/48`. The
    /// default is everywhere.
    networks: Option<Vec<String>>,
    /// When the key expires. The default is never.
    expires_at: Option<DateTime<Utc>>,
}

/// Input for revoking an API key.
#[derive(InputObject)]
pub struct RevokeApiKeyInput {
    /// The key.
    id: Id<ApiKey>,
}

payload! {
    /// The result of revoking an API key.
    RevokeApiKeyPayload {
        /// The key after the change. Null if there are `userErrors`.
        api_key: ApiKey
    }
}

/// The result of creating an API key.
pub struct CreateApiKeyPayload(Outcome);

impl From<Outcome> for CreateApiKeyPayload {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

/// The result of creating an API key.
#[Object]
impl CreateApiKeyPayload {
    /// The new key. Null if there are `userErrors`.
    async fn api_key(&self, ctx: &Context<'_>) -> Result<Option<ApiKey>, Error> {
        lookup::written(ctx, &self.0).await
    }

    /// The token, to send as `Authorization: Bearer …`. It is shown only here, because only its hash is stored. Null if there
    /// are `userErrors`, and if a repeated request comes from a session without a recent proof of identity.
    async fn token(&self, ctx: &Context<'_>) -> Result<Option<String>, Error> {
        let Some(id) = self.0.subject() else { return Ok(None) };
        let tx = ctx.tx().await?;
        // A repeated request must not reveal the token to a session without a proof.
        if session::require_recent_proof(&tx).await.is_err() {
            return Ok(None);
        }
        match tx.get::<Entity>(id).await? {
            Some(row) => api_key::new_token(&ctx.app()?.sealer, &row),
            None => Ok(None),
        }
    }

    /// The reasons why no key was created. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
    }
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct ApiKeyMutation;

#[Object]
impl ApiKeyMutation {
    /// Creates an API key for a script. Allowed for owners. A key never has more rights than an operator or, with a site,
    /// than a manager of that site. Requires a recent proof of identity.
    async fn create_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key.")] input: CreateApiKeyInput,
    ) -> Result<CreateApiKeyPayload, Error> {
        let new = NewApiKey {
            name: input.name,
            scopes: input.scopes.into_iter().map(Into::into).collect(),
            site: input.site_id.map(Id::uuid),
            networks: input.networks.unwrap_or_default(),
            expires_at: input.expires_at,
        };
        let sealer = ctx.app()?.sealer.clone();
        ctx.mutate(|tx| async move { api_key::create(tx, &sealer, new).await }.boxed()).await
    }

    /// Revokes an API key: its token stops working at once, and its sockets are closed. Allowed for owners.
    async fn revoke_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key to revoke.")] input: RevokeApiKeyInput,
    ) -> Result<RevokeApiKeyPayload, Error> {
        ctx.mutate(|tx| api_key::revoke(tx, input.id.uuid()).boxed()).await
    }
}
