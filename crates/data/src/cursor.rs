//! Cursors are sealed: the numbers and names inside tell nothing, and cannot be made up.

use aws_lc_rs::{
    aead::{
        AES_256_GCM, AES_256_GCM_SIV, Aad, Algorithm, LessSafeKey, NONCE_LEN, Nonce, RandomizedNonceKey, UnboundKey,
    },
    hkdf::{HKDF_SHA256, Salt},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use sea_orm::Value;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::sync::Arc;
use uuid::Uuid;

/// Where a row stands in an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageCursor {
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

/// The purpose of a cursor, which opens for no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// The list or stream that it leads through.
    pub kind: &'static str,
    /// Where.
    pub organization: Uuid,
    /// Whose, as [`dossier_core::viewer::AccessScope::print`] tells; none if the cursor tells it itself.
    pub scope: Option<u64>,
}

impl Purpose {
    fn bytes(&self) -> Vec<u8> {
        let scope = self.scope.map(u64::to_be_bytes);
        let scope = scope.as_ref().map_or(&[][..], |scope| scope.as_slice());
        [self.kind.as_bytes(), self.organization.as_bytes().as_slice(), scope].concat()
    }

    /// As it was before cursors were the same each time.
    fn old_bytes(&self) -> Vec<u8> {
        Self { scope: None, ..self.clone() }.bytes()
    }
}

/// A cursor's length in bytes is a multiple of this: the length of the numbers inside does not show.
const BLOCK: usize = 32;

/// Seals and opens cursors with keys derived from the server's secret.
///
/// The same position for the same purpose is the same cursor: a client that asks again sees whether something changed.
/// With one nonce for all, AES-256-GCM-SIV (RFC 8452) shows which cursors are equal, and nothing else; cursors that
/// differ in position or purpose look unrelated. AES-GCM would be broken.
#[derive(Clone)]
pub struct Sealer(Arc<Keys>);

struct Keys {
    siv: LessSafeKey,
    /// Opens cursors from before they were the same each time: clients hold them for as long as events are kept.
    old: RandomizedNonceKey,
}

impl Sealer {
    /// A sealer whose keys are derived (HKDF-SHA256, RFC 5869) from the secret.
    pub fn new(secret: &[u8]) -> Result<Self, Error> {
        let prk = Salt::new(HKDF_SHA256, b"dossier").extract(secret);
        let fail = |_| Error::internal("a key for cursors could not be derived");
        let derive = |label: &[u8], algorithm: &'static Algorithm| {
            let mut key = [0; 32];
            prk.expand(&[label], algorithm).and_then(|okm| okm.fill(&mut key)).map_err(fail).map(|()| key)
        };
        let siv = UnboundKey::new(&AES_256_GCM_SIV, &derive(b"cursor, the same each time", &AES_256_GCM_SIV)?);
        let old = RandomizedNonceKey::new(&AES_256_GCM, &derive(b"cursor", &AES_256_GCM)?);
        Ok(Self(Arc::new(Keys { siv: LessSafeKey::new(siv.map_err(fail)?), old: old.map_err(fail)? })))
    }

    /// Seals a value for one purpose, such as the cursors of one organization.
    pub fn seal<T: Serialize>(&self, purpose: &Purpose, value: &T) -> Result<String, Error> {
        let mut sealed = serde_json::to_vec(value).map_err(Error::internal)?;
        sealed.resize(sealed.len().next_multiple_of(BLOCK), b' ');
        self.0
            .siv
            .seal_in_place_append_tag(nonce(), Aad::from(purpose.bytes()), &mut sealed)
            .map_err(|_| Error::internal("a cursor could not be sealed"))?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Opens what was sealed for the same purpose; none when it was not.
    pub fn open<T: DeserializeOwned>(&self, purpose: &Purpose, sealed: &str) -> Option<T> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let opened = self.open_siv(purpose, bytes.clone()).or_else(|| self.open_old(purpose, bytes))?;
        serde_json::from_slice(&opened).ok()
    }

    fn open_siv(&self, purpose: &Purpose, mut bytes: Vec<u8>) -> Option<Vec<u8>> {
        let opened = self.0.siv.open_in_place(nonce(), Aad::from(purpose.bytes()), &mut bytes).ok()?;
        Some(opened.to_vec())
    }

    fn open_old(&self, purpose: &Purpose, mut bytes: Vec<u8>) -> Option<Vec<u8>> {
        let nonce: [u8; 12] = bytes.split_off(bytes.len().checked_sub(12)?).try_into().ok()?;
        let opened = self.0.old.open_in_place((&nonce).into(), Aad::from(purpose.old_bytes()), &mut bytes).ok()?;
        Some(opened.to_vec())
    }
}

fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}
