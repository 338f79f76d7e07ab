//! Rewrites the root of a subscription for the executor: one field without a fragment around it.

use super::report::request_error;
use crate::error_code::Code;
use async_graphql::{
    Name, Positioned, ServerError,
    parser::types::{DocumentOperations, ExecutableDocument, Field, FragmentDefinition, Selection, SelectionSet},
};
use std::collections::{HashMap, HashSet};

/// Returns the document with the subscription's root field at the top.
///
/// Fails if the root has several fields, or one that may be skipped.
pub fn flatten(mut document: ExecutableDocument, name: Option<&str>) -> Result<ExecutableDocument, ServerError> {
    let operation = match (&mut document.operations, name) {
        (DocumentOperations::Single(operation), _) => Some(operation),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get_mut(name),
        (DocumentOperations::Multiple(operations), None) => operations.values_mut().next(),
    };
    let Some(operation) = operation else { return Ok(document) };
    let mut root = Root { fragments: &document.fragments, inlined: HashSet::new(), field: None };
    root.gather(&operation.node.selection_set.node)?;
    let field = root.field.ok_or_else(|| invalid("A subscription must have a root field."))?;
    operation.node.selection_set.node.items = vec![Positioned::new(Selection::Field(field), operation.pos)];
    Ok(document)
}

/// The root field of a subscription.
struct Root<'d> {
    fragments: &'d HashMap<Name, Positioned<FragmentDefinition>>,
    inlined: HashSet<Name>,
    field: Option<Positioned<Field>>,
}

impl Root<'_> {
    fn gather(&mut self, set: &SelectionSet) -> Result<(), ServerError> {
        for selection in &set.items {
            let directives = match &selection.node {
                Selection::Field(field) => &field.node.directives,
                Selection::FragmentSpread(spread) => &spread.node.directives,
                Selection::InlineFragment(fragment) => &fragment.node.directives,
            };
            if directives.iter().any(|directive| ["skip", "include"].contains(&directive.node.name.node.as_str())) {
                return Err(invalid("The root field of a subscription must not have `@skip` or `@include`."));
            }
            match &selection.node {
                Selection::Field(field) => self.add(field)?,
                Selection::InlineFragment(fragment) => self.gather(&fragment.node.selection_set.node)?,
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let Some(fragment) = self.fragments.get(name) else {
                        return Err(invalid(&format!("The document has no fragment `{name}`.")));
                    };
                    // A fragment is visited once, even if it spreads itself.
                    if self.inlined.insert(name.clone()) {
                        self.gather(&fragment.node.selection_set.node)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Merges a field that is selected twice.
    fn add(&mut self, field: &Positioned<Field>) -> Result<(), ServerError> {
        let Some(known) = &mut self.field else {
            self.field = Some(field.clone());
            return Ok(());
        };
        let same = known.node.response_key().node == field.node.response_key().node
            && known.node.name.node == field.node.name.node
            && arguments(&known.node) == arguments(&field.node);
        if !same {
            return Err(invalid(
                "A subscription must have exactly one root field. Use one subscription for each field.",
            ));
        }
        known.node.selection_set.node.items.extend(field.node.selection_set.node.items.iter().cloned());
        Ok(())
    }
}

fn arguments(field: &Field) -> Vec<String> {
    let mut all: Vec<_> =
        field.arguments.iter().map(|(name, value)| format!("{}: {}", name.node, value.node)).collect();
    all.sort();
    all
}

fn invalid(message: &str) -> ServerError {
    request_error(Code::GraphqlValidationFailed, message)
}
