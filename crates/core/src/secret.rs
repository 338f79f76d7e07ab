//! The server's secret, keys that are derived from it, and random text.

use crate::error::Error;
use aws_lc_rs::{
    error::Unspecified,
    hkdf::{HKDF_SHA256, KeyType, Salt},
    rand,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};

/// Returns this many random bytes.
pub fn random_bytes(bytes: usize) -> Result<Vec<u8>, Unspecified> {
    let mut random = vec![0; bytes];
    rand::fill(&mut random)?;
    Ok(random)
}

/// Returns this many random bytes in base 64 for URLs.
pub fn random_text(bytes: usize) -> Result<String, Unspecified> {
    random_bytes(bytes).map(|random| BASE64_URL_SAFE_NO_PAD.encode(random))
}

/// The secret that signs and encrypts, and another one that is accepted, too, while the secret changes.
#[derive(Clone, Debug)]
pub struct ServerSecret {
    current: SecretString,
    fallback: Option<SecretString>,
}

/// A key that is derived from a secret.
pub type DerivedKey = [u8; 32];

/// The length of a derived key.
struct Length;

impl KeyType for Length {
    fn len(&self) -> usize {
        size_of::<DerivedKey>()
    }
}

impl ServerSecret {
    /// Creates it with the secret that signs and encrypts, and the one that is only accepted.
    pub fn new(current: SecretString, fallback: Option<SecretString>) -> Self {
        Self { current, fallback }
    }

    /// Returns the secret that signs and encrypts.
    pub fn current(&self) -> &[u8] {
        self.current.expose_secret().as_bytes()
    }

    /// Returns the accepted secrets, the current one first.
    pub fn accepted(&self) -> impl Iterator<Item = &[u8]> {
        [Some(&self.current), self.fallback.as_ref()].into_iter().flatten().map(|it| it.expose_secret().as_bytes())
    }
}

impl From<&str> for ServerSecret {
    fn from(current: &str) -> Self {
        Self::new(current.into(), None)
    }
}

/// Derives a key from a secret (HKDF-SHA256, RFC 5869). Each label gives another key.
pub fn derive_key(secret: &[u8], label: &[u8]) -> Result<DerivedKey, Error> {
    let mut key = DerivedKey::default();
    Salt::new(HKDF_SHA256, b"dossier")
        .extract(secret)
        .expand(&[label], Length)
        .and_then(|output| output.fill(&mut key))
        .map_err(|_| Error::internal("a key could not be derived"))?;
    Ok(key)
}
