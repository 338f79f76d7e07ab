//! The web app, if it is built: `client-examples/web`. Otherwise a page that says what this server is.

mod files;
mod landing;
mod policy;

use super::{fallback, security};
use crate::config::Config;
use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing,
};
use files::{File, Files, HTML};
use std::sync::Arc;
use tower_http::CompressionLevel;

/// The page that all addresses of the app show.
const INDEX: &str = "index.html";

/// The folder of files whose names contain a hash of their content.
const HASHED: &str = "assets/";

/// How long browsers keep such a file.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// The app and what its pages need.
pub struct WebApp {
    files: Files,
    policy: HeaderValue,
    has_editor: bool,
}

impl WebApp {
    /// Reads the configuration of the app.
    pub fn new(config: &Config) -> Self {
        Self { files: Files::of(config), policy: policy::of(config), has_editor: config.is_development() }
    }

    /// Returns a file of the app, its page for an address of the app, or an error.
    async fn respond(&self, request: Request) -> Response {
        let path = request.uri().path().trim_start_matches('/').to_owned();
        let wants_page = is_page(&request);
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return fallback::not_found(&request);
        }
        if let Some(file) = self.files.get(&path).await.filter(|_| path != INDEX) {
            return self.file(&path, file);
        }
        let mut response = if let Some(file) = self.files.get(INDEX).await.filter(|_| wants_page) {
            self.file(INDEX, file)
        } else {
            let mut missing = fallback::not_found(&request);
            missing.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            missing
        };
        // The same path is a page for a browser, and missing for a script.
        response.headers_mut().append(header::VARY, HeaderValue::from_static("accept"));
        response
    }

    async fn home(&self) -> Response {
        match self.files.get(INDEX).await {
            Some(file) => self.file(INDEX, file),
            None => landing::page(self.has_editor),
        }
    }

    fn file(&self, path: &str, file: File) -> Response {
        let kept = if path.starts_with(HASHED) { FOREVER } else { "no-cache" };
        let media_type = files::media_type(path);
        let headers = [(header::CACHE_CONTROL, kept), (header::CONTENT_TYPE, media_type)];
        let mut response = (headers, file).into_response();
        if media_type == HTML {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
        }
        response
    }
}

/// Returns whether a browser asks for a page, and not a script for a file or for data.
fn is_page(request: &Request) -> bool {
    let accepts = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accepts.is_some_and(|accepts| accepts.contains("text/html"))
}

/// Returns the routes of the app: `/`, and all paths that no other route has.
pub fn routes(config: &Config) -> Router {
    let app = Arc::new(WebApp::new(config));
    let home = app.clone();
    Router::new()
        .route("/", routing::get(async move || home.home().await))
        .merge(landing::routes())
        .fallback(async move |request: Request| app.respond(request).await)
        // Browsers keep these files, so that packing them well is worth its time.
        .layer(security::packed_at(CompressionLevel::Default))
}

impl IntoResponse for File {
    fn into_response(self) -> Response {
        (StatusCode::OK, self.0).into_response()
    }
}
