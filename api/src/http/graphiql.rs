//! The query editor (`GraphiQL`), which exists only in development.
//!
//! Its files come from npm packages. If a folder has these packages installed, this server serves the files. Otherwise
//! the browser loads them from a public CDN for npm packages. In both cases, the browser compares them with the hashes
//! below. `tests/graphiql/package.json` installs the same versions.

use super::host;
use crate::{
    config::Config,
    graphiql_assets::{ASSETS, Asset, missing_in},
};
use axum::{
    Router,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
    routing::{self, MethodRouter},
};
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};
use url::{Position, Url};

/// The folder of the packages in a checkout of this repository, relative to its root.
const CHECKOUT: &str = "tests/graphiql/node_modules";

const PAGE: &str = include_str!("graphiql/page.html");
const STYLE: &str = include_str!("graphiql/page.css");
const SCRIPT: &str = include_str!("graphiql/page.js");

/// The folders that may contain the editor's files.
struct Folders {
    /// Folders of npm packages. The first one that has all files is used.
    packages: Vec<PathBuf>,
    /// The folder in which the page proposes to install the packages. Packages in it are used.
    prefix: PathBuf,
    /// The step after the installation, in the words of the page.
    then: &'static str,
}

impl Folders {
    /// Returns the configured folder, or the folders in which the packages are usually installed.
    fn of(config: &Config) -> Self {
        let prefix = config.data_dir.join("graphiql");
        match &config.graphiql_assets {
            Some(folder) => Self {
                packages: vec![folder.clone()],
                prefix,
                then: ", then start the server again without GRAPHIQL_ASSETS",
            },
            None => Self {
                packages: vec![prefix.join("node_modules"), PathBuf::from(CHECKOUT)],
                prefix,
                then: ", then reload this page",
            },
        }
    }

    /// Returns the folder that has all files. It is looked up for each request, because packages may be installed while
    /// the server runs.
    fn complete(&self) -> Option<&Path> {
        self.packages.iter().map(PathBuf::as_path).find(|folder| missing_in(folder).is_none())
    }

    /// Returns the page with the elements that load the files.
    fn page(&self, local: bool) -> String {
        let elements: Vec<_> = ASSETS.iter().map(|asset| asset.element(local)).collect();
        PAGE.replace("<!-- assets -->", &elements.join("\n            "))
            .replace("<!-- then -->", self.then)
            .replace("<!-- command -->", &escape(&self.command()))
    }

    /// Returns the command that installs the packages.
    fn command(&self) -> String {
        let mut packages: Vec<_> =
            ASSETS.iter().map(|Asset { package, version, .. }| format!("{package}@{version}")).collect();
        packages.sort();
        packages.dedup();
        // In single quotes, a shell interprets only the quote itself.
        let prefix = self.prefix.display().to_string().replace('\'', r"'\''");
        format!("npm install --prefix '{prefix}' {}", packages.join(" "))
    }

    /// Returns the page with a policy that allows these sockets.
    fn index(&self, sockets: &str) -> Response {
        let local = self.complete().is_some();
        let headers = [
            (header::CONTENT_SECURITY_POLICY, policy(local, sockets)),
            (header::REFERRER_POLICY, "no-referrer".to_owned()),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        ];
        (headers, Html(self.page(local))).into_response()
    }

    async fn file(&self, asset: &Asset) -> Response {
        let Some(folder) = self.complete() else { return StatusCode::NOT_FOUND.into_response() };
        let path = folder.join(asset.path());
        match tokio::fs::read(&path).await {
            Ok(bytes) => ([(header::CONTENT_TYPE, asset.content_type())], bytes).into_response(),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "cannot read a file of the query editor");
                let missing = error.kind() == io::ErrorKind::NotFound;
                if missing { StatusCode::NOT_FOUND } else { StatusCode::INTERNAL_SERVER_ERROR }.into_response()
            }
        }
    }
}

/// Returns the routes of the page and its files.
pub fn routes(config: &Config) -> Router {
    let folders = Arc::new(Folders::of(config));
    let of_page = folders.clone();
    let public_socket = config.public_url.as_ref().and_then(socket_of);
    let page = async move |target: Uri, headers: HeaderMap| {
        let own = host::authority(&target, &headers).filter(|own| is_source(own));
        let own = own.map(|own| format!(" ws://{own} wss://{own}")).unwrap_or_default();
        let sockets = own + &public_socket.map(|socket| format!(" {socket}")).unwrap_or_default();
        of_page.index(&sockets)
    };
    let router = Router::new()
        .route("/graphiql", routing::get(page))
        .route("/graphiql/page.css", text("text/css", STYLE))
        .route("/graphiql/page.js", text("text/javascript", SCRIPT));
    // One route per file instead of a folder, so that no path leads out of the folder.
    ASSETS.iter().fold(router, |router, asset| {
        let folders = folders.clone();
        router.route(&asset.url(true), routing::get(async move || folders.file(asset).await))
    })
}

/// Escapes a text for HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Returns the page's policy: it may run exactly these files, and connect to this server.
fn policy(local: bool, sockets: &str) -> String {
    let from = if local { String::new() } else { ASSETS.iter().map(|asset| asset.url(false) + " ").collect() };
    // The editor uses inline styles for its layout. Some browsers do not count a socket to this server as 'self'.
    format!(
        "default-src 'none'; script-src {from}'self'; style-src {from}'self' 'unsafe-inline'; \
         font-src data:; img-src data:; connect-src 'self'{sockets}; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// Returns the URL of the clients' sockets in the syntax of a policy.
fn socket_of(public_url: &Url) -> Option<String> {
    let scheme = if public_url.scheme() == "https" { "wss" } else { "ws" };
    let address = &public_url[Position::BeforeHost..Position::AfterPort];
    is_source(address).then(|| format!("{scheme}://{address}"))
}

/// Returns whether a policy can contain this host. Hosts must not end the policy's directive, and policies do not
/// support IPv6 addresses.
fn is_source(host: &str) -> bool {
    host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte))
}

fn text(content_type: &'static str, text: &'static str) -> MethodRouter {
    routing::get(async move || ([(header::CONTENT_TYPE, content_type)], text))
}
