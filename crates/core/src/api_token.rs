//! The tokens of API keys, such as `dossier_4jXmQ0Yb…`: a prefix by which scanners for leaked secrets find them, 128 secret
//! bits, and a checksum that tells a mistyped token without asking the database.

use crate::hex::sha256;
use aws_lc_rs::digest::{SHA256, digest};
use std::{fmt, str::FromStr};

/// The beginning of each token.
const PREFIX: &str = "dossier_";

/// The digits of base 62, which a double click selects as one word.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The number of digits of the secret, and of the checksum.
const SECRET: usize = 22;
const CHECKSUM: usize = 6;

/// The number of digits of the secret by which a person recognizes a token. The others keep more than 100 bits secret.
const SHOWN: usize = 4;

/// The token of an API key.
pub struct ApiToken(u128);

/// A text that is not the token of an API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not the token of an API key")]
pub struct NotAToken;

impl ApiToken {
    /// Returns the token that follows from a secret text. The same text always gives the same token.
    pub fn derive(text: &str) -> Self {
        let hash = digest(&SHA256, text.as_bytes());
        let (bytes, _) = hash.as_ref().split_at(16);
        Self(bytes.iter().fold(0, |number, byte| number << 8 | u128::from(*byte)))
    }

    /// Returns whether a bearer token is meant to be one of an API key.
    pub fn is_meant(text: &str) -> bool {
        text.starts_with(PREFIX)
    }

    /// Returns the SHA-256 of the token in hexadecimal.
    pub fn hash(&self) -> String {
        sha256(self.to_string().as_bytes())
    }

    /// Returns the first characters, by which a person recognizes it.
    pub fn start(&self) -> String {
        self.to_string().chars().take(PREFIX.len() + SHOWN).collect()
    }
}

impl fmt::Display for ApiToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unchecked = format!("{PREFIX}{}", base62(self.0, SECRET));
        let checksum = crc32fast::hash(unchecked.as_bytes());
        write!(f, "{unchecked}{}", base62(checksum.into(), CHECKSUM))
    }
}

impl FromStr for ApiToken {
    type Err = NotAToken;

    fn from_str(text: &str) -> Result<Self, NotAToken> {
        let digits = text.strip_prefix(PREFIX).and_then(|rest| rest.get(..SECRET)).ok_or(NotAToken)?;
        let token = digits.bytes().try_fold(0_u128, |number, digit| {
            let digit = DIGITS.iter().position(|known| *known == digit)?;
            number.checked_mul(62)?.checked_add(digit.try_into().ok()?)
        });
        let token = Self(token.ok_or(NotAToken)?);
        if token.to_string() == text { Ok(token) } else { Err(NotAToken) }
    }
}

/// Returns a number in base 62 with this number of digits.
fn base62(mut number: u128, length: usize) -> String {
    let mut digits = vec![char::from(DIGITS[0]); length];
    for digit in digits.iter_mut().rev() {
        let value = usize::try_from(number % 62).unwrap_or_default();
        *digit = char::from(DIGITS[value]);
        number /= 62;
    }
    digits.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_written() {
        for number in [0, 1, 62, u128::from(u64::MAX), u128::MAX] {
            let text = ApiToken(number).to_string();
            assert_eq!(text.len(), PREFIX.len() + SECRET + CHECKSUM);
            assert_eq!(text.parse::<ApiToken>().map(|token| token.0), Ok(number), "{text}");
        }
    }

    #[test]
    fn any_change_of_a_token_is_noticed() {
        let token = ApiToken::derive("a text").to_string();
        for position in 0..token.len() {
            let mut other = token.clone().into_bytes();
            other[position] = if other[position] == b'x' { b'y' } else { b'x' };
            let other = String::from_utf8(other).unwrap();
            assert!(other.parse::<ApiToken>().is_err(), "{other}");
        }
        let long = format!("{token}0");
        for other in ["", "dossier_", &token[..token.len() - 1], &long, &format!("dossier_{}", "z".repeat(28))] {
            assert!(other.parse::<ApiToken>().is_err(), "{other}");
        }
    }
}
