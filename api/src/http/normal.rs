//! What the executor is spared of a document. It takes variables that were left out for absent, whatever their defaults,
//! when it skips and includes; and it finds a subscription's root field only where that stands by itself.

use crate::graphql::{Code, refusal};
use async_graphql::{
    Name, Positioned, ServerError,
    parser::types::{
        DocumentOperations, ExecutableDocument, Field, FragmentDefinition, OperationDefinition, OperationType,
        Selection, SelectionSet,
    },
};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// The document, whose subscription has one root field, and no fragments around it; the variables get their defaults.
pub fn normalized(
    mut document: ExecutableDocument,
    name: Option<&str>,
    variables: &mut Map<String, Value>,
) -> Result<ExecutableDocument, ServerError> {
    let operation = match (&mut document.operations, name) {
        (DocumentOperations::Single(operation), _) => Some(operation),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get_mut(name),
        (DocumentOperations::Multiple(operations), None) => operations.values_mut().next(),
    };
    let Some(operation) = operation else { return Ok(document) };
    complete(&operation.node, variables)?;
    if operation.node.ty == OperationType::Subscription {
        let mut root = Root { fragments: &document.fragments, inlined: HashSet::new(), field: None };
        root.gather(&operation.node.selection_set.node)?;
        let (inlined, field) = (root.inlined, root.field);
        let field = field.ok_or_else(|| invalid("A subscription has a root field."))?;
        operation.node.selection_set.node.items = vec![Positioned::new(Selection::Field(field), operation.pos)];
        document.fragments.retain(|name, _| !inlined.contains(name));
    }
    Ok(document)
}

/// Gives variables their defaults; refuses when one is missing that has none.
fn complete(operation: &OperationDefinition, variables: &mut Map<String, Value>) -> Result<(), ServerError> {
    for definition in operation.variable_definitions.iter().map(|definition| &definition.node) {
        let (name, kind) = (definition.name.node.as_str(), &definition.var_type.node);
        if variables.contains_key(name) {
            continue;
        }
        match &definition.default_value {
            Some(default) => {
                let value = default.node.clone().into_json().unwrap_or_default();
                variables.insert(name.to_owned(), value);
            }
            None if kind.nullable => {}
            None => {
                let message = format!("The variable `${name}` of type `{kind}` is required, and was not given.");
                return Err(refusal(Code::BadUserInput, message));
            }
        }
    }
    Ok(())
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
                return Err(invalid("The root of a subscription can not be skipped or included."));
            }
            match &selection.node {
                Selection::Field(field) => self.add(field)?,
                Selection::InlineFragment(fragment) => self.gather(&fragment.node.selection_set.node)?,
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let Some(fragment) = self.fragments.get(name) else {
                        return Err(invalid(&format!("There is no fragment `{name}`.")));
                    };
                    // Once is enough, also for what is within itself.
                    if self.inlined.insert(name.clone()) {
                        self.gather(&fragment.node.selection_set.node)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The same field twice is one field, with all that is selected of it.
    fn add(&mut self, field: &Positioned<Field>) -> Result<(), ServerError> {
        let Some(known) = &mut self.field else {
            self.field = Some(field.clone());
            return Ok(());
        };
        let same = known.node.response_key().node == field.node.response_key().node
            && known.node.name.node == field.node.name.node
            && arguments(&known.node) == arguments(&field.node);
        if !same {
            return Err(invalid("A subscription has one root field; subscribe to each by itself."));
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
    refusal(Code::GraphqlValidationFailed, message)
}
