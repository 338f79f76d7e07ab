//! How long a list may be that a caller gives, wherever it stands in an argument. Resolvers may make a database parameter
//! of each item.

use crate::failure::Failure;
use async_graphql::{Pos, ServerError, Value};

/// The most items of a list.
pub const MAX_ITEMS: usize = 200;

/// Refuses an argument that has a longer list in it.
pub fn check(argument: &str, value: &Value, pos: Pos) -> Result<(), ServerError> {
    let Some(TooLong { mut path, items }) = too_long(value) else { return Ok(()) };
    path.push(argument.to_owned());
    path.reverse();
    let message = format!("the list has {items} items; at most {MAX_ITEMS} are taken");
    Err(async_graphql::Error::from(Failure::bad_input(path.join("."), message)).into_server_error(pos))
}

/// The items without repetitions, in their order.
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
    /// Where it stands, from the inside out.
    path: Vec<String>,
    items: usize,
}

impl TooLong {
    fn within(mut self, outer: impl ToString) -> Self {
        self.path.push(outer.to_string());
        self
    }
}

fn too_long(value: &Value) -> Option<TooLong> {
    match value {
        Value::List(items) if items.len() > MAX_ITEMS => Some(TooLong { path: Vec::new(), items: items.len() }),
        Value::List(items) => items.iter().enumerate().find_map(|(index, item)| Some(too_long(item)?.within(index))),
        Value::Object(fields) => fields.iter().find_map(|(name, value)| Some(too_long(value)?.within(name))),
        _ => None,
    }
}
