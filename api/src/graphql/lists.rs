//! Limits the length of lists in arguments. Resolvers may turn each item into a database parameter.

use async_graphql::{
    Name, Pos, Positioned, ServerError, Value,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};
use dossier_core::error::Error;
use std::{collections::HashMap, convert::Infallible};

/// The maximum number of items of a list.
pub const MAX_ITEMS: usize = 200;

/// Refuses an argument that contains a longer list.
pub fn check(argument: &str, value: &Value, pos: Pos) -> Result<(), ServerError> {
    let Some(TooLong { mut path, items }) = too_long(value) else { return Ok(()) };
    path.push(argument.to_owned());
    path.reverse();
    let message = format!("the list has {items} items; the limit is {MAX_ITEMS}");
    Err(async_graphql::Error::from(Error::bad_input(path.join("."), message)).into_server_error(pos))
}

/// Refuses a document with a longer list in an argument or in the default of a variable. The values of variables are
/// checked when they are inserted.
pub fn check_document(document: &ExecutableDocument) -> Result<(), ServerError> {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node);
    let definitions = operations.clone().flat_map(|operation| &operation.variable_definitions);
    let defaults: Defaults = definitions
        .filter_map(|Positioned { node, .. }| Some((&node.name.node, &node.default_value.as_ref()?.node)))
        .collect();
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    operations
        .map(|operation| &operation.selection_set.node)
        .chain(fragments)
        .try_for_each(|set| check_selections(set, &defaults))
}

type Defaults<'d> = HashMap<&'d Name, &'d Value>;

fn check_selections(set: &SelectionSet, defaults: &Defaults) -> Result<(), ServerError> {
    set.items.iter().try_for_each(|selection| match &selection.node {
        Selection::Field(field) => {
            for (name, value) in &field.node.arguments {
                let default = |name| defaults.get(&name).copied().cloned().unwrap_or_default();
                let Ok(known) = value.node.clone().into_const_with(|name| Ok::<_, Infallible>(default(name)));
                check(&name.node, &known, value.pos)?;
            }
            check_selections(&field.node.selection_set.node, defaults)
        }
        Selection::InlineFragment(fragment) => check_selections(&fragment.node.selection_set.node, defaults),
        Selection::FragmentSpread(_) => Ok(()),
    })
}

/// Returns the items without repetitions, in their order.
pub fn distinct<T: PartialEq>(items: Vec<T>) -> Vec<T> {
    let mut distinct = Vec::new();
    for item in items {
        if !distinct.contains(&item) {
            distinct.push(item);
        }
    }
    distinct
}

/// A list that is too long.
struct TooLong {
    /// Its path, from the inside out.
    path: Vec<String>,
    items: usize,
}

impl TooLong {
    fn within(mut self, outer: &impl ToString) -> Self {
        self.path.push(outer.to_string());
        self
    }
}

fn too_long(value: &Value) -> Option<TooLong> {
    match value {
        Value::List(items) if items.len() > MAX_ITEMS => Some(TooLong { path: Vec::new(), items: items.len() }),
        Value::List(items) => items.iter().enumerate().find_map(|(index, item)| Some(too_long(item)?.within(&index))),
        Value::Object(fields) => fields.iter().find_map(|(name, value)| Some(too_long(value)?.within(name))),
        _ => None,
    }
}
