//! The links to private documents that an operation gives out. They are recorded in the audit log before the response is
//! sent. If they cannot be recorded, the response does not contain them.
//!
//! They are recorded together when the operation has ended, because an operation never holds two connections to the
//! database.

use super::request_context::lock;
use async_graphql::{Context, PathSegment, Pos, QueryPathSegment, Response, ServerError, Value};
use dossier_core::error::Error;
use std::{mem::take, sync::Mutex};
use uuid::Uuid;

/// The links that an operation gives out.
#[derive(Default)]
pub struct PrivateDownloads(Mutex<Vec<Download>>);

/// A link to a version of a private document.
pub struct Download {
    /// The version.
    pub version: Uuid,
    path: Vec<PathSegment>,
    pos: Pos,
}

impl PrivateDownloads {
    /// Adds the link of the current field.
    pub fn add(&self, ctx: &Context<'_>, version: Uuid) {
        lock(&self.0).push(Download { version, path: path(ctx), pos: ctx.item.pos });
    }

    /// Takes the links.
    pub fn take(&self) -> Vec<Download> {
        take(&mut *lock(&self.0))
    }
}

/// Removes the links from the response, because they could not be recorded.
pub fn withhold(response: &mut Response, downloads: Vec<Download>, error: Error) {
    let error = async_graphql::Error::from(error).into_server_error(Pos::default());
    for Download { path, pos, .. } in downloads {
        remove(&mut response.data, &path);
        response.errors.push(ServerError { path, locations: vec![pos], ..error.clone() });
    }
}

/// Returns the path of the current field in the response.
pub(super) fn path(ctx: &Context<'_>) -> Vec<PathSegment> {
    let mut path = Vec::new();
    let mut node = ctx.path_node.as_ref();
    while let Some(here) = node {
        path.push(match here.segment {
            QueryPathSegment::Index(index) => PathSegment::Index(index),
            QueryPathSegment::Name(name) => PathSegment::Field(name.to_owned()),
        });
        node = here.parent;
    }
    path.reverse();
    path
}

/// Sets a field of the response to null.
fn remove(data: &mut Value, path: &[PathSegment]) {
    let field = path.iter().try_fold(data, |value, segment| match (value, segment) {
        (Value::Object(fields), PathSegment::Field(name)) => fields.get_mut(name.as_str()),
        (Value::List(items), PathSegment::Index(index)) => items.get_mut(*index),
        _ => None,
    });
    if let Some(field) = field {
        *field = Value::Null;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::value;

    #[test]
    fn only_the_field_of_the_path_is_removed() {
        let mut data = value!({ "list": [{ "url": "one" }, { "url": "two" }] });
        let field = |name: &str| PathSegment::Field(name.to_owned());
        remove(&mut data, &[field("list"), PathSegment::Index(1), field("url")]);
        remove(&mut data, &[field("list"), PathSegment::Index(7), field("url")]);
        assert_eq!(data, value!({ "list": [{ "url": "one" }, { "url": null }] }));
    }
}
