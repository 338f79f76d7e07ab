//! The identity provider at which people sign in.

use super::{
    attempt::{Attempt, Begun, LASTS, PURPOSE},
    discovery::Discovery,
    fetch::{Fetch, FetchError, require_encrypted},
    id_token::{Address, IdToken, UserInfo},
    keys::{KeySource, Keys, SignatureError},
};
use crate::config::{ProviderSettings, is_loopback};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use dossier_core::{
    error::{BoxError, Error, UserError},
    secret::random_text,
};
use dossier_data::Sealer;
use dossier_domain::external_identity::ProvenIdentity;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::sync::Arc;
use url::Url;

/// The number of random bytes of a state, a nonce and a verifier.
const RANDOM: usize = 32;

/// The maximum length of a code in bytes.
const MAX_CODE: usize = 4 << 10;

/// The identity provider.
#[derive(Debug)]
pub struct IdentityProvider {
    settings: ProviderSettings,
    fetch: Fetch,
    discovery: Arc<Discovery>,
    keys: Keys,
}

/// The answer of the token endpoint.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<SecretString>,
}

impl IdentityProvider {
    /// Creates it. The provider is asked when somebody signs in.
    pub fn new(settings: ProviderSettings) -> Result<Self, BoxError> {
        let fetch = Fetch::new()?;
        let discovery = Arc::new(Discovery::new(fetch.clone(), &settings.issuer)?);
        let keys = Keys::new(fetch.clone(), KeySource::Discovery(discovery.clone()));
        Ok(Self { settings, fetch, discovery, keys })
    }

    /// Returns the name that people see.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Returns the issuer.
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Checks that the provider publishes what a sign-in needs.
    pub async fn check(&self) -> Result<(), FetchError> {
        let metadata = self.discovery.metadata().await?;
        for (endpoint, name) in [
            (&metadata.authorization_endpoint, "authorization_endpoint"),
            (&metadata.token_endpoint, "token_endpoint"),
            (&metadata.jwks_uri, "jwks_uri"),
        ] {
            require_encrypted(self.discovery.require(endpoint.as_ref(), name)?)?;
        }
        self.keys.read().await.map(drop)
    }

    /// Begins a sign-in. The provider sends the person back to this page, or to the default one.
    pub async fn begin(
        &self,
        sealer: &Sealer,
        now: DateTime<Utc>,
        redirect_url: Option<&str>,
        reauthenticate: bool,
    ) -> Result<Begun, Error> {
        let redirect_url = self.redirect_url(redirect_url)?;
        let metadata = self.discovery.metadata().await.map_err(unavailable)?;
        let endpoint = metadata.authorization_endpoint.as_ref();
        let endpoint = self.discovery.require(endpoint, "authorization_endpoint").map_err(unavailable)?;
        require_encrypted(endpoint).map_err(unavailable)?;
        let random = || random_text(RANDOM).map_err(Error::internal);
        let (state, nonce, verifier) = (random()?, random()?, random()?);
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        let mut authorization_url = endpoint.clone();
        authorization_url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.settings.client_id),
            ("redirect_uri", &redirect_url),
            ("scope", "openid email"),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        if reauthenticate {
            authorization_url.query_pairs_mut().extend_pairs([("prompt", "login"), ("max_age", "0")]);
        }
        let attempt = Attempt::new(now, &state, nonce, verifier, redirect_url, reauthenticate);
        Ok(Begun { authorization_url, attempt: sealer.seal(&PURPOSE, &attempt)?, expires_at: now + LASTS })
    }

    /// Returns the page if it is a configured one. Programs on this machine choose their port (RFC 8252, section 7.3).
    fn redirect_url(&self, given: Option<&str>) -> Result<String, Error> {
        let known = &self.settings.redirect_urls;
        let Some(given) = given else {
            return known.first().map(Url::to_string).ok_or_else(|| Error::internal("there is no OIDC_REDIRECT_URLS"));
        };
        let without_port = |url: &Url| {
            let mut url = url.clone();
            let _ = url.set_port(None);
            url
        };
        let matches = |url: &Url, known: &Url| {
            url == known || is_loopback(known) && known.scheme() == "http" && without_port(url) == without_port(known)
        };
        let url = Url::parse(given).ok().filter(|url| known.iter().any(|known| matches(url, known)));
        let wrong =
            || UserError::invalid("redirect_url", "is not one of the pages in OIDC_REDIRECT_URLS of the server");
        Ok(url.ok_or_else(wrong)?.into())
    }

    /// Exchanges the code with which the provider sent the person back. Returns the account at the provider.
    pub async fn complete(&self, attempt: &Attempt, code: &str, now: DateTime<Utc>) -> Result<ProvenIdentity, Error> {
        if code.is_empty() || code.len() > MAX_CODE {
            return Err(refused());
        }
        let tokens = self.exchange(attempt, code).await.map_err(|error| {
            if error.is_refusal() {
                tracing::info!(%error, "the identity provider refused a code");
                return refused();
            }
            unavailable(error)
        })?;
        let id_token: IdToken = self.keys.verify(&tokens.id_token).await.map_err(|error| match error {
            SignatureError::Invalid => invalid("the signature"),
            SignatureError::Unavailable(error) => unavailable(error),
        })?;
        let ProviderSettings { issuer, client_id, email_domains, .. } = &self.settings;
        id_token.check(issuer, client_id, attempt, now).map_err(invalid)?;
        let address = match &id_token.address.email {
            Some(_) => Some(id_token.address.clone()),
            None => self.address(&id_token.sub, tokens.access_token.as_ref()).await,
        };
        Ok(ProvenIdentity {
            issuer: issuer.clone(),
            is_email_trusted: address.as_ref().is_some_and(|address| address.is_trusted(email_domains)),
            email: address.and_then(|address| address.email()),
            authenticated_at: id_token.authenticated_at(),
            subject: id_token.sub,
        })
    }

    async fn exchange(&self, attempt: &Attempt, code: &str) -> Result<Tokens, FetchError> {
        let ProviderSettings { client_id, client_secret, .. } = &self.settings;
        let metadata = self.discovery.metadata().await?;
        let endpoint = self.discovery.require(metadata.token_endpoint.as_ref(), "token_endpoint")?;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &attempt.redirect_url),
            ("code_verifier", &attempt.verifier),
        ];
        let methods = &metadata.token_endpoint_auth_methods_supported;
        let supports = |method: &str| methods.iter().any(|supported| supported == method);
        let basic = methods.is_empty() || supports("client_secret_basic") || !supports("client_secret_post");
        let basic = client_secret.as_ref().filter(|_| basic).map(|secret| (client_id.as_str(), secret));
        if basic.is_none() {
            form.push(("client_id", client_id));
            form.extend(client_secret.as_ref().map(|secret| ("client_secret", secret.expose_secret())));
        }
        self.fetch.post(endpoint, &form, basic).await
    }

    /// Returns the address from the endpoint for claims, because many providers leave it out of the ID token. People who
    /// are linked already sign in without it.
    async fn address(&self, subject: &str, token: Option<&SecretString>) -> Option<Address> {
        let metadata = self.discovery.metadata().await.ok()?;
        let (endpoint, token) = (metadata.userinfo_endpoint.as_ref()?, token?);
        match self.fetch.get::<UserInfo>(endpoint, Some(token)).await {
            Ok(info) => (info.sub == subject).then_some(info.address),
            Err(error) => {
                tracing::warn!(%error, "the identity provider does not tell an address");
                None
            }
        }
    }
}

fn unavailable(error: impl Into<Arc<FetchError>>) -> Error {
    Error::Unavailable("The identity provider", error.into())
}

fn refused() -> Error {
    UserError::forbidden("The identity provider refused this sign-in. Begin it again.").into()
}

fn invalid(reason: &'static str) -> Error {
    tracing::warn!(reason, "the identity provider gave an ID token that is not valid");
    UserError::forbidden("The identity provider gave an answer that is not valid. Begin the sign-in again.").into()
}
