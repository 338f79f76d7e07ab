//! Guarded fields. Roles that may not read one get null without an error, and its path is in `extensions.guarded` of
//! the response. One fragment can therefore serve hub and portal.

use super::{member::Role, request::ContextExt};
use async_graphql::Context;
use dossier_core::{error::Error, viewer::Viewer};
use dossier_policy::fields::{Readers, readable};

pub use directive::visibleTo;

mod directive {
    // The macro's output has no docs.
    #![allow(missing_docs)]

    use crate::graphql::member::Role;
    use async_graphql::TypeDirective;

    /// The roles that can read the field. For other roles it is null, and its path is in `extensions.guarded` of the
    /// response.
    #[TypeDirective(location = "FieldDefinition")]
    #[allow(non_snake_case)]
    pub fn visibleTo(#[graphql(desc = "The roles that can read the field.")] roles: Vec<Role>) {}
}

/// Returns the roles that can read a field, for [`visibleTo`].
pub fn roles(readers: Readers) -> Vec<Role> {
    readers.roles.iter().copied().map(Into::into).collect()
}

/// Returns the value of a guarded field, or `None` if the viewer may not read it.
pub async fn guarded<T>(
    ctx: &Context<'_>,
    readers: Readers,
    value: impl FnOnce() -> Option<T>,
) -> Result<Option<T>, Error> {
    if allows(ctx, readers).await? { Ok(value()) } else { Ok(None) }
}

/// Returns whether the viewer may read this field. Otherwise it records the path of the field.
pub async fn allows(ctx: &Context<'_>, readers: Readers) -> Result<bool, Error> {
    let tx = ctx.tx().await?;
    let allowed = readable(&tx.viewer, readers);
    if !allowed {
        ctx.request()?.note_guarded(ctx);
    }
    Ok(allowed)
}

/// Fails if the viewer may not read these fields. Filters and orders follow the guard of their field, because they
/// would reveal its value.
pub async fn usable(ctx: &Context<'_>, readers: Readers, argument: &str) -> Result<(), Error> {
    usable_by(&ctx.tx().await?.viewer, readers, argument)
}

/// Does the same as [`usable`] for a known viewer.
pub fn usable_by(viewer: &Viewer, readers: Readers, argument: &str) -> Result<(), Error> {
    if readable(viewer, readers) {
        return Ok(());
    }
    Err(Error::Forbidden(format!(
        "Argument `{argument}`: your role may not read this field, and may not filter or sort by it."
    )))
}
