//! Completes the executor's data as the specification requires: fields are in the order of the document, a failed field
//! is null, and an object without selected fields is empty
//! (<https://spec.graphql.org/September2025/#sec-Executing-Selection-Sets>).
//!
//! The executor of the GraphQL crate returns fields in the order in which they are resolved, omits failed fields, and
//! returns null for an object without fields.

use super::coerce::{Coerced, field_type, possible_types, root_type, type_name};
use async_graphql::{
    Name, Value,
    indexmap::IndexMap,
    parser::types::{Selection, SelectionSet},
    registry::Registry,
};
use std::{collections::HashMap, mem::take};

/// The fields of an operation's responses, in their order.
pub struct Shape {
    marker: Name,
    root: Fields,
}

/// The selected fields of a value.
enum Fields {
    /// The value is a scalar.
    None,
    /// The value is introspection data, which is resolved in order and does not fail.
    Introspection,
    /// The value is an object of one type.
    Object(Vec<Field>),
    /// The value is an object of any of these types.
    Abstract(HashMap<String, Vec<Field>>),
}

struct Field {
    key: Name,
    required: Required,
    below: Fields,
}

/// The levels at which a value must not be null. The lowest bit stands for the value itself, the next bit for its
/// items, and so on.
#[derive(Clone, Copy)]
struct Required(u8);

impl Required {
    /// Parses a type such as `[Client!]!`.
    fn of(mut kind: &str) -> Self {
        let (mut bits, mut bit) = (0, 1);
        loop {
            if let Some(inner) = kind.strip_suffix('!') {
                bits |= bit;
                kind = inner;
            }
            let Some(item) = kind.strip_prefix('[').and_then(|list| list.strip_suffix(']')) else {
                return Self(bits);
            };
            kind = item;
            bit <<= 1;
        }
    }

    fn itself(self) -> bool {
        self.0 & 1 == 1
    }

    fn items(self) -> Self {
        Self(self.0 >> 1)
    }
}

impl Shape {
    /// Returns the shape of an operation's responses.
    pub fn of(registry: &Registry, operation: &Coerced) -> Self {
        let Coerced { document, marker } = operation;
        let definition = document.operations.iter().next().map(|(_, definition)| &definition.node);
        let root = definition.map_or(Fields::None, |definition| {
            let root = root_type(registry, definition.ty).unwrap_or_default();
            fields(registry, marker, root, &definition.selection_set.node)
        });
        Self { marker: marker.clone(), root }
    }

    /// Completes the data of a response.
    pub fn complete(&self, data: &mut Value) {
        if *data == Value::Null {
            // The executor returns null when no field has a value.
            *data = Value::Object(IndexMap::new());
        }
        self.value(Required(0), &self.root, data);
    }

    /// Completes a value. Returns false if the value is null where null is not allowed.
    fn value(&self, required: Required, fields: &Fields, value: &mut Value) -> bool {
        let is_complete = match (fields, &mut *value) {
            (_, Value::Null) => false,
            // Scalars need no completion.
            (Fields::None, _) => true,
            (Fields::Introspection, value) => {
                remove(&self.marker, value);
                true
            }
            (fields, Value::List(items)) => items.iter_mut().all(|item| self.value(required.items(), fields, item)),
            (Fields::Object(fields), Value::Object(values)) => self.object(fields, values),
            (Fields::Abstract(types), Value::Object(values)) => {
                let fields = match values.get(&self.marker) {
                    Some(Value::String(kind)) => types.get(kind).map(Vec::as_slice),
                    _ => None,
                };
                self.object(fields.unwrap_or_default(), values)
            }
            (Fields::Object(_) | Fields::Abstract(_), _) => true,
        };
        if !is_complete {
            *value = Value::Null;
        }
        is_complete || !required.itself()
    }

    /// Completes an object. Returns false if a required field is missing.
    fn object(&self, fields: &[Field], values: &mut IndexMap<Name, Value>) -> bool {
        let in_order = values.len() == fields.len() && values.keys().zip(fields).all(|(key, field)| *key == field.key);
        if !in_order {
            let mut unordered = take(values);
            values.extend(fields.iter().map(|field| {
                let value = unordered.swap_remove(&field.key).unwrap_or_default();
                (field.key.clone(), value)
            }));
        }
        let mut each = values.values_mut().zip(fields);
        each.all(|(value, field)| self.value(field.required, &field.below, value))
    }
}

fn remove(key: &Name, value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.shift_remove(key);
            fields.values_mut().for_each(|value| remove(key, value));
        }
        Value::List(items) => items.iter_mut().for_each(|item| remove(key, item)),
        _ => {}
    }
}

/// Returns the fields of values of this type.
fn fields(registry: &Registry, marker: &Name, kind: &str, set: &SelectionSet) -> Fields {
    if set.items.is_empty() {
        return Fields::None;
    }
    if !registry.types.contains_key(kind) {
        return Fields::Introspection;
    }
    if possible_types(registry, kind).is_none() {
        return Fields::Object(object(registry, marker, kind, set));
    }
    let types = set.items.iter().filter_map(|selection| match &selection.node {
        Selection::InlineFragment(fragment) => {
            let kind = fragment.node.type_condition.as_ref()?.node.on.node.to_string();
            let fields = object(registry, marker, &kind, &fragment.node.selection_set.node);
            Some((kind, fields))
        }
        _ => None,
    });
    Fields::Abstract(types.collect())
}

fn object(registry: &Registry, marker: &Name, kind: &str, set: &SelectionSet) -> Vec<Field> {
    let fields = set.items.iter().filter_map(|selection| match &selection.node {
        Selection::Field(field) if field.node.response_key().node != *marker => {
            let kind = field_type(registry, kind, &field.node.name.node);
            let below = fields(registry, marker, type_name(kind), &field.node.selection_set.node);
            Some(Field { key: field.node.response_key().node.clone(), required: Required::of(kind), below })
        }
        _ => None,
    });
    fields.collect()
}

#[cfg(test)]
mod tests {
    use super::Required;

    #[test]
    fn a_type_says_at_each_level_whether_null_is_allowed() {
        for (kind, bits) in [("A", 0), ("A!", 1), ("[A]", 0), ("[A!]", 2), ("[A]!", 1), ("[[A!]!]!", 7), ("[[A!]]!", 5)]
        {
            assert_eq!(Required::of(kind).0, bits, "{kind}");
        }
    }
}
