//! GraphiQL, the query editor: in development only.

use axum::{Router, response::Html, routing};
use std::path::Path;

/// The editor's page.
pub fn routes(_assets: Option<&Path>) -> Router {
    Router::new().route("/", routing::get(async || Html("")))
}
