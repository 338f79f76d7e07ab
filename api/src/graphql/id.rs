//! The ids of nodes, as arguments and as fields.

use super::node::Node;
use async_graphql::{ID, InputType, InputValueError, InputValueResult, Value, registry::Registry};
pub use dossier_core::id::{decode, encode};
use std::{borrow::Cow, marker::PhantomData};
use uuid::Uuid;

/// The id of a node of one type, as an argument or a field.
pub struct Id<N>(Uuid, PhantomData<fn() -> N>);

impl<N> Clone for Id<N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<N> Copy for Id<N> {}

impl<N> Id<N> {
    /// Creates the id of the row with this key.
    pub fn of(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// Returns the key of the row.
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
            return Err(InputValueError::custom(format!("must be an id of the form `{expected}_…`")));
        };
        match decode(&id) {
            Some((prefix, uuid)) if prefix == expected => Ok(Self::of(uuid)),
            Some((prefix, _)) => Err(InputValueError::custom(format!(
                "`{id}` is the id of a {}, but this must be the id of a {} (`{expected}_…`)",
                prefix.replace('_', " "),
                expected.replace('_', " ")
            ))),
            None => {
                Err(InputValueError::custom(format!("`{id}` is not a valid id; use an id of the form `{expected}_…`")))
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
