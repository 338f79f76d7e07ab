//! The cookie with the refresh token of a browser.
//!
//! It proves only who may renew or end a session: no other operation, and no WebSocket, reads it. It counts only in a
//! `POST` with a header that other sites cannot send without a preflight, from a page of this server or of an allowed
//! origin. `SameSite=Strict` keeps pages of other sites from sending it at all.

use crate::{
    config::{Config, is_loopback},
    graphql::{Browser, RefreshCookie},
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use chrono::{DateTime, Utc};
use url::Url;

/// The name of the cookie. Browsers accept the prefix only from secure origins, without a domain.
const NAME: &str = "__Host-dossier-refresh";

/// The header that a request with the cookie must have, with any value.
pub const HEADER: HeaderName = HeaderName::from_static("dossier-session");

/// The origins whose pages may use the cookie.
pub struct CookieOrigins {
    /// Whether the cookie is used at all.
    enabled: bool,
    public: Option<String>,
    listed: Vec<String>,
}

impl CookieOrigins {
    /// Reads the origins from the configuration. Without a public URL, the origin of the request's host counts, if it is
    /// this machine.
    pub fn new(config: &Config) -> Self {
        let public = config.public_url.as_ref().map(|url| url.origin().ascii_serialization());
        let secure = config.public_url.as_ref().is_none_or(|url| url.scheme() == "https" || is_loopback(url));
        let listed = config.cors_origins.clone();
        Self { enabled: secure && !listed.iter().any(|origin| origin == "*"), public, listed }
    }

    /// Returns the browser that sent a request, if it may use the cookie.
    pub fn browser(&self, method: &Method, headers: &HeaderMap) -> Option<Browser> {
        let is_allowed = self.enabled && method == Method::POST && headers.contains_key(&HEADER);
        let origin = headers.get(header::ORIGIN)?.to_str().ok()?;
        let from_here = match &self.public {
            Some(public) => public == origin,
            None => Url::parse(origin).is_ok_and(|url| is_loopback(&url)) && is_of_host(origin, headers),
        };
        let from_known_page = from_here || self.listed.iter().any(|listed| listed == origin);
        let other_site = headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site");
        (is_allowed && from_known_page && !other_site).then(|| Browser { refresh_token: refresh_token(headers) })
    }
}

fn is_of_host(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    host.is_some_and(|host| origin.strip_prefix("http://") == Some(host))
}

fn refresh_token(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == NAME).map(|(_, value)| value.to_owned())
}

/// Returns the header that sets the cookie, or removes it if there is no token.
pub fn set(token: &RefreshCookie, now: DateTime<Utc>) -> Option<HeaderValue> {
    let (value, seconds) = match token {
        Some((value, until)) => (value.as_str(), (*until - now).num_seconds().max(0)),
        None => ("", 0),
    };
    let cookie = format!("{NAME}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Strict");
    HeaderValue::from_str(&cookie).ok()
}
