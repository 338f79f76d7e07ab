//! Security headers and compression for all responses.

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

/// The minimum size for compression, in bytes. A smaller response fits into one packet.
const WORTH_PACKING: u64 = 1 << 10;

/// How long browsers use only TLS for this host.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// The header that says which pages may embed a response.
pub const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Browsers must not guess types, must not send referrers, and must not embed responses in pages of other sites except
/// by CORS. The query editor, the only page, has its own headers.
const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
];

/// Adds these headers to responses that do not have them.
pub fn headers(config: &Config) -> [SetResponseHeaderLayer<Option<HeaderValue>>; 4] {
    let is_encrypted = config.public_url.as_ref().is_some_and(|url| url.scheme() == "https");
    let hsts = (header::STRICT_TRANSPORT_SECURITY, is_encrypted.then_some(HSTS));
    let [types, referrer, resource] = HEADERS.map(|(name, value)| (name, Some(value)));
    [types, referrer, resource, hsts].map(|(name, value)| SetResponseHeaderLayer::if_not_present(name, value))
}

/// Compresses long answers of the API if the client supports it. It prefers speed, because most of the gain costs little.
/// Brotli is excluded, because it gains little more at this speed. The compressed length reveals no secret: other sites
/// cannot send requests as a person, because no cookie is read.
pub fn packed() -> CompressionLayer<And<SizeAbove, NotForContentType>> {
    packed_at(CompressionLevel::Fastest)
}

/// Compresses long responses at this level if the client supports it.
pub fn packed_at(level: CompressionLevel) -> CompressionLayer<And<SizeAbove, NotForContentType>> {
    CompressionLayer::new().quality(level).compress_when(SizeAbove::new(WORTH_PACKING).and(NotForContentType::SSE))
}
