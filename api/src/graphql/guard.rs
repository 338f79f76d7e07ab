//! Guarded fields: who may not read one gets null and no error, so that one fragment serves hub and portal; its path
//! is listed in the response's `extensions.guarded`.

use super::{member::Role, request::ContextExt};
use async_graphql::Context;
use dossier_core::{error::Error, viewer::Viewer};
use dossier_policy::fields::{Readers, readable};

pub use directive::visibleTo;

mod directive {
    // What the macro writes has no docs of its own.
    #![allow(missing_docs)]

    use crate::graphql::member::Role;
    use async_graphql::TypeDirective;

    /// Only these roles read the field; for all others it is null, and its path is in the response's
    /// `extensions.guarded`.
    #[TypeDirective(location = "FieldDefinition")]
    #[allow(non_snake_case)]
    pub fn visibleTo(#[graphql(desc = "The roles that read it.")] roles: Vec<Role>) {}
}

/// Returns the roles that read a field, for [`visibleTo`].
pub fn roles(readers: Readers) -> Vec<Role> {
    readers.iter().copied().map(Into::into).collect()
}

/// The value of a guarded field, for those who may read it.
pub async fn guarded<T>(
    ctx: &Context<'_>,
    readers: Readers,
    value: impl FnOnce() -> Option<T>,
) -> Result<Option<T>, Error> {
    if allows(ctx, readers).await? { Ok(value()) } else { Ok(None) }
}

/// Whether the viewer may read this field; if not, notes its path.
pub async fn allows(ctx: &Context<'_>, readers: Readers) -> Result<bool, Error> {
    let tx = ctx.tx().await?;
    let allowed = readable(&tx.viewer, readers);
    if !allowed {
        ctx.request()?.note_guarded(ctx);
    }
    Ok(allowed)
}

/// Filtering and ordering follow the guard of the field: what may not be read may not be found out.
pub async fn usable(ctx: &Context<'_>, readers: Readers, argument: &str) -> Result<(), Error> {
    usable_by(&ctx.tx().await?.viewer, readers, argument)
}

/// The same, where the viewer is known otherwise.
pub fn usable_by(viewer: &Viewer, readers: Readers, argument: &str) -> Result<(), Error> {
    if readable(viewer, readers) {
        return Ok(());
    }
    Err(Error::Forbidden(format!(
        "Argument `{argument}`: your role may not read this field, nor filter or order by it."
    )))
}
