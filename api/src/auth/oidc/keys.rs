//! The public keys of an issuer (RFC 7517), and the verification of its signatures.

use super::{
    discovery::Discovery,
    fetch::{Fetch, FetchError},
};
use jsonwebtoken::{
    Algorithm, DecodingKey, Header, Validation, decode, decode_header,
    jwk::{Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::{Deserialize, de::DeserializeOwned};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;
use url::Url;

/// The accepted algorithms. All of them are asymmetric: a public key is never the secret of an HMAC.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// The maximum length of a token in bytes.
const MAX_TOKEN: usize = 16 << 10;

/// The maximum number of keys of an issuer.
const MAX_KEYS: usize = 50;

/// How long keys are used before they are read again, so that a withdrawn key stops working.
pub(super) const FRESH_FOR: Duration = Duration::from_mins(10);

/// How long keys are used while the issuer does not answer.
const STALE_FOR: Duration = Duration::from_hours(1);

/// The time after which the keys may be read again. Tokens with unknown keys, which anybody can send, cause no more
/// requests than this.
const READ_EVERY: Duration = Duration::from_secs(5);

/// The reason why a signature was not verified.
#[derive(Debug, thiserror::Error)]
pub enum SignatureError {
    /// The token is not signed by the issuer.
    #[error("the token has no valid signature of the issuer")]
    Invalid,
    /// The keys of the issuer could not be read.
    #[error(transparent)]
    Unavailable(Arc<FetchError>),
}

/// Where the keys of an issuer are.
#[derive(Debug)]
pub enum KeySource {
    /// At this URL.
    Url(Url),
    /// Where the issuer's configuration says.
    Discovery(Arc<Discovery>),
}

/// The keys of an issuer, which are read when they are needed.
#[derive(Debug)]
pub struct Keys {
    fetch: Fetch,
    source: KeySource,
    known: Mutex<Known>,
    /// Held by the one who reads the keys.
    reading: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Known {
    keys: Arc<[Jwk]>,
    read_at: Option<Instant>,
    tried_at: Option<Instant>,
    failure: Option<Arc<FetchError>>,
}

/// The published keys. A key of an unknown type is ignored.
#[derive(Deserialize)]
struct Published {
    keys: Vec<serde_json::Value>,
}

impl Keys {
    /// Creates it without any key.
    pub fn new(fetch: Fetch, source: KeySource) -> Self {
        Self { fetch, source, known: Mutex::default(), reading: tokio::sync::Mutex::default() }
    }

    /// Returns the payload of a token that the issuer has signed.
    pub async fn verify<T: DeserializeOwned + Clone>(&self, token: &str) -> Result<T, SignatureError> {
        let header = if token.len() > MAX_TOKEN { None } else { decode_header(token).ok() };
        let acceptable = |header: &Header| header.crit.is_none() && ALGORITHMS.contains(&header.alg);
        let header = header.filter(acceptable).ok_or(SignatureError::Invalid)?;
        let candidates = self.candidates(&header).await?;
        let mut validation = Validation::new(header.alg);
        // The caller checks the claims, because it reports them differently.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let verify = |key: &Jwk| decode::<T>(token, &DecodingKey::from_jwk(key).ok()?, &validation).ok();
        candidates.iter().find_map(verify).map(|verified| verified.claims).ok_or(SignatureError::Invalid)
    }

    /// Returns the keys that may have signed a token with this header. If there is none, the issuer may have a new key.
    async fn candidates(&self, header: &Header) -> Result<Vec<Jwk>, SignatureError> {
        let suitable = |keys: &[Jwk]| keys.iter().filter(|key| is_suitable(key, header)).cloned().collect::<Vec<_>>();
        let (keys, age) = self.present();
        let found = suitable(&keys);
        if !found.is_empty() && age.is_some_and(|age| age < FRESH_FOR) {
            return Ok(found);
        }
        let has_key = !found.is_empty() && age.is_some_and(|age| age < STALE_FOR);
        let failure = self.refresh(has_key).await;
        let (keys, age) = self.present();
        match (suitable(&keys), failure) {
            (found, Some(failure)) if found.is_empty() || age.is_none_or(|age| age >= STALE_FOR) => {
                Err(SignatureError::Unavailable(failure))
            }
            (found, _) => Ok(found),
        }
    }

    fn present(&self) -> (Arc<[Jwk]>, Option<Duration>) {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        (known.keys.clone(), known.read_at.map(|at| at.elapsed()))
    }

    /// Reads the keys, at most every few seconds. Returns the failure of the last try. Callers who have a key do not wait
    /// for somebody else who reads.
    async fn refresh(&self, has_key: bool) -> Option<Arc<FetchError>> {
        let before = Instant::now();
        let reading = if has_key { self.reading.try_lock().ok() } else { Some(self.reading.lock().await) };
        let _reading = reading?;
        {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let is_recent = known.tried_at.is_some_and(|at| at >= before || at.elapsed() < READ_EVERY);
            if is_recent {
                return known.failure.clone();
            }
            known.tried_at = Some(Instant::now());
        }
        let read = self.read().await;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match read {
            Ok(keys) => *known = Known { keys, read_at: Some(Instant::now()), tried_at: known.tried_at, failure: None },
            Err(error) => {
                tracing::warn!(%error, "the keys of the identity provider could not be read");
                known.failure = Some(Arc::new(error));
            }
        }
        known.failure.clone()
    }

    /// Reads the keys of the issuer.
    pub async fn read(&self) -> Result<Arc<[Jwk]>, FetchError> {
        let published: Published = match &self.source {
            KeySource::Url(url) => self.fetch.get(url, None).await?,
            KeySource::Discovery(discovery) => {
                let metadata = discovery.metadata().await?;
                self.fetch.get(discovery.require(metadata.jwks_uri.as_ref(), "jwks_uri")?, None).await?
            }
        };
        let keys = published.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok());
        Ok(keys.take(MAX_KEYS).collect())
    }
}

/// Returns whether a key may have signed a token with this header.
fn is_suitable(key: &Jwk, header: &Header) -> bool {
    let has_id = header.kid.is_none() || key.common.key_id == header.kid;
    let signs = key.common.public_key_use.as_ref().is_none_or(|purpose| *purpose == PublicKeyUse::Signature);
    let same = |algorithm: &KeyAlgorithm| algorithm.to_string() == format!("{:?}", header.alg);
    has_id && signs && key.common.key_algorithm.as_ref().is_none_or(same)
}
