//! Limits introspection. The schema is the same for all callers, so the size of a response is known before the
//! execution. A few nested lists can return millions of values.

use super::{
    coerce::{root_type, type_name},
    limits::within,
};
use async_graphql::{
    ServerError, Value,
    parser::types::{Field, OperationType, Selection, SelectionSet},
    registry::{MetaDirective, MetaField, MetaInputValue, MetaType, Registry},
};
use std::collections::HashMap;

/// The maximum number of values in the response to one introspection. The queries of common tools return less than a
/// tenth of it.
const MAX_VALUES: usize = 250_000;

/// The number of schema values that cost as much as one row of the database.
const VALUES_PER_POINT: usize = 1_000;

/// Returns the cost of the introspection in the root fields of a query, in points.
///
/// Fails if the response would be too large.
pub fn cost(registry: &Registry, query: &SelectionSet) -> Result<usize, ServerError> {
    let mut counter = Counter { registry, types: HashMap::new() };
    let values = total(fields(query).map(|field| match field.name.node.as_str() {
        "__schema" => counter.schema(below(field)),
        "__type" => match field.get_argument("name").and_then(|name| name.node.clone().into_const()) {
            Some(Value::String(name)) => counter.named(&name, below(field)),
            _ => 0,
        },
        _ => 0,
    }));
    within("schema values in its response", values, MAX_VALUES)?;
    Ok(values.div_ceil(VALUES_PER_POINT))
}

fn below(field: &Field) -> &SelectionSet {
    &field.selection_set.node
}

fn fields(set: &SelectionSet) -> impl Iterator<Item = &Field> {
    set.items.iter().filter_map(|selection| match &selection.node {
        Selection::Field(field) => Some(&field.node),
        // An operation that is ready for the executor has no fragments here.
        Selection::InlineFragment(_) | Selection::FragmentSpread(_) => None,
    })
}

/// Returns the number of values of an object: itself, its fields, and their values.
fn sum<'d>(set: &'d SelectionSet, mut values: impl FnMut(&'d Field) -> usize) -> usize {
    fields(set).fold(1, |total, field| total.saturating_add(1).saturating_add(values(field)))
}

fn total(values: impl Iterator<Item = usize>) -> usize {
    values.fold(0, usize::saturating_add)
}

struct Counter<'d> {
    registry: &'d Registry,
    /// The number of values of a type, by its name and its selection set.
    types: HashMap<(&'d str, *const SelectionSet), usize>,
}

impl<'d> Counter<'d> {
    fn schema(&mut self, set: &'d SelectionSet) -> usize {
        let registry = self.registry;
        sum(set, |field| {
            let mut root = |kind| root_type(registry, kind).map_or(0, |root| self.named(root, below(field)));
            match field.name.node.as_str() {
                "queryType" => root(OperationType::Query),
                "mutationType" => root(OperationType::Mutation),
                "subscriptionType" => root(OperationType::Subscription),
                "types" => total(registry.types.keys().map(|name| self.named(name, below(field)))),
                "directives" => total(registry.directives.values().map(|one| self.directive(one, below(field)))),
                _ => 0,
            }
        })
    }

    /// Returns the number of values of a type such as `[Client!]!`. Each bracket and each `!` is a type of its own.
    fn wrapped(&mut self, kind: &'d str, set: &'d SelectionSet) -> usize {
        let inner = kind.strip_suffix('!').or_else(|| kind.strip_prefix('[').and_then(|kind| kind.strip_suffix(']')));
        match inner {
            None => self.named(kind, set),
            Some(inner) => sum(set, |field| match field.name.node.as_str() {
                "ofType" => self.wrapped(inner, below(field)),
                _ => 0,
            }),
        }
    }

    fn named(&mut self, name: &str, set: &'d SelectionSet) -> usize {
        let Some((name, kind)) = self.registry.types.get_key_value(type_name(name)) else { return sum(set, |_| 0) };
        let key = (name.as_str(), std::ptr::from_ref(set));
        if let Some(values) = self.types.get(&key) {
            return *values;
        }
        let values = sum(set, |field| self.list(kind, &field.name.node, below(field)));
        self.types.insert(key, values);
        values
    }

    /// Returns the number of values in a list of a type.
    fn list(&mut self, kind: &'d MetaType, field: &str, set: &'d SelectionSet) -> usize {
        match (field, kind) {
            ("fields", MetaType::Object { fields, .. } | MetaType::Interface { fields, .. }) => {
                total(fields.values().map(|field| self.field(field, set)))
            }
            ("inputFields", MetaType::InputObject { input_fields, .. }) => {
                total(input_fields.values().map(|value| self.input(value, set)))
            }
            ("enumValues", MetaType::Enum { enum_values, .. }) => enum_values.len().saturating_mul(sum(set, |_| 0)),
            ("possibleTypes", kind) => {
                let types = kind.possible_types().into_iter().flatten();
                total(types.map(|name| self.named(name, set)))
            }
            ("interfaces", MetaType::Object { name, .. } | MetaType::Interface { name, .. }) => {
                let interfaces = self.registry.implements.get(name).into_iter().flatten();
                total(interfaces.map(|name| self.named(name, set)))
            }
            _ => 0,
        }
    }

    fn field(&mut self, meta: &'d MetaField, set: &'d SelectionSet) -> usize {
        sum(set, |field| match field.name.node.as_str() {
            "type" => self.wrapped(&meta.ty, below(field)),
            "args" => total(meta.args.values().map(|value| self.input(value, below(field)))),
            _ => 0,
        })
    }

    fn input(&mut self, meta: &'d MetaInputValue, set: &'d SelectionSet) -> usize {
        sum(set, |field| match field.name.node.as_str() {
            "type" => self.wrapped(&meta.ty, below(field)),
            _ => 0,
        })
    }

    fn directive(&mut self, meta: &'d MetaDirective, set: &'d SelectionSet) -> usize {
        sum(set, |field| match field.name.node.as_str() {
            "args" => total(meta.args.values().map(|value| self.input(value, below(field)))),
            _ => 0,
        })
    }
}
