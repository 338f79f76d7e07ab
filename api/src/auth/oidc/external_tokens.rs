//! Access tokens of an external issuer (RFC 9068), which act as the person of a linked account.

use super::{
    claims::{Audience, LEEWAY, NumericDate, is_subject},
    discovery::Discovery,
    fetch::Fetch,
    keys::{FRESH_FOR, KeySource, Keys, SignatureError},
};
use crate::{address::Address, config::ExternalTokenSettings};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use dossier_core::{
    credentials::Claims,
    error::{BoxError, Error},
    scope::Scopes,
};
use dossier_data::Database;
use dossier_domain::external_token::{self, ExternalToken};
use jsonwebtoken::decode_header;
use quick_cache::sync::Cache;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;

/// The maximum number of verified tokens in the memory of a process.
const MAX_VERIFIED: usize = 10_000;

/// How long a verification is valid, so that the tokens of a withdrawn key stop working.
const VERIFIED_FOR: Duration = FRESH_FOR;

/// The types of access tokens in their header. A token of another type has another purpose.
const TYPES: [&str; 3] = ["at+jwt", "application/at+jwt", "jwt"];

/// Verifies the access tokens of an external issuer.
#[derive(Debug)]
pub struct ExternalTokens {
    settings: ExternalTokenSettings,
    keys: Keys,
    /// Tokens that were verified. Each operation reads its session.
    verified: Cache<String, Arc<Verified>>,
}

/// A token that was verified.
#[derive(Debug)]
struct Verified {
    at: Instant,
    /// The session in which it acts.
    claims: Claims,
}

/// The payload of a token.
#[derive(Clone, Deserialize)]
struct Received {
    iss: String,
    sub: String,
    aud: Audience,
    exp: NumericDate,
    iat: NumericDate,
    nbf: Option<NumericDate>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

const INVALID: Error = Error::Unauthenticated("This access token is not valid.");
const EXPIRED: Error = Error::Unauthenticated("This access token has expired. Get a new one from its issuer.");

impl ExternalTokens {
    /// Creates a verifier. The issuer is asked for its keys when the first token arrives.
    pub fn new(settings: ExternalTokenSettings) -> Result<Self, BoxError> {
        let fetch = Fetch::new()?;
        let source = match &settings.jwks_url {
            Some(url) => KeySource::Url(url.clone()),
            None => KeySource::Discovery(Arc::new(Discovery::new(fetch.clone(), &settings.issuer)?)),
        };
        Ok(Self { settings, keys: Keys::new(fetch, source), verified: Cache::new(MAX_VERIFIED) })
    }

    /// Checks that the issuer publishes its keys.
    pub async fn check_issuer(&self) -> Result<(), BoxError> {
        let keys = self.keys.read().await?;
        if keys.is_empty() { Err("the issuer publishes no key".into()) } else { Ok(()) }
    }

    /// Returns whether a token names this issuer, whether or not it is valid.
    pub fn is_meant(&self, token: &str) -> bool {
        #[derive(Deserialize)]
        struct Issuer {
            iss: Option<String>,
        }
        let payload = token.split('.').nth(1).and_then(|part| BASE64_URL_SAFE_NO_PAD.decode(part).ok());
        let issuer = payload.and_then(|payload| serde_json::from_slice::<Issuer>(&payload).ok()?.iss);
        issuer.is_some_and(|issuer| issuer == self.settings.issuer)
    }

    /// Returns the claims with which a token acts that was sent from this address.
    pub async fn check(&self, database: &Database, token: &str, address: Address) -> Result<Claims, Error> {
        let now = database.clock.now();
        let known = self.verified.get(token).filter(|known| known.at.elapsed() < VERIFIED_FOR);
        let verified = if let Some(known) = known {
            known
        } else {
            self.verified.remove(token);
            let at = Instant::now();
            let verified = self.verify(token, now).await?;
            let claims = external_token::claims(database, &verified, address.network()).await?;
            let verified = Arc::new(Verified { at, claims });
            self.verified.insert(token.to_owned(), verified.clone());
            verified
        };
        if verified.claims.exp <= now.timestamp() {
            return Err(EXPIRED);
        }
        Ok(verified.claims.clone())
    }

    async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<ExternalToken, Error> {
        let kind = decode_header(token).map_err(|_| INVALID)?.typ.map(|kind| kind.to_lowercase());
        if kind.is_some_and(|kind| !TYPES.contains(&kind.as_str())) {
            return Err(INVALID);
        }
        let received: Received = self.keys.verify(token).await.map_err(|error| match error {
            SignatureError::Invalid => INVALID,
            SignatureError::Unavailable(cause) => Error::Unavailable("The issuer of this access token", cause),
        })?;
        let ExternalTokenSettings { issuer, audience, organization_claim, .. } = &self.settings;
        let (issued_at, expires_at) = (received.iat.time().ok_or(INVALID)?, received.exp.time().ok_or(INVALID)?);
        let is_early = received.nbf.is_some_and(|from| from.time().is_none_or(|from| from > now + LEEWAY));
        if received.iss != *issuer || !received.aud.contains(audience) || !is_subject(&received.sub) {
            return Err(INVALID);
        }
        if is_early || issued_at > now + LEEWAY {
            return Err(Error::Unauthenticated("This access token is not valid yet."));
        }
        if expires_at <= now {
            return Err(EXPIRED);
        }
        let organization = match received.other.get(organization_claim) {
            None | Some(Value::Null) => None,
            Some(Value::String(slug)) => Some(slug.clone()),
            Some(_) => return Err(INVALID),
        };
        let scopes = scopes(&received.other)?;
        let (issuer, subject) = (received.iss, received.sub);
        Ok(ExternalToken { issuer, subject, organization, scopes, issued_at, expires_at })
    }
}

/// Returns the scopes to which a token is limited: a text (RFC 8693, section 4.2), or a list, as some issuers write it.
/// Scopes of other services are ignored.
fn scopes(claims: &Map<String, Value>) -> Result<Option<Scopes>, Error> {
    match claims.get("scope").or_else(|| claims.get("scp")) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(Scopes::read(text))),
        Some(Value::Array(names)) => {
            let names: Vec<_> = names.iter().filter_map(Value::as_str).collect();
            Ok(Some(Scopes::read(&names.join(" "))))
        }
        Some(_) => Err(INVALID),
    }
}
