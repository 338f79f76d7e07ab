//! Recovery codes: each signs its person in once, instead of a code of the authenticator app.
//!
//! A code has 120 random bits. Nobody can try so many, so that a fast hash is enough.

use dossier_core::{error::Error, hex::sha256, secret::random_bytes};
use totp_rs::Secret;

/// The number of codes that a person gets.
const COUNT: usize = 10;

/// The length of a code in bytes. It is a multiple of five, because base 32 needs no padding then.
const LENGTH: usize = 15;

/// The number of characters between two hyphens.
const GROUP: usize = 4;

/// Creates the codes. Returns them with the hashes to store.
pub(crate) fn generate() -> Result<(Vec<String>, String), Error> {
    let code = |_| Ok(Secret::from(random_bytes(LENGTH).map_err(Error::internal)?).to_base32());
    let codes = (0..COUNT).map(code).collect::<Result<Vec<_>, Error>>()?;
    let hashes: Vec<_> = codes.iter().map(|code| hash(code)).collect();
    Ok((codes.iter().map(|code| grouped(code)).collect(), hashes.join(" ")))
}

/// Returns the code as people read it: `ABCD-EFGH-IJKL-MNOP-QRST-UVWX`.
fn grouped(code: &str) -> String {
    let characters: Vec<_> = code.chars().collect();
    characters.chunks(GROUP).map(String::from_iter).collect::<Vec<_>>().join("-")
}

fn hash(code: &str) -> String {
    sha256(code.as_bytes())
}

/// Returns the remaining hashes if one of them is that of this code. Case, spaces and hyphens do not matter.
pub(crate) fn without(hashes: &str, code: &str) -> Option<String> {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let used = hash(&plain.to_ascii_uppercase());
    let others: Vec<_> = hashes.split(' ').filter(|hash| *hash != used).collect();
    (others.len() < count(hashes)).then(|| others.join(" "))
}

/// Returns the number of unused codes.
pub fn count(hashes: &str) -> usize {
    hashes.split_whitespace().count()
}

#[cfg(test)]
mod tests {
    use super::{count, generate, without};

    #[test]
    fn each_code_works_once() {
        let (codes, hashes) = generate().unwrap();
        assert_eq!((codes.len(), count(&hashes)), (10, 10));
        let left = without(&hashes, &codes[3].to_lowercase().replace('-', " ")).unwrap();
        assert_eq!(count(&left), 9);
        assert_eq!(without(&left, &codes[3]), None);
        let left =
            codes.iter().filter(|code| **code != codes[3]).fold(left, |left, code| without(&left, code).unwrap());
        assert_eq!((left.as_str(), count(&left)), ("", 0));
        assert_eq!(without(&left, &codes[0]), None);
        assert_eq!(without("", ""), None);
    }

    #[test]
    fn codes_are_random_and_readable() {
        let (codes, hashes) = generate().unwrap();
        let (others, _) = generate().unwrap();
        assert!(codes.iter().all(|code| code.len() == 29 && !others.contains(code) && !hashes.contains(code)));
        assert!(without(&hashes, &others[0]).is_none());
    }
}
