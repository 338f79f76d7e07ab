//! Password hashes: Argon2id (RFC 9106) with the crate's recommended cost. At most one runs per processor, because each
//! takes 19 MiB and a core.
//!
//! A password is normalized before it is hashed (NFKC, as NIST SP 800-63B-4, 3.1.1.2, recommends), because keyboards
//! and systems send `é` as one code point or as two.

use argon2::{
    ARGON2ID_IDENT, Argon2, Params,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use dossier_core::error::Error;
use std::{borrow::Cow, sync::LazyLock, thread};
use tokio::sync::Semaphore;
use unicode_normalization::{UnicodeNormalization, is_nfkc};

/// The minimum length of a password. NIST SP 800-63B requires at least 8.
pub const MIN_LENGTH: usize = 12;
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

/// The result of a check.
pub struct Verified {
    /// Whether the password is right.
    pub is_right: bool,
    /// The hash to store from now on, if the present one was made with another cost.
    pub rehashed: Option<String>,
}

/// Checks a password. Without a hash, it takes the same time, and the password is wrong.
pub async fn verify(password: String, hash: Option<String>) -> Result<Verified, Error> {
    let _permit = PERMITS.acquire().await.map_err(Error::internal)?;
    let verified = tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| DUMMY_HASH.clone());
        let is_right = known & matches(&password, &hash);
        let rehashed = (is_right && !has_present_cost(&hash)).then(|| hash_now(&password)).transpose()?;
        Ok(Verified { is_right, rehashed })
    });
    verified.await.map_err(Error::internal)?
}

/// Returns whether a password is hard to guess. `known` are words that others know about its person, such as a name.
///
/// The estimate is zxcvbn's, which knows the common passwords and names. It calls a password “safely unguessable” from
/// a score of 3 on.
pub async fn is_strong(password: String, known: Vec<String>) -> Result<bool, Error> {
    let _permit = PERMITS.acquire().await.map_err(Error::internal)?;
    let estimate = tokio::task::spawn_blocking(move || {
        let known: Vec<_> = known.iter().map(String::as_str).collect();
        zxcvbn::zxcvbn(&normalized(&password), &known).score() >= zxcvbn::Score::Three
    });
    estimate.await.map_err(Error::internal)
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

fn has_present_cost(hash: &str) -> bool {
    let present = Argon2::default();
    PasswordHash::new(hash).is_ok_and(|hash| {
        let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
        let is_present = |params: Params| cost(&params) == cost(present.params());
        hash.algorithm == ARGON2ID_IDENT && Params::try_from(&hash).is_ok_and(is_present)
    })
}

fn hash_now(password: &str) -> Result<String, Error> {
    let hash = Argon2::default().hash_password(normalized(password).as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| Error::internal(error.to_string()))
}
