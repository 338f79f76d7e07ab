//! Cursors are sealed: the numbers and names inside tell nothing, and cannot be made up.

use crate::failure::Failure;
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, RandomizedNonceKey},
    hkdf::{HKDF_SHA256, Salt},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use sea_orm::Value;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::sync::Arc;
use uuid::Uuid;

/// Where a row stands in an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Which order.
    pub(super) order: String,
    /// The sort key.
    pub(super) key: Option<Key>,
    /// The id.
    pub(super) id: Uuid,
}

/// A sort key. Kept apart by type: a text that looks like a time is still a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Key {
    /// Normalized text.
    Text(String),
    /// A number.
    Number(i64),
    /// A time.
    Time(DateTime<Utc>),
}

impl Key {
    /// The key that a column holds; none for types that no order sorts by.
    pub(super) fn of(value: Value) -> Option<Self> {
        match value {
            Value::String(text) => text.map(Self::Text),
            Value::BigInt(number) => number.map(Self::Number),
            Value::ChronoDateTimeUtc(time) => time.map(Self::Time),
            _ => None,
        }
    }

    pub(super) fn id(value: &Value) -> Uuid {
        match value {
            Value::Uuid(Some(id)) => *id,
            _ => Uuid::nil(),
        }
    }
}

impl From<Key> for Value {
    fn from(key: Key) -> Self {
        match key {
            Key::Text(text) => text.into(),
            Key::Number(number) => number.into(),
            Key::Time(time) => time.into(),
        }
    }
}

/// Seals and opens cursors with a key derived from the server's secret.
#[derive(Clone)]
pub struct Sealer(Arc<RandomizedNonceKey>);

impl Sealer {
    /// A sealer whose key is derived (HKDF-SHA256, RFC 5869) from the secret.
    pub fn new(secret: &[u8]) -> Result<Self, Failure> {
        let mut key = [0; 32];
        let prk = Salt::new(HKDF_SHA256, b"dossier").extract(secret);
        let fail = |_| Failure::internal("a key for cursors could not be derived");
        prk.expand(&[b"cursor"], &AES_256_GCM).and_then(|okm| okm.fill(&mut key)).map_err(fail)?;
        Ok(Self(Arc::new(RandomizedNonceKey::new(&AES_256_GCM, &key).map_err(fail)?)))
    }

    /// Seals a value for one purpose, such as the cursors of one organization.
    pub fn seal<T: Serialize>(&self, purpose: &[u8], value: &T) -> Result<String, Failure> {
        let mut sealed = serde_json::to_vec(value).map_err(Failure::internal)?;
        let nonce = self
            .0
            .seal_in_place_append_tag(Aad::from(purpose), &mut sealed)
            .map_err(|_| Failure::internal("a cursor could not be sealed"))?;
        sealed.extend_from_slice(nonce.as_ref());
        Ok(BASE64_URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Opens what was sealed for the same purpose; none when it was not.
    pub fn open<T: DeserializeOwned>(&self, purpose: &[u8], sealed: &str) -> Option<T> {
        let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let nonce: [u8; 12] = bytes.split_off(bytes.len().checked_sub(12)?).try_into().ok()?;
        let opened = self.0.open_in_place((&nonce).into(), Aad::from(purpose), &mut bytes).ok()?;
        serde_json::from_slice(opened).ok()
    }
}
