//! The page that says what this server is, if the web app is not built.

use axum::{
    Router,
    http::header,
    response::{Html, IntoResponse, Response},
    routing::{self, MethodRouter},
};

const PAGE: &str = include_str!("landing.html");
const STYLE: &str = include_str!("landing.css");
const SCRIPT: &str = include_str!("landing.js");
const EDITOR: &str = r#"<p><a href="/graphiql">Open the query editor</a></p>"#;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Returns the page.
pub fn page(has_editor: bool) -> Response {
    let page = PAGE.replace("<!-- editor -->", if has_editor { EDITOR } else { "" });
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(page)).into_response()
}

/// Returns the routes of its files.
pub fn routes() -> Router {
    Router::new()
        .route("/landing/page.css", text("text/css", STYLE))
        .route("/landing/page.js", text("text/javascript", SCRIPT))
}

fn text(content_type: &'static str, text: &'static str) -> MethodRouter {
    routing::get(async move || ([(header::CONTENT_TYPE, content_type)], text))
}
