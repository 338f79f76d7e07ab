//! Access tokens: JSON Web Tokens (RFC 7519) signed with Ed25519 (RFC 8037). A token contains its session and nothing that
//! could change. Everything else is read when the token is used.
//!
//! The signing key is derived from the server's secret, and its public key is published, so that other services can verify
//! tokens. A token names its key by the thumbprint (RFC 7638).

use aws_lc_rs::signature::Ed25519KeyPair;
use chrono::{DateTime, Utc};
use dossier_core::{
    credentials::Claims,
    error::Error,
    secret::{ServerSecret, derive_key},
};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
    jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash},
};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The maximum difference by which the issuer's clock may be ahead, in seconds.
const LEEWAY: i64 = 60;

/// The audience of the tokens.
const AUDIENCE: &str = "dossier";

/// The maximum number of verified tokens in the memory of a process, about 10 MB.
const MAX_VERIFIED: usize = 20_000;

/// The payload of an issued token.
#[derive(Serialize)]
struct Issued<'c> {
    #[serde(flatten)]
    claims: &'c Claims,
    aud: &'static str,
}

/// The payload of a received token.
#[derive(Clone, Deserialize)]
struct Received {
    #[serde(flatten)]
    claims: Claims,
    /// The beginning of its validity, as a Unix time in seconds. Our own tokens omit it.
    nbf: Option<f64>,
}

/// Signs and verifies tokens. Cheap to clone.
#[derive(Clone)]
pub struct Tokens(Arc<Keys>);

struct Keys {
    signing: SigningKey,
    /// The keys of all accepted secrets, the current one first.
    accepted: Vec<VerifyingKey>,
    /// Tokens with a valid signature. Verifying one takes longer than many operations.
    verified: Cache<String, Received>,
}

struct SigningKey {
    key: EncodingKey,
    id: String,
}

/// The keys of a secret.
struct VerifyingKey {
    key: DecodingKey,
    jwk: Jwk,
    /// The key of tokens that earlier versions signed with HMAC-SHA256.
    earlier: DecodingKey,
}

impl Tokens {
    /// Creates the signer with the server's secret.
    pub fn new(secret: &ServerSecret) -> Result<Self, Error> {
        let accepted = secret.accepted().map(VerifyingKey::new).collect::<Result<_, _>>()?;
        let signing = SigningKey::new(secret.current())?;
        Ok(Self(Arc::new(Keys { signing, accepted, verified: Cache::new(MAX_VERIFIED) })))
    }

    /// Issues a token with these claims.
    pub fn issue(&self, claims: &Claims) -> Result<String, Error> {
        let SigningKey { key, id } = &self.0.signing;
        let header = Header { kid: Some(id.clone()), ..Header::new(Algorithm::EdDSA) };
        encode(&header, &Issued { claims, aud: AUDIENCE }, key).map_err(Error::internal)
    }

    /// Returns the public keys, with which other services can verify tokens (RFC 7517).
    pub fn public_keys(&self) -> JwkSet {
        JwkSet { keys: self.0.accepted.iter().map(|accepted| accepted.jwk.clone()).collect() }
    }

    /// Returns the claims of a token that has our signature and is valid at this time.
    pub fn check(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, Error> {
        let Received { claims, nbf } = match self.0.verified.get(token) {
            Some(received) => received,
            None => {
                self.0.verify(token).ok_or(Error::Unauthenticated("This access token is not valid. Sign in again."))?
            }
        };
        #[expect(clippy::cast_precision_loss, reason = "a float is exact for the next millions of years")]
        let latest = (now.timestamp() + LEEWAY) as f64;
        if nbf.is_some_and(|nbf| nbf > latest) {
            return Err(Error::Unauthenticated("This access token is not valid yet."));
        }
        if claims.exp <= now.timestamp() {
            return Err(Error::Unauthenticated("This access token has expired. Sign in again."));
        }
        Ok(claims)
    }
}

impl Keys {
    /// Returns the payload of a token with our signature, and remembers it. A token with critical extensions (RFC 7515,
    /// section 4.1.11) is refused, because we support none.
    fn verify(&self, token: &str) -> Option<Received> {
        let header = decode_header(token).ok().filter(|header| header.crit.is_none())?;
        let mut validation = Validation::new(header.alg);
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        validation.set_audience(&[AUDIENCE]);
        // Each algorithm has its own keys, so that nobody can use a public key as the secret of another algorithm.
        let received = match header.alg {
            Algorithm::EdDSA => {
                let named = |accepted: &&VerifyingKey| header.kid.is_some() && accepted.jwk.common.key_id == header.kid;
                let accepted = self.accepted.iter().find(named)?;
                validation.required_spec_claims.insert("aud".to_owned());
                decode::<Received>(token, &accepted.key, &validation).ok()
            }
            Algorithm::HS256 => self.accepted.iter().find_map(|it| decode(token, &it.earlier, &validation).ok()),
            _ => None,
        }?;
        self.verified.insert(token.to_owned(), received.claims.clone());
        Some(received.claims)
    }
}

/// Returns the key pair of a secret.
fn key_pair(secret: &[u8]) -> Result<EncodingKey, Error> {
    let pair = Ed25519KeyPair::from_seed_unchecked(&derive_key(secret, b"signing key")?).map_err(Error::internal)?;
    Ok(EncodingKey::from_ed_der(pair.to_pkcs8v1().map_err(Error::internal)?.as_ref()))
}

impl SigningKey {
    fn new(secret: &[u8]) -> Result<Self, Error> {
        let key = key_pair(secret)?;
        let jwk = Jwk::from_encoding_key(&key, Algorithm::EdDSA).map_err(Error::internal)?;
        let id = jwk.thumbprint(ThumbprintHash::SHA256).map_err(Error::internal)?;
        Ok(Self { key, id })
    }
}

impl VerifyingKey {
    fn new(secret: &[u8]) -> Result<Self, Error> {
        let mut jwk = Jwk::from_encoding_key(&key_pair(secret)?, Algorithm::EdDSA).map_err(Error::internal)?;
        jwk.common.key_id = Some(jwk.thumbprint(ThumbprintHash::SHA256).map_err(Error::internal)?);
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        let key = DecodingKey::from_jwk(&jwk).map_err(Error::internal)?;
        Ok(Self { key, jwk, earlier: DecodingKey::from_secret(secret) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn processes_accept_the_tokens_of_each_other_while_the_secret_changes() {
        let tokens = |current: &str, fallback: Option<&str>| {
            Tokens::new(&ServerSecret::new(current.into(), fallback.map(Into::into))).unwrap()
        };
        let now = DateTime::UNIX_EPOCH;
        let claims = Claims { session: Uuid::nil(), user: Uuid::nil(), exp: now.timestamp() + 60 };
        // The three steps: each process is in the state before or after one of them.
        let states = [tokens("old", None), tokens("old", Some("new")), tokens("new", Some("old")), tokens("new", None)];
        for neighbours in states.windows(2) {
            for (issuer, other) in [(&neighbours[0], &neighbours[1]), (&neighbours[1], &neighbours[0])] {
                assert!(other.check(&issuer.issue(&claims).unwrap(), now).is_ok());
            }
        }
        assert!(states[3].check(&states[0].issue(&claims).unwrap(), now).is_err());
    }
}
