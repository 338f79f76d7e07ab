//! Queries for sign-in at an identity provider.

use super::{node::ExternalIdentity, object::IdentityProvider};
use crate::graphql::{
    connection::{Connection, Paging, Rows},
    personal::personal,
    request::ContextExt,
};
use async_graphql::{Context, Object};
use dossier_core::error::Error;
use dossier_data::Order;
use dossier_domain::external_identity::is_linked;
use entities::external_identity::{Column, Entity};
use sea_orm::ColumnTrait;

/// The queries of this feature, merged into [`crate::graphql::Query`].
#[derive(Default)]
pub struct ExternalIdentityQuery;

// The macro awaits every field.
#[allow(clippy::unused_async)]
#[Object]
impl ExternalIdentityQuery {
    /// The identity provider at which people can sign in with `beginExternalSignIn`. Null if the server has none. It needs no
    /// access token.
    async fn identity_provider(&self, ctx: &Context<'_>) -> Result<Option<IdentityProvider>, Error> {
        let provider = ctx.app()?.identity_provider.as_ref();
        Ok(provider.map(|provider| IdentityProvider {
            name: provider.name().to_owned(),
            issuer: provider.issuer().to_owned(),
        }))
    }

    /// The accounts at identity providers with which the viewer can sign in, oldest first.
    #[graphql(directive = personal::apply())]
    async fn external_identities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns the first _n_ rows, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Returns the rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns the last _n_ rows, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Returns the rows before this cursor.")] before: Option<String>,
    ) -> Result<Connection<ExternalIdentity>, Error> {
        let own = is_linked().add(Column::UserId.eq(ctx.tx().await?.member()?.user));
        let order: Order<Entity> = Order { column: None, id: Column::Id, descending: false };
        Rows::all(own, order).page(ctx, Paging { first, after, last, before }).await
    }
}
