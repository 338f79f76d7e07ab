//! Global ids: TypeIDs (<https://github.com/jetify-com/typeid/tree/main/spec>), that is, a type's name and its UUID in
//! Crockford's base 32. Opaque to clients, but an id in the wrong place says what it is.

use super::node::Node;
use async_graphql::{ID, InputType, InputValueError, InputValueResult, Value, registry::Registry};
use std::{borrow::Cow, marker::PhantomData};
use uuid::Uuid;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The length of a UUID in base 32.
const SUFFIX: usize = 26;

/// The id of a row of this type.
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

/// The type's prefix and the key; none when it is no id of ours.
pub fn decode(id: &str) -> Option<(&str, Uuid)> {
    let (prefix, suffix) = id.rsplit_once('_')?;
    let digits = suffix.as_bytes();
    // 26 digits hold 130 bits: the first may not exceed 7, or it would not fit.
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

/// The id of a node of one type, as an argument or a field.
pub struct Id<N>(Uuid, PhantomData<fn() -> N>);

impl<N> Clone for Id<N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<N> Copy for Id<N> {}

impl<N> Id<N> {
    /// The id of the row with this key.
    pub fn of(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The key.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl<N: Node> InputType for Id<N> {
    type RawValueType = Uuid;

    fn type_name() -> Cow<'static, str> {
        <ID as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <ID as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let expected = N::PREFIX;
        let Some(Value::String(id)) = value else {
            return Err(InputValueError::custom(format!("an id of the form `{expected}_…` is expected")));
        };
        match decode(&id) {
            Some((prefix, uuid)) if prefix == expected => Ok(Self::of(uuid)),
            Some((prefix, _)) => Err(InputValueError::custom(format!(
                "`{id}` is the id of a {}; the id of a {} (`{expected}_…`) is expected",
                prefix.replace('_', " "),
                expected.replace('_', " ")
            ))),
            None => {
                Err(InputValueError::custom(format!("`{id}` is not an id; one of the form `{expected}_…` is expected")))
            }
        }
    }

    fn to_value(&self) -> Value {
        Value::String(encode(N::PREFIX, self.0))
    }

    fn as_raw_value(&self) -> Option<&Uuid> {
        Some(&self.0)
    }
}

impl<N: Node> From<Id<N>> for ID {
    fn from(id: Id<N>) -> Self {
        Self(encode(N::PREFIX, id.0))
    }
}
