//! Cross-origin requests (<https://fetch.spec.whatwg.org/#http-cors-protocol>) from pages of the allowed origins.

use super::rate;
use crate::request_id::REQUEST_ID;
use axum::http::{HeaderName, HeaderValue, Method, header};
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
pub fn layer(origins: &[String]) -> CorsLayer {
    let everybody = origins.iter().any(|origin| origin == "*");
    let allowed = if everybody {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()))
    };
    CorsLayer::new()
        .allow_origin(allowed)
        .allow_credentials(!everybody && !origins.is_empty())
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(EXPOSED.into_iter().chain(rate::HEADERS).collect::<Vec<_>>())
}
