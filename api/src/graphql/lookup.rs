//! Reads nodes by their keys.

use super::{node::Node, request::ContextExt, selection};
use async_graphql::Context;
use dossier_core::error::Error;
use dossier_data::{Outcome, ReadTx};
use uuid::Uuid;

/// The object with this key, if it exists for the viewer, for the field that is being resolved.
pub async fn get<N: Node>(ctx: &Context<'_>, id: Uuid) -> Result<Option<N>, Error> {
    let columns = selection::of_object::<N>(ctx);
    Ok(ctx.tx().await?.get_columns::<N::Entity>(id, columns).await?.and_then(N::of))
}

/// As [`get`], where there may be none to get.
pub async fn find<N: Node>(ctx: &Context<'_>, id: Option<Uuid>) -> Result<Option<N>, Error> {
    match id {
        Some(id) => get(ctx, id).await,
        None => Ok(None),
    }
}

/// The object that a mutation wrote; none when it was refused, or when the viewer moved the row out of their own sight.
/// A row that is not stored at all is an error: the caller must not take it for a success.
pub async fn written<N: Node>(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<N>, Error> {
    let Some(id) = outcome.subject() else { return Ok(None) };
    let object = get(ctx, id).await?;
    if object.is_none() && !ctx.tx().await?.is_stored::<N::Entity>(id).await? {
        return Err(Error::internal(format!("{} {id} was written and committed, but it is not stored", N::PREFIX)));
    }
    Ok(object)
}

/// The whole object with this key, if it exists for the viewer.
pub async fn whole<N: Node>(tx: &ReadTx, id: Uuid) -> Result<Option<N>, Error> {
    Ok(tx.get::<N::Entity>(id).await?.and_then(N::of))
}
