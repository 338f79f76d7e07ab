//! The host of a request (RFC 9112, section 3.2).

use super::fallback;
use crate::{config::is_loopback, error_code::Code, request_id::request_id};
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Uri, Version, header, uri::Authority},
    middleware::Next,
    response::Response,
};
use url::Url;

/// Refuses a request without exactly one valid host, because a proxy could interpret it as another request.
pub async fn require(request: Request, next: Next) -> Response {
    let mut named = request.headers().get_all(header::HOST).iter();
    let message = match (named.next(), named.next()) {
        (None, _) if request.version() == Version::HTTP_11 => "The header `Host` is missing.",
        (Some(_), Some(_)) => "The request contains the header `Host` more than once.",
        (Some(host), None) if !is_valid(host) => "The header `Host` must contain a host, and optionally a port.",
        _ => return next.run(request).await,
    };
    fallback::refused(Code::BadRequest, message, &request_id(request.headers()))
}

/// Returns the host and port of the request. An absolute target takes precedence over the header.
pub fn authority<'r>(target: &'r Uri, headers: &'r HeaderMap) -> Option<&'r str> {
    let named = || headers.get(header::HOST).and_then(|host| host.to_str().ok());
    target.authority().map(Authority::as_str).or_else(named)
}

/// Returns whether a host, with or without a port, names the machine on which its client runs.
pub fn is_this_machine(authority: &str) -> bool {
    Url::parse(&format!("http://{authority}")).is_ok_and(|url| is_loopback(&url))
}

fn is_valid(host: &HeaderValue) -> bool {
    let Ok(text) = host.to_str() else { return false };
    let Ok(authority) = text.parse::<Authority>() else { return false };
    let port = text.strip_prefix(authority.host());
    !authority.host().is_empty() && port.is_some_and(|port| port.is_empty() || is_port(port))
}

fn is_port(text: &str) -> bool {
    let Some(digits) = text.strip_prefix(':') else { return false };
    digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits.is_empty() || digits.parse::<u16>().is_ok())
}
