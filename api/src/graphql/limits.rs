//! How much one document may ask for, counted before it is validated: the validators follow every fragment spread, so
//! that a few spreads of spreads would keep them busy for years.

use async_graphql::{
    Positioned,
    parser::types::{ExecutableDocument, FragmentDefinition, Selection, SelectionSet},
};
use std::collections::HashMap;

/// The most fields of a document, each fragment counted wherever it is spread.
const MAX_FIELDS: u64 = 2_000;

/// The most fields at the root of an operation: each is a unit of work or a list of its own.
const MAX_ROOT_FIELDS: u64 = 25;

type Fragments = HashMap<async_graphql::Name, Positioned<FragmentDefinition>>;

/// What of the document is too much, if anything is.
pub fn exceeded(document: &ExecutableDocument) -> Option<String> {
    let mut counter = Counter { fragments: &document.fragments, counted: HashMap::new() };
    for (_, operation) in document.operations.iter() {
        let Count { fields, root } = counter.selections(&operation.node.selection_set.node);
        if fields > MAX_FIELDS {
            return Some(format!("The document asks for more than {MAX_FIELDS} fields; split it."));
        }
        if root > MAX_ROOT_FIELDS {
            return Some(format!("The document has {root} fields at its root; at most {MAX_ROOT_FIELDS} are taken."));
        }
    }
    None
}

/// Fields in all, and those among them that stand at the top.
#[derive(Clone, Copy, Default)]
struct Count {
    fields: u64,
    root: u64,
}

struct Counter<'d> {
    fragments: &'d Fragments,
    /// What each fragment counts, which makes it linear; a fragment being counted counts nothing, for cycles are the
    /// validators' to refuse.
    counted: HashMap<&'d str, Count>,
}

impl<'d> Counter<'d> {
    fn selections(&mut self, set: &'d SelectionSet) -> Count {
        let mut sum = Count::default();
        for selection in &set.items {
            let count = match &selection.node {
                Selection::Field(field) => {
                    let below = self.selections(&field.node.selection_set.node);
                    Count { fields: below.fields.saturating_add(1), root: 1 }
                }
                Selection::InlineFragment(fragment) => self.selections(&fragment.node.selection_set.node),
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
            };
            sum.fields = sum.fields.saturating_add(count.fields);
            sum.root = sum.root.saturating_add(count.root);
        }
        sum
    }

    fn fragment(&mut self, name: &'d str) -> Count {
        if let Some(count) = self.counted.get(name) {
            return *count;
        }
        let Some(fragment) = self.fragments.get(name) else { return Count::default() };
        self.counted.insert(name, Count::default());
        let count = self.selections(&fragment.node.selection_set.node);
        self.counted.insert(name, count);
        count
    }
}
