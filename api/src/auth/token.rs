//! Access tokens: JSON Web Tokens (RFC 7519) signed with HMAC-SHA256. A token contains its session and nothing that
//! could change. Everything else is read when the token is used.

use chrono::{DateTime, Utc};
use dossier_core::{credentials::Claims, error::Error};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::Deserialize;

/// The maximum difference by which the issuer's clock may be ahead, in seconds.
const LEEWAY: i64 = 60;

/// The payload of a received token.
#[derive(Deserialize)]
struct Received {
    #[serde(flatten)]
    claims: Claims,
    /// The beginning of its validity, as a Unix time in seconds. Our own tokens omit it.
    nbf: Option<f64>,
}

/// Signs and verifies tokens.
#[derive(Clone)]
pub struct Tokens {
    signing: EncodingKey,
    checking: DecodingKey,
}

impl Tokens {
    /// Creates the signer with the server's secret.
    pub fn new(secret: &[u8]) -> Self {
        Self { signing: EncodingKey::from_secret(secret), checking: DecodingKey::from_secret(secret) }
    }

    /// Issues a token with these claims.
    pub fn issue(&self, claims: &Claims) -> Result<String, Error> {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.signing).map_err(Error::internal)
    }

    /// Returns the claims of a token that has our signature and is valid at this time. A token with critical extensions
    /// (RFC 7515, section 4.1.11) is refused, because we support none.
    pub fn check(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, Error> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        let refused = Error::Unauthenticated("This access token is not valid. Sign in again.");
        let Ok(token) = jsonwebtoken::decode::<Received>(token, &self.checking, &validation) else {
            return Err(refused);
        };
        if token.header.crit.is_some() {
            return Err(refused);
        }
        let Received { claims, nbf } = token.claims;
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
