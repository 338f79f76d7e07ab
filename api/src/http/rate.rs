//! The headers of the rate limit: `RateLimit-Limit`, `-Remaining` and `-Reset` of the sixth IETF draft
//! (draft-ietf-httpapi-ratelimit-headers-06, the last with three headers), and `X-RateLimit-…` for older clients. They
//! describe the limit that is closest to being exceeded.

use crate::rate::RateLimitStatus;
use axum::http::{HeaderMap, HeaderName, header};
use chrono::{DateTime, Utc};
use std::time::Duration;

/// The headers that pages of other origins may read.
pub const HEADERS: [HeaderName; 6] = [LIMIT, REMAINING, RESET, X_LIMIT, X_REMAINING, X_RESET];

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");
const X_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const X_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const X_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// Returns the headers of a response. `RateLimit-Reset` is in seconds from now, and `X-RateLimit-Reset` is a Unix time
/// in seconds.
pub fn headers(rate_limit_status: Option<RateLimitStatus>, retry_after: Option<u64>, now: DateTime<Utc>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Some(RateLimitStatus { limit, remaining, reset }) = rate_limit_status {
        let seconds = reset.as_secs() + u64::from(reset.subsec_nanos() > 0);
        let at = now + Duration::from_secs(seconds);
        for (name, value) in [(LIMIT, limit.into()), (REMAINING, remaining.into()), (RESET, seconds)] {
            headers.insert(name, value.into());
        }
        for (name, value) in [(X_LIMIT, limit.into()), (X_REMAINING, remaining.into()), (X_RESET, at.timestamp())] {
            headers.insert(name, value.into());
        }
    }
    if let Some(seconds) = retry_after {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    headers
}
