//! Reads nodes by their keys.

use super::{node::Node, request::ContextExt, selection};
use async_graphql::Context;
use dossier_core::error::Error;
use dossier_data::{Outcome, ReadTx};
use uuid::Uuid;

/// Returns the object with this key for the current field, or `None` if the viewer cannot see it.
pub async fn get<N: Node>(ctx: &Context<'_>, id: Uuid) -> Result<Option<N>, Error> {
    let columns = selection::of_object::<N>(ctx);
    Ok(ctx.tx().await?.get_columns::<N::Entity>(id, columns).await?.and_then(N::of))
}

/// Does the same as [`get`] for an optional key.
pub async fn find<N: Node>(ctx: &Context<'_>, id: Option<Uuid>) -> Result<Option<N>, Error> {
    match id {
        Some(id) => get(ctx, id).await,
        None => Ok(None),
    }
}

/// Returns the object that a mutation wrote. `None` if the mutation was refused, or if the viewer can no longer see the
/// row. A row that is not stored is an error, because the mutation must not look successful.
pub async fn written<N: Node>(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<N>, Error> {
    let Some(id) = outcome.subject() else { return Ok(None) };
    let object = get(ctx, id).await?;
    if object.is_none() && !ctx.tx().await?.is_stored::<N::Entity>(id).await? {
        return Err(Error::internal(format!("{} {id} was written and committed, but it is not stored", N::PREFIX)));
    }
    Ok(object)
}

/// Returns the object with all columns, or `None` if the viewer cannot see it.
pub async fn whole<N: Node>(tx: &ReadTx, id: Uuid) -> Result<Option<N>, Error> {
    Ok(tx.get::<N::Entity>(id).await?.and_then(N::of))
}
