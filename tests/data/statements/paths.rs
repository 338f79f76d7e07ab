//! Paths of fields from the root of a query to the objects of each type.

use crate::support::schema::{Schema, base};
use async_graphql::parser::types::{BaseType, FieldDefinition, TypeKind};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque, btree_map::Entry},
    fmt::Write,
};

/// The number of rows of a nested page.
const NESTED_ROWS: usize = 5;

/// A field of a path.
#[derive(Clone)]
pub struct Step {
    pub name: String,
    /// Its arguments.
    arguments: String,
    /// Whether it takes a number of rows.
    paged: bool,
    list: bool,
}

impl Step {
    pub fn of(field: &FieldDefinition, arguments: String) -> Self {
        Self {
            name: field.name.node.to_string(),
            arguments,
            paged: field.arguments.iter().any(|argument| argument.node.name.node == "first"),
            list: matches!(field.ty.node.base, BaseType::List(_)),
        }
    }
}

/// The fields that lead to the objects of a type.
pub type FieldPath = Vec<Step>;

/// Returns whether the path leads to many objects.
pub fn leads_to_many(path: &[Step]) -> bool {
    path.iter().any(|step| step.list)
}

/// Returns a query with this selection at the end of the path, for this many rows, and for a few rows in nested pages.
pub fn build_query(path: &[Step], selection: &str, rows: usize) -> String {
    let mut rows = Some(rows);
    let mut asked = String::new();
    for Step { name, arguments, paged, .. } in path {
        let _ = write!(asked, "{name}{arguments}");
        if *paged {
            let _ = write!(asked, "(first: {})", rows.take().unwrap_or(NESTED_ROWS));
        }
        asked.push_str(" { ");
    }
    asked + selection + &" }".repeat(path.len())
}

/// Lists to whose rows other paths come first: longer pages of the first one contain further kinds of subjects, which take
/// further statements, and the rows of the other one are in the trash, and no nodes.
const LAST: [&str; 2] = ["activity", "deletedDocuments"];

/// Fields that few or no rows have. They are no part of a path.
const SPARSE: [&str; 3] = ["approvedVersion", "lastReadMessage", "message"];

/// Returns the shortest path to each type from the root. Paths that lead to many objects take precedence. Fields with
/// required arguments are left out.
pub fn field_paths(schema: &Schema, root: &str) -> BTreeMap<String, FieldPath> {
    let mut found = BTreeMap::<(String, bool), FieldPath>::new();
    let mut next = VecDeque::from([(root.to_owned(), FieldPath::new())]);
    while let Some((kind, path)) = next.pop_front() {
        let mut fields: Vec<_> = schema.fields(&kind).iter().collect();
        fields.retain(|field| !SPARSE.contains(&field.node.name.node.as_str()));
        fields.sort_by_key(|field| LAST.contains(&field.node.name.node.as_str()));
        for field in fields.into_iter().filter(|field| required(&field.node).next().is_none()) {
            let to = base(&field.node.ty.node);
            if !matches!(schema.kind(to), Some(TypeKind::Object(_))) {
                continue;
            }
            let further: FieldPath = path.iter().cloned().chain([Step::of(&field.node, String::new())]).collect();
            let place = (to.to_owned(), leads_to_many(&further));
            if let Entry::Vacant(vacant) = found.entry(place) {
                vacant.insert(further.clone());
                next.push_back((to.to_owned(), further));
            }
        }
    }
    // Paths to many objects come later, and replace the others.
    let mut field_paths: BTreeMap<_, _> = found.into_iter().map(|((kind, _), path)| (kind, path)).collect();
    field_paths.insert(root.to_owned(), FieldPath::new());
    field_paths
}

/// Returns each object type that can be reached, with any arguments.
pub fn reachable(schema: &Schema, root: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::from([root.to_owned()]);
    let mut next = vec![root.to_owned()];
    while let Some(kind) = next.pop() {
        for to in schema.fields(&kind).iter().flat_map(|field| schema.possible(base(&field.node.ty.node))) {
            if found.insert(to.to_owned()) {
                next.push(to.to_owned());
            }
        }
    }
    found
}

/// Returns the required arguments and their types.
pub fn required(field: &FieldDefinition) -> impl Iterator<Item = (&str, String)> {
    let arguments = field.arguments.iter().map(|argument| &argument.node);
    let required = arguments.filter(|argument| !argument.ty.node.nullable && argument.default_value.is_none());
    required.map(|argument| (argument.name.node.as_str(), argument.ty.node.to_string()))
}
