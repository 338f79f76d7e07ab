//! Global ids: TypeIDs (<https://github.com/jetify-com/typeid/tree/main/spec>). An id is the name of its type and a
//! UUID in Crockford's base 32. Ids are opaque to clients, but a person who sees an id can tell its type.

use uuid::Uuid;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The length of a UUID in base 32.
const SUFFIX: usize = 26;

/// Returns the id of a row of this type.
pub fn encode(prefix: &str, uuid: Uuid) -> String {
    let number = uuid.as_u128();
    let mut id = String::with_capacity(prefix.len() + 1 + SUFFIX);
    id.push_str(prefix);
    id.push('_');
    for place in (0..SUFFIX).rev() {
        let digit = usize::try_from((number >> (5 * place)) & 31).unwrap_or_default();
        id.push(char::from(ALPHABET[digit]));
    }
    id
}

/// Returns the prefix of the type and the key, or `None` if the text is no global id.
pub fn decode(id: &str) -> Option<(&str, Uuid)> {
    let (prefix, suffix) = id.rsplit_once('_')?;
    let digits = suffix.as_bytes();
    // 26 digits hold 130 bits. The first digit must not exceed 7, because a UUID has 128.
    if digits.len() != SUFFIX || digits[0] > b'7' {
        return None;
    }
    let mut number = 0;
    for digit in digits {
        let value = ALPHABET.iter().position(|known| known == digit)?;
        number = number << 5 | u128::try_from(value).ok()?;
    }
    Some((prefix, Uuid::from_u128(number)))
}
