//! The access token of a socket: where it stands, and when it expires.

use super::protocol::Close;
use axum::http::{HeaderMap, HeaderValue, header};
use chrono::{DateTime, SecondsFormat, Utc};
use dossier_core::{credentials::Credentials, error::Error};
use serde_json::{Map, Value, json};
use std::time::Duration;
use tokio::time::Instant;

/// The time before the expiry of a token at which its client is warned. Of a token that is valid for less than four times
/// as long, it is the last quarter.
const WARNING: Duration = Duration::from_mins(1);

/// Longer than the lifetime of any token, in milliseconds.
const FOREVER: i64 = 10 * 366 * 24 * 60 * 60 * 1_000;

/// Returns when a token expires.
pub fn expiry(credentials: &Credentials, now: DateTime<Utc>) -> Option<Instant> {
    let Credentials::Bearer(claims) = credentials else { return None };
    let left = claims.exp.saturating_mul(1_000).saturating_sub(now.timestamp_millis()).clamp(0, FOREVER);
    Some(Instant::now() + Duration::from_millis(left.unsigned_abs()))
}

/// Returns when the client is warned of the expiry of its token.
pub fn warning(until: Option<Instant>) -> Option<Instant> {
    let until = until?;
    let left = until.saturating_duration_since(Instant::now());
    until.checked_sub(WARNING.min(left / 4))
}

/// Returns the payload of a message that says when the token expires.
pub fn expiry_notice(exp: i64) -> Value {
    let at = DateTime::from_timestamp(exp, 0).map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    json!({ "tokenExpiresAt": at })
}

/// Returns why a socket closes whose token was not accepted.
pub fn unaccepted(failure: &Error) -> Close {
    match failure {
        Error::Unavailable(..) => Close::TRY_AGAIN,
        _ => Close::FORBIDDEN,
    }
}

/// Returns the token in the payload of `connection_init`. Browsers cannot set headers on a WebSocket.
pub fn authorization_of(payload: &Map<String, Value>) -> Result<Option<&str>, Close> {
    match payload.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization")) {
        None | Some((_, Value::Null)) => Ok(None),
        Some((_, Value::String(text))) => Ok(Some(text)),
        Some(_) => Err(Close::FORBIDDEN),
    }
}

/// Returns the header `Authorization` of a handshake. It is checked with `connection_init`. Several headers are joined,
/// which makes an invalid token.
pub fn authorization(headers: &HeaderMap) -> Option<String> {
    let values: Vec<_> = headers.get_all(header::AUTHORIZATION).iter().map(HeaderValue::as_bytes).collect();
    (!values.is_empty()).then(|| String::from_utf8_lossy(&values.join(&b", "[..])).into_owned())
}
