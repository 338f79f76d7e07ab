//! Passwords: Argon2id (RFC 9106) with the crate's recommended cost, at most as many at once as there are processors,
//! because each takes 19 MiB and a core.
//!
//! A password is normalized before it is hashed (NFKC, as NIST SP 800-63B-4, 3.1.1.2, recommends): keyboards and systems
//! send `é` as one code point or as two.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use dossier_core::error::Error;
use std::{borrow::Cow, sync::LazyLock, thread};
use tokio::sync::Semaphore;
use unicode_normalization::{UnicodeNormalization, is_nfkc};

/// The shortest password that is taken (NIST SP 800-63B: at least 8; we ask for more, and for nothing else).
pub const MIN_LENGTH: usize = 10;
/// The longest.
pub const MAX_LENGTH: usize = 1_000;

static AT_ONCE: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(thread::available_parallelism().map_or(1, std::num::NonZero::get)));

/// What a password is compared with when nobody has this address: an unknown address must take as long as a wrong
/// password.
static NOBODYS: LazyLock<String> = LazyLock::new(|| hash_now("nobody's").unwrap_or_default());

/// Whether a password is neither too short nor too long, in characters: as it was typed, and as it is hashed.
pub fn has_valid_length(password: &str) -> bool {
    [password, &*normalized(password)].iter().all(|form| (MIN_LENGTH..=MAX_LENGTH).contains(&form.chars().count()))
}

/// Hashes a password, into PHC format.
pub async fn hash(password: String) -> Result<String, Error> {
    let _place = AT_ONCE.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(move || hash_now(&password)).await.map_err(Error::internal)?
}

/// Whether the password is the one that was hashed; never for nobody's.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool, Error> {
    let _place = AT_ONCE.acquire().await.map_err(Error::internal)?;
    let verified = tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODYS.clone());
        known & fits(&password, &hash)
    });
    verified.await.map_err(Error::internal)
}

fn normalized(password: &str) -> Cow<'_, str> {
    if is_nfkc(password) { password.into() } else { password.nfkc().collect::<String>().into() }
}

/// Also tries the password as it was typed: hashes from before passwords were normalized are of that.
fn fits(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    let is = |form: &str| Argon2::default().verify_password(form.as_bytes(), &hash).is_ok();
    let normalized = normalized(password);
    is(&normalized) || (normalized != password && is(password))
}

fn hash_now(password: &str) -> Result<String, Error> {
    let hash = Argon2::default().hash_password(normalized(password).as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| Error::internal(error.to_string()))
}
