//! Passwords: Argon2id (RFC 9106) with the crate's recommended cost, at most as many at once as there are processors,
//! because each takes 19 MiB and a core.

use crate::failure::Failure;
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::{sync::LazyLock, thread};
use tokio::sync::Semaphore;

/// The shortest password that is taken (NIST SP 800-63B: at least 8; we ask for more, and for nothing else).
pub const MIN_LENGTH: usize = 10;

static AT_ONCE: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(thread::available_parallelism().map_or(1, std::num::NonZero::get)));

/// What a password is compared with when nobody has this address: an unknown address must take as long as a wrong
/// password.
static NOBODYS: LazyLock<String> = LazyLock::new(|| hash_now("nobody's").unwrap_or_default());

/// Hashes a password, into PHC format.
pub async fn hash(password: String) -> Result<String, Failure> {
    let _place = AT_ONCE.acquire().await.map_err(Failure::internal)?;
    tokio::task::spawn_blocking(move || hash_now(&password)).await.map_err(Failure::internal)?
}

/// Whether the password is the one that was hashed; never for nobody's.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool, Failure> {
    let _place = AT_ONCE.acquire().await.map_err(Failure::internal)?;
    let verified = tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODYS.clone());
        let right = PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
        known && right
    });
    verified.await.map_err(Failure::internal)
}

fn hash_now(password: &str) -> Result<String, Failure> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| Failure::internal(error.to_string()))
}
