//! What every answer says to browsers, and how it is packed.

use crate::config::Config;
use axum::http::{HeaderName, HeaderValue, header};
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{And, NotForContentType, Predicate, SizeAbove},
    },
    set_header::SetResponseHeaderLayer,
};

/// The least that is worth packing, in bytes: less fits into one packet anyway.
const WORTH_PACKING: u64 = 1 << 10;

/// How long browsers remember that this host is reached by TLS alone.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Which pages may embed an answer.
pub const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Nothing here is a page but the query editor, which says what it needs itself: browsers guess no types, tell nobody
/// what they asked for, and let no other site's page hold an answer except by CORS.
const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
];

/// Gives answers these headers, where they have none of their own.
pub fn headers(config: &Config) -> [SetResponseHeaderLayer<Option<HeaderValue>>; 4] {
    let is_encrypted = config.public_url.as_ref().is_some_and(|url| url.scheme() == "https");
    let hsts = (header::STRICT_TRANSPORT_SECURITY, is_encrypted.then_some(HSTS));
    let [types, referrer, resource] = HEADERS.map(|(name, value)| (name, Some(value)));
    [types, referrer, resource, hsts].map(|(name, value)| SetResponseHeaderLayer::if_not_present(name, value))
}

/// Packs long answers for who can unpack them. Fast rather than small: most of the gain costs little. Not with Brotli,
/// which gains little more at that speed. The length of what is packed gives no secret away: no other site can ask in a
/// person's name, for no cookie is read.
pub fn packed() -> CompressionLayer<And<SizeAbove, NotForContentType>> {
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(WORTH_PACKING).and(NotForContentType::SSE))
}
