//! Access tokens: JSON Web Tokens (RFC 7519) signed with HMAC-SHA256. A token names its session and nothing that could
//! change: everything else is read when it is used.

use chrono::{DateTime, Utc};
use dossier_core::{credentials::Claims, error::Error};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::Deserialize;

/// How far the clock of a token's issuer may be ahead of ours, in seconds.
const LEEWAY: i64 = 60;

/// The payload of a token that is being checked.
#[derive(Deserialize)]
struct Received {
    #[serde(flatten)]
    claims: Claims,
    /// When its validity begins, in seconds since 1970. Our own tokens leave it out.
    nbf: Option<f64>,
}

/// Signs and checks tokens.
#[derive(Clone)]
pub struct Tokens {
    signing: EncodingKey,
    checking: DecodingKey,
}

impl Tokens {
    /// With the server's secret.
    pub fn new(secret: &[u8]) -> Self {
        Self { signing: EncodingKey::from_secret(secret), checking: DecodingKey::from_secret(secret) }
    }

    /// A token that says this.
    pub fn issue(&self, claims: &Claims) -> Result<String, Error> {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.signing).map_err(Error::internal)
    }

    /// Returns the claims of a token that is signed by us and valid at this time. A token with critical extensions
    /// (RFC 7515, section 4.1.11) is refused, because none is known here.
    pub fn check(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, Error> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        let refused = Error::Unauthenticated("This access token is not valid; sign in again.");
        let Ok(token) = jsonwebtoken::decode::<Received>(token, &self.checking, &validation) else {
            return Err(refused);
        };
        if token.header.crit.is_some() {
            return Err(refused);
        }
        let Received { claims, nbf } = token.claims;
        #[expect(clippy::cast_precision_loss, reason = "all seconds of the next millions of years are exact")]
        let latest = (now.timestamp() + LEEWAY) as f64;
        if nbf.is_some_and(|nbf| nbf > latest) {
            return Err(Error::Unauthenticated("This access token is not valid yet."));
        }
        if claims.exp <= now.timestamp() {
            return Err(Error::Unauthenticated("This access token has expired; sign in again."));
        }
        Ok(claims)
    }
}
