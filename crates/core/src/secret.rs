//! Random text for secrets and names.

use aws_lc_rs::rand;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

/// Returns this many random bytes in base 64 for URLs.
pub fn random_text(bytes: usize) -> Result<String, aws_lc_rs::error::Unspecified> {
    let mut random = vec![0; bytes];
    rand::fill(&mut random)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(random))
}
