//! Sealed texts: cursors, refresh tokens and links. They are encrypted: a client can neither read the numbers and names
//! inside nor forge one.

use aws_lc_rs::aead::{
    AES_256_GCM, AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, RandomizedNonceKey, UnboundKey,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, NaiveDate, Utc};
use dossier_core::{
    error::Error,
    secret::{ServerSecret, derive_key},
};
use sea_orm::Value;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::sync::Arc;
use uuid::Uuid;

/// The position of a row in an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageCursor {
    /// The name of the order.
    pub(super) order: String,
    /// The sort key of the row.
    pub(super) key: Option<Key>,
    /// The id of the row.
    pub(super) id: Uuid,
}

/// A sort key. Its type is part of it: a text that looks like a time is still a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Key {
    /// Normalized text.
    Text(String),
    /// A number.
    Number(i64),
    /// A time.
    Time(DateTime<Utc>),
    /// A day.
    Day(NaiveDate),
}

impl Key {
    /// Returns the key of a column value, or `None` for types that no order sorts by.
    pub(super) fn of(value: Value) -> Option<Self> {
        match value {
            Value::String(text) => text.map(Self::Text),
            Value::BigInt(number) => number.map(Self::Number),
            Value::ChronoDateTimeUtc(time) => time.map(Self::Time),
            Value::ChronoDate(day) => day.map(Self::Day),
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
            Key::Day(day) => day.into(),
        }
    }
}

/// The purpose of a cursor. A cursor opens only for its own purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// The list or stream that the cursor belongs to.
    pub kind: &'static str,
    /// The organization of the rows.
    pub organization: Uuid,
    /// The reader's [`dossier_core::viewer::AccessScope::fingerprint`], or `None` if the cursor contains it itself.
    pub scope: Option<u64>,
}

impl Purpose {
    fn bytes(&self) -> Vec<u8> {
        let scope = self.scope.map(u64::to_be_bytes);
        let scope = scope.as_ref().map_or(&[][..], |scope| scope.as_slice());
        [self.kind.as_bytes(), self.organization.as_bytes().as_slice(), scope].concat()
    }

    /// Returns the bytes of cursors that earlier versions made with random nonces.
    fn old_bytes(&self) -> Vec<u8> {
        Self { scope: None, ..self.clone() }.bytes()
    }
}

/// The length of a cursor in bytes is a multiple of this. It therefore hides the length of the numbers inside.
const BLOCK: usize = 32;

/// Encrypts and decrypts cursors with keys derived from the server's secret.
///
/// The same position with the same purpose gives the same cursor. A client that asks again can therefore see whether
/// something changed. With one nonce for all, AES-256-GCM-SIV (RFC 8452) reveals which cursors are equal, and nothing
/// else. AES-GCM would not be secure with one nonce.
#[derive(Clone)]
pub struct Sealer(Arc<[Keys]>);

/// The keys of a secret.
struct Keys {
    siv: LessSafeKey,
    /// Opens cursors that earlier versions made with random nonces. Clients may keep cursors for as long as events are
    /// kept.
    old: RandomizedNonceKey,
}

impl Sealer {
    /// Creates a sealer whose keys are derived from the secret. It also opens what was sealed with other accepted secrets.
    pub fn new(secret: &ServerSecret) -> Result<Self, Error> {
        Ok(Self(secret.accepted().map(Keys::new).collect::<Result<_, _>>()?))
    }

    /// Encrypts a value for one purpose, such as the cursors of one organization.
    pub fn seal<T: Serialize>(&self, purpose: &Purpose, value: &T) -> Result<String, Error> {
        let fault = || Error::internal("a text could not be sealed");
        let mut sealed = serde_json::to_vec(value).map_err(Error::internal)?;
        sealed.resize(sealed.len().next_multiple_of(BLOCK), b' ');
        let keys = self.0.first().ok_or_else(fault)?;
        let aad = Aad::from(purpose.bytes());
        keys.siv.seal_in_place_append_tag(nonce(), aad, &mut sealed).map_err(|_| fault())?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Decrypts a value that was encrypted for the same purpose. Returns `None` for any other text.
    pub fn open<T: DeserializeOwned>(&self, purpose: &Purpose, sealed: &str) -> Option<T> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let opened = self
            .0
            .iter()
            .find_map(|keys| keys.open_siv(purpose, bytes.clone()).or_else(|| keys.open_old(purpose, bytes.clone())));
        serde_json::from_slice(&opened?).ok()
    }
}

impl Keys {
    fn new(secret: &[u8]) -> Result<Self, Error> {
        let fault = |_| Error::internal("a key for cursors is not valid");
        let siv = derive_key(secret, b"cursor, the same each time")?;
        let siv = UnboundKey::new(&AES_256_GCM_SIV, &siv).map_err(fault)?;
        let old = RandomizedNonceKey::new(&AES_256_GCM, &derive_key(secret, b"cursor")?).map_err(fault)?;
        Ok(Self { siv: LessSafeKey::new(siv), old })
    }

    fn open_siv(&self, purpose: &Purpose, mut bytes: Vec<u8>) -> Option<Vec<u8>> {
        let opened = self.siv.open_in_place(nonce(), Aad::from(purpose.bytes()), &mut bytes).ok()?;
        Some(opened.to_vec())
    }

    fn open_old(&self, purpose: &Purpose, mut bytes: Vec<u8>) -> Option<Vec<u8>> {
        let nonce: [u8; 12] = bytes.split_off(bytes.len().checked_sub(12)?).try_into().ok()?;
        let opened = self.old.open_in_place((&nonce).into(), Aad::from(purpose.old_bytes()), &mut bytes).ok()?;
        Some(opened.to_vec())
    }
}

fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}
