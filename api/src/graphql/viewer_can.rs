//! The actions that the viewer may do with an object now. They pass the checks of the mutations, because both call the
//! same functions.

use super::request::ContextExt;
use async_graphql::Context;
use dossier_core::error::Error;
use dossier_domain::use_case::{UseCase, available};

/// Returns the actions that the viewer may do with a row.
pub async fn viewer_can<U: UseCase, A: From<U>>(ctx: &Context<'_>, row: &U::Row) -> Result<Vec<A>, Error> {
    let tx = ctx.tx().await?;
    // Boxed, because each field of the object would otherwise reserve memory for this future.
    let available = Box::pin(available::<U>(&tx, row)).await?;
    Ok(available.into_iter().map(A::from).collect())
}
