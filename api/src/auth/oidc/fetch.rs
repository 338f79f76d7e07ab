//! Requests to a provider. Answers are limited in size and time, and no redirect is followed: a redirect could lead to
//! another host, or away from https.

use crate::config::is_loopback;
use reqwest::{Client, RequestBuilder, header, redirect::Policy};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use std::time::Duration;
use url::{Url, form_urlencoded};

/// The maximum length of an answer in bytes.
const MAX_ANSWER: usize = 256 << 10;

/// The maximum duration of a request.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The maximum time for opening a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Sends requests to a provider. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Fetch(Client);

/// The reason why a provider gave no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The URL has no encryption.
    #[error("{0} must begin with https")]
    Unencrypted(Url),
    /// The provider was not reached, or the connection broke.
    #[error("{0} does not answer")]
    Unreachable(Url, #[source] reqwest::Error),
    /// The provider refused the request.
    #[error("{url} answers with status {status} ({code})")]
    Refused {
        /// The URL.
        url: Url,
        /// The HTTP status.
        status: u16,
        /// The error code of OAuth 2.0 (RFC 6749), or `-`.
        code: String,
    },
    /// The answer is too long.
    #[error("{0} answers with more than {MAX_ANSWER} bytes")]
    TooLong(Url),
    /// The answer is not what the standard describes.
    #[error("{0} gives an unexpected answer")]
    Unexpected(Url, #[source] serde_json::Error),
    /// The provider names itself differently than the configuration does.
    #[error("{0} is the configuration of another issuer: {1}")]
    OtherIssuer(Url, String),
    /// The provider gave no usable answer a moment ago, and was not asked again.
    #[error(transparent)]
    Recent(std::sync::Arc<FetchError>),
    /// The provider has no such endpoint.
    #[error("{0} lists no {1}")]
    Missing(Url, &'static str),
}

impl FetchError {
    /// Returns whether the provider refused what the caller sent, such as an expired code.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused { status: 400..500, code, .. } if code == "invalid_grant" || code == "invalid_request")
    }
}

/// The error of an endpoint (RFC 6749, section 5.2).
#[derive(Deserialize)]
struct Refusal {
    error: String,
}

impl Fetch {
    /// Creates a client with the certificates of the operating system.
    pub fn new() -> Result<Self, reqwest::Error> {
        let client = Client::builder().redirect(Policy::none()).timeout(TIMEOUT).connect_timeout(CONNECT_TIMEOUT);
        client.build().map(Self)
    }

    /// Reads a JSON document, with an access token if it needs one.
    pub async fn get<T: DeserializeOwned>(&self, url: &Url, token: Option<&SecretString>) -> Result<T, FetchError> {
        require_encrypted(url)?;
        let request = self.0.get(url.clone());
        let request = match token {
            Some(token) => request.bearer_auth(token.expose_secret()),
            None => request,
        };
        answer(url, request).await
    }

    /// Sends a form, with the client's name and password if it has one.
    pub async fn post<T: DeserializeOwned>(
        &self,
        url: &Url,
        form: &[(&str, &str)],
        basic: Option<(&str, &SecretString)>,
    ) -> Result<T, FetchError> {
        require_encrypted(url)?;
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.0.post(url.clone()).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = match basic {
            // RFC 6749, section 2.3.1: both are encoded as in a form.
            Some((name, password)) => request.basic_auth(encode(name), Some(encode(password.expose_secret()))),
            None => request,
        };
        answer(url, request.body(body)).await
    }
}

fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Fails unless a URL uses https, or leads to this machine.
pub fn require_encrypted(url: &Url) -> Result<(), FetchError> {
    if url.scheme() == "https" || url.scheme() == "http" && is_loopback(url) {
        return Ok(());
    }
    Err(FetchError::Unencrypted(url.clone()))
}

async fn answer<T: DeserializeOwned>(url: &Url, request: RequestBuilder) -> Result<T, FetchError> {
    let unreachable = |error: reqwest::Error| FetchError::Unreachable(url.clone(), error.without_url());
    let request = request.header(header::ACCEPT, "application/json");
    let mut response = request.send().await.map_err(unreachable)?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(FetchError::TooLong(url.clone()));
        }
        body.extend_from_slice(&chunk);
    }
    if !response.status().is_success() {
        let code = serde_json::from_slice(&body).map_or_else(|_| "-".to_owned(), |Refusal { error }| error);
        let code = code.chars().filter(char::is_ascii_graphic).take(60).collect();
        return Err(FetchError::Refused { url: url.clone(), status: response.status().as_u16(), code });
    }
    serde_json::from_slice(&body).map_err(|error| FetchError::Unexpected(url.clone(), error))
}

#[cfg(test)]
mod tests {
    use super::require_encrypted;

    #[test]
    fn only_this_machine_is_reached_without_encryption() {
        let is_allowed = |url: &str| require_encrypted(&url.parse().unwrap()).is_ok();
        for url in ["https://login.example.com", "http://127.0.0.1:9", "http://[::1]/x", "http://localhost:3000"] {
            assert!(is_allowed(url), "{url}");
        }
        for url in ["http://login.example.com", "http://10.0.0.1", "ftp://127.0.0.1", "http://127.0.0.1.example.com"] {
            assert!(!is_allowed(url), "{url}");
        }
    }
}
