//! Password hashes: Argon2id (RFC 9106) with the crate's recommended cost. At most one runs per processor, because each
//! takes 19 MiB and a core.
//!
//! A password is normalized before it is hashed (NFKC, as NIST SP 800-63B-4, 3.1.1.2, recommends), because keyboards
//! and systems send `é` as one code point or as two.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use dossier_core::error::Error;
use std::{borrow::Cow, sync::LazyLock, thread};
use tokio::sync::Semaphore;
use unicode_normalization::{UnicodeNormalization, is_nfkc};

/// The minimum length of a password. NIST SP 800-63B requires at least 8. There is no other rule.
pub const MIN_LENGTH: usize = 10;
/// The maximum length of a password.
pub const MAX_LENGTH: usize = 1_000;

static PERMITS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(thread::available_parallelism().map_or(1, std::num::NonZero::get)));

/// The hash for unknown addresses. Checking a password must take the same time for an unknown address as for a wrong
/// password.
static DUMMY_HASH: LazyLock<String> = LazyLock::new(|| hash_now("nobody's").unwrap_or_default());

/// Returns whether a password has a valid length in characters, both as typed and as normalized.
pub fn has_valid_length(password: &str) -> bool {
    [password, &*normalized(password)].iter().all(|form| (MIN_LENGTH..=MAX_LENGTH).contains(&form.chars().count()))
}

/// Hashes a password into the PHC format.
pub async fn hash(password: String) -> Result<String, Error> {
    let _permit = PERMITS.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(move || hash_now(&password)).await.map_err(Error::internal)?
}

/// Returns whether the password matches the hash. Without a hash, it takes the same time and returns false.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool, Error> {
    let _permit = PERMITS.acquire().await.map_err(Error::internal)?;
    let verified = tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| DUMMY_HASH.clone());
        known & matches(&password, &hash)
    });
    verified.await.map_err(Error::internal)
}

fn normalized(password: &str) -> Cow<'_, str> {
    if is_nfkc(password) { password.into() } else { password.nfkc().collect::<String>().into() }
}

/// Compares also the password as typed, because older hashes are of passwords that were not normalized.
fn matches(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    let is = |form: &str| Argon2::default().verify_password(form.as_bytes(), &hash).is_ok();
    let normalized = normalized(password);
    is(&normalized) || (normalized != password && is(password))
}

fn hash_now(password: &str) -> Result<String, Error> {
    let hash = Argon2::default().hash_password(normalized(password).as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| Error::internal(error.to_string()))
}
