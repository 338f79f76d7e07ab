//! The configuration that a provider publishes (`OpenID` Connect Discovery 1.0).

use super::fetch::{Fetch, FetchError};
use serde::Deserialize;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;
use url::Url;

/// How long a configuration is used.
const FRESH_FOR: Duration = Duration::from_hours(1);

/// The published configuration, as far as it is used.
#[derive(Clone, Debug, Deserialize)]
pub struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: Option<Url>,
    pub(super) token_endpoint: Option<Url>,
    pub(super) userinfo_endpoint: Option<Url>,
    pub(super) jwks_uri: Option<Url>,
    #[serde(default)]
    pub(super) token_endpoint_auth_methods_supported: Vec<String>,
}

/// Reads the configuration of an issuer, and remembers it.
#[derive(Debug)]
pub struct Discovery {
    fetch: Fetch,
    issuer: String,
    url: Url,
    known: Mutex<Option<(Instant, Arc<Metadata>)>>,
}

impl Discovery {
    /// Creates it for an issuer, which it asks when it is needed.
    pub fn new(fetch: Fetch, issuer: &str) -> Result<Self, url::ParseError> {
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/')).parse()?;
        Ok(Self { fetch, issuer: issuer.to_owned(), url, known: Mutex::default() })
    }

    /// Returns the configuration. An earlier one is used while the issuer does not answer.
    pub async fn metadata(&self) -> Result<Arc<Metadata>, FetchError> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((read_at, metadata)) = &known
            && read_at.elapsed() < FRESH_FOR
        {
            return Ok(metadata.clone());
        }
        match (self.read().await, known) {
            (Ok(metadata), _) => {
                let metadata = Arc::new(metadata);
                *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), metadata.clone()));
                Ok(metadata)
            }
            (Err(error), Some((_, metadata))) => {
                tracing::warn!(%error, "the configuration of the identity provider could not be read again");
                Ok(metadata)
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn read(&self) -> Result<Metadata, FetchError> {
        let metadata: Metadata = self.fetch.get(&self.url, None).await?;
        if metadata.issuer == self.issuer {
            return Ok(metadata);
        }
        Err(FetchError::OtherIssuer(self.url.clone(), metadata.issuer))
    }

    /// Returns an endpoint of the configuration.
    pub(super) fn require<'m>(&self, endpoint: Option<&'m Url>, name: &'static str) -> Result<&'m Url, FetchError> {
        endpoint.ok_or_else(|| FetchError::Missing(self.url.clone(), name))
    }
}
