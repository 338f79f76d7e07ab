//! The configuration that a provider publishes (`OpenID` Connect Discovery 1.0).

use super::fetch::{Fetch, FetchError};
use serde::Deserialize;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;
use url::Url;

/// How long a configuration is used.
const FRESH_FOR: Duration = Duration::from_hours(1);

/// The time after which an issuer that gave no usable answer is asked again. Strangers cause no more requests than this.
const ASKED_EVERY: Duration = Duration::from_secs(5);

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
    known: Mutex<Known>,
    /// Held by the one who asks.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Clone, Debug, Default)]
struct Known {
    metadata: Option<(Instant, Arc<Metadata>)>,
    failure: Option<(Instant, Arc<FetchError>)>,
}

impl Known {
    /// Returns the result of a question that was asked a short time ago.
    fn recent(&self) -> Option<Result<Arc<Metadata>, FetchError>> {
        let metadata = self.metadata.as_ref();
        if let Some((_, metadata)) = metadata.filter(|(read_at, _)| read_at.elapsed() < FRESH_FOR) {
            return Some(Ok(metadata.clone()));
        }
        let (_, failure) = self.failure.as_ref().filter(|(failed_at, _)| failed_at.elapsed() < ASKED_EVERY)?;
        Some(match metadata {
            Some((_, metadata)) => Ok(metadata.clone()),
            None => Err(FetchError::Recent(failure.clone())),
        })
    }
}

impl Discovery {
    /// Creates it for an issuer, which it asks when it is needed.
    pub fn new(fetch: Fetch, issuer: &str) -> Result<Self, url::ParseError> {
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/')).parse()?;
        Ok(Self {
            fetch,
            issuer: issuer.to_owned(),
            url,
            known: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
        })
    }

    /// Returns the configuration. An earlier one is used while the issuer does not answer.
    pub async fn metadata(&self) -> Result<Arc<Metadata>, FetchError> {
        if let Some(recent) = self.known().recent() {
            return recent;
        }
        let _asking = self.asking.lock().await;
        if let Some(recent) = self.known().recent() {
            return recent;
        }
        let read = self.read().await;
        let mut known = self.known();
        match read {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                *known = Known { metadata: Some((Instant::now(), metadata.clone())), failure: None };
                Ok(metadata)
            }
            Err(error) => {
                tracing::warn!(%error, "the configuration of the identity provider could not be read");
                let error = Arc::new(error);
                known.failure = Some((Instant::now(), error.clone()));
                let earlier = known.metadata.as_ref().map(|(_, metadata)| metadata.clone());
                earlier.ok_or(FetchError::Recent(error))
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
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
