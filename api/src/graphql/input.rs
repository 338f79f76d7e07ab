//! A function that the inputs of mutations share.

use async_graphql::MaybeUndefined;

/// Maps an omitted value to `None`, and null to `Some(None)`.
#[expect(clippy::option_option, reason = "the domain knows no GraphQL types and uses nested options")]
pub fn change<T>(value: MaybeUndefined<T>) -> Option<Option<T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}
