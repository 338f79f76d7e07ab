//! Fields that failed. The executor of the GraphQL crate leaves them out of the answer; to a client, they are null
//! (<https://spec.graphql.org/September2025/#sec-Handling-Execution-Errors>), and so is what can not be without them.

use super::execute::meant;
use async_graphql::{
    Name, PathSegment, Response, Value,
    parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet},
    registry::Registry,
};

/// What is selected of a value, each part on the type on which it is selected.
type Selected<'d> = Vec<(&'d str, &'d SelectionSet)>;

/// Makes what failed null: the path of each error ends there.
pub fn complete(registry: &Registry, document: &ExecutableDocument, operation: Option<&str>, response: &mut Response) {
    let Some(operation) = meant(document, operation) else { return };
    let root = match operation.ty {
        OperationType::Query => Some(registry.query_type.as_str()),
        OperationType::Mutation => registry.mutation_type.as_deref(),
        OperationType::Subscription => registry.subscription_type.as_deref(),
    };
    let Some(root) = root else { return };
    let types = Types { registry, document };
    for error in response.errors.iter().filter(|error| !error.path.is_empty()) {
        types.fail(root, &vec![(root, &operation.selection_set.node)], &mut response.data, &error.path);
    }
}

struct Types<'d> {
    registry: &'d Registry,
    document: &'d ExecutableDocument,
}

impl<'d> Types<'d> {
    /// Makes what is at the end of the path null, and whatever around it can not hold it. Whether this value became null,
    /// and can not be.
    fn fail(&self, kind: &str, selected: &Selected<'d>, value: &mut Value, path: &[PathSegment]) -> bool {
        let is_null = match path.split_first() {
            None => true,
            Some((PathSegment::Index(index), path)) => {
                let Value::List(items) = value else { return false };
                items.get_mut(*index).is_some_and(|item| self.fail(item_of(kind), selected, item, path))
            }
            Some((PathSegment::Field(key), path)) => {
                let Value::Object(fields) = value else { return false };
                let Some((kind, selected)) = self.field(selected, key) else { return false };
                self.fail(kind, &selected, fields.entry(Name::new(key)).or_insert(Value::Null), path)
            }
        };
        if is_null {
            *value = Value::Null;
        }
        is_null && kind.ends_with('!')
    }

    /// The type of the field with this key, and what is selected of it.
    fn field(&self, selected: &Selected<'d>, key: &str) -> Option<(&'d str, Selected<'d>)> {
        let (mut found, mut below) = (None, Vec::new());
        for (kind, set) in selected {
            self.gather(kind, set, key, &mut found, &mut below);
        }
        Some((found?, below))
    }

    fn gather(
        &self,
        kind: &'d str,
        set: &'d SelectionSet,
        key: &str,
        found: &mut Option<&'d str>,
        below: &mut Selected<'d>,
    ) {
        for selection in &set.items {
            let (condition, set) = match &selection.node {
                Selection::Field(field) => {
                    let (field, kinds) = (&field.node, &self.registry.types);
                    if field.response_key().node == key
                        && let Some(meta) = kinds.get(kind).and_then(|kind| kind.field_by_name(&field.name.node))
                    {
                        *found = Some(&meta.ty);
                        below.push((meta.ty.trim_matches(['[', ']', '!']), &field.selection_set.node));
                    }
                    continue;
                }
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) else { continue };
                    (Some(&fragment.node.type_condition), &fragment.node.selection_set)
                }
                Selection::InlineFragment(fragment) => {
                    (fragment.node.type_condition.as_ref(), &fragment.node.selection_set)
                }
            };
            let kind = condition.map_or(kind, |condition| &condition.node.on.node);
            self.gather(kind, &set.node, key, found, below);
        }
    }
}

/// The type of a list's items.
fn item_of(kind: &str) -> &str {
    let list = kind.strip_suffix('!').unwrap_or(kind);
    list.strip_prefix('[').and_then(|list| list.strip_suffix(']')).unwrap_or(list)
}
