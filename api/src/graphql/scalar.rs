//! The custom scalars.

use async_graphql::{
    InputValueError, InputValueResult, Number, Scalar, ScalarType, Value,
    registry::{MetaType, Registry},
};
use chrono::NaiveDate;

/// A number of bytes, as a JSON integer from 0 to 2^53.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteCount(pub i64);

/// A number of bytes, as a JSON integer from 0 to 2^53.
#[Scalar(specified_by_url = "https://datatracker.ietf.org/doc/html/rfc8259#section-6")]
impl ScalarType for ByteCount {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::Number(number) => {
                let count = number.as_i64().filter(|count| *count >= 0);
                count.map(Self).ok_or_else(|| InputValueError::custom("must be a whole number of bytes, 0 or more"))
            }
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::Number(Number::from(self.0))
    }
}

/// An exact decimal number of at most 28 digits, as a string such as `"1234.50"` or `"-3"`. It is not a JSON number,
/// because many programs read JSON numbers as floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal(pub rust_decimal::Decimal);

/// An exact decimal number of at most 28 digits, as a string such as `"1234.50"` or `"-3"`. It is not a JSON number,
/// because many programs read JSON numbers as floats.
#[Scalar(specified_by_url = "https://www.w3.org/TR/xmlschema-2/#decimal")]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        let number = match &value {
            Value::String(text) if plain(text) => rust_decimal::Decimal::from_str_exact(text).ok(),
            _ => None,
        };
        number.map(Self).ok_or_else(|| {
            InputValueError::custom(format!(
                "{value} is not a decimal number; use a string such as \"1234.50\" with at most 28 digits"
            ))
        })
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// Returns whether the text is an optional minus, digits, and optionally a dot with digits.
fn plain(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    digits(whole.strip_prefix('-').unwrap_or(whole)) && digits(fraction)
}

/// A day in ISO 8601 format, such as `"2026-01-31"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

/// A day in ISO 8601 format, such as `"2026-01-31"`.
#[Scalar(specified_by_url = "https://datatracker.ietf.org/doc/html/rfc3339#section-5.6")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let day = match &value {
            // chrono would also accept `2026-1-31`.
            Value::String(text) => {
                text.parse().ok().filter(|day: &NaiveDate| day.to_string() == *text && text.len() == 10)
            }
            _ => None,
        };
        day.map(Self).ok_or_else(|| {
            InputValueError::custom(format!("{value} is not a day; use a string such as \"2026-01-31\""))
        })
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// Replaces the library's description of its date-time scalar.
pub fn describe_date_time(registry: &mut Registry) {
    if let Some(MetaType::Scalar { description, .. }) = registry.types.get_mut("DateTime") {
        *description =
            Some("A moment in RFC 3339 format, such as `\"2026-01-31T09:30:00Z\"`. Responses are in UTC.".to_owned());
    }
}
