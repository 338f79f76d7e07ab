//! The query with which a client application begins.

use super::Viewer;
use crate::graphql::request::ContextExt;
use async_graphql::{Context, Object};
use dossier_core::error::Error;

/// The queries of this feature, merged into [`crate::graphql::Query`].
#[derive(Default)]
pub struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// The viewer. Null without a valid access token.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<Viewer>, Error> {
        Ok(ctx.tx().await?.viewer.member().cloned().map(Viewer))
    }
}
