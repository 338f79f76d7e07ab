//! The start for frontends.

use super::Viewer;
use crate::graphql::request::ContextExt;
use async_graphql::{Context, Object};
use dossier_core::error::Error;

/// See [`crate::graphql::Query`].
#[derive(Default)]
pub struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// Who asks; null when nobody is signed in.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<Viewer>, Error> {
        Ok(ctx.tx().await?.viewer.member().cloned().map(Viewer))
    }
}
