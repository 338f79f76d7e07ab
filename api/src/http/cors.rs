//! Cross-origin requests (<https://fetch.spec.whatwg.org/#http-cors-protocol>) from pages of the allowed origins.

use super::{host::is_this_machine, rate};
use crate::{config::Config, request_id::REQUEST_ID};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// The response headers that pages may read, besides those of [`rate`] and those that every page may read.
const EXPOSED: [HeaderName; 6] = [
    header::ACCEPT_RANGES,
    header::CONTENT_DISPOSITION,
    header::CONTENT_RANGE,
    header::ETAG,
    header::RETRY_AFTER,
    REQUEST_ID,
];

/// Lets pages of these origins call every route. `*` allows all origins. All request headers are allowed, because
/// clients and their tools add their own. Listed origins may send the cookie that renews a session, and `*` may not.
pub fn layer(config: &Config) -> CorsLayer {
    let origins = &config.cors_origins;
    let everybody = origins.iter().any(|origin| origin == "*");
    let allowed = if everybody {
        AllowOrigin::any()
    } else {
        let listed: Vec<_> = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
        let is_private = config.public_url.is_none();
        AllowOrigin::predicate(move |origin, request| {
            listed.contains(origin) || is_private && is_other_name(origin, &request.headers)
        })
    };
    CorsLayer::new()
        .allow_origin(allowed)
        .allow_credentials(!everybody && !origins.is_empty())
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(EXPOSED.into_iter().chain(rate::HEADERS).collect::<Vec<_>>())
}

/// Returns whether a page was loaded from this server by another name of this machine. Without a public URL, links to
/// files name `127.0.0.1`, and people may have opened `localhost`.
fn is_other_name(origin: &HeaderValue, headers: &HeaderMap) -> bool {
    let text = |value: Option<&HeaderValue>| value.and_then(|value| value.to_str().ok().map(str::to_owned));
    let (origin, host) = (text(Some(origin)), text(headers.get(header::HOST)));
    let origin = origin.as_deref().and_then(|origin| origin.strip_prefix("http://"));
    let (Some(origin), Some(host)) = (origin, host) else { return false };
    let port = |authority: &str| authority.rsplit_once(':').map(|(_, port)| port.to_owned());
    is_this_machine(origin) && is_this_machine(&host) && port(origin) == port(&host)
}
