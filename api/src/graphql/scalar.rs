//! Scalars of our own.

use async_graphql::{InputValueError, InputValueResult, Number, Scalar, ScalarType, Value};

/// A number of bytes, as a JSON number: beyond the 32 bits of `Int`, up to 2^53.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteCount(pub i64);

/// A number of bytes, as a JSON number: beyond the 32 bits of `Int`, up to 2^53.
#[Scalar]
impl ScalarType for ByteCount {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::Number(number) => {
                let count = number.as_i64().filter(|count| *count >= 0);
                count
                    .map(Self)
                    .ok_or_else(|| InputValueError::custom("a whole number of bytes, 0 or more, is expected"))
            }
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::Number(Number::from(self.0))
    }
}
