//! Rewrites an operation for the executor: variables become values, and each object has each of its fields once.
//!
//! The executor of the GraphQL crate reads a variable without a value as null, at every depth. The specification says
//! that such an argument or input field is absent. Defaults of the schema then apply, and a mutation keeps the stored
//! value (<https://spec.graphql.org/September2025/#sec-Input-Objects.Input-Coercion>). The executor also merges fields
//! that are selected twice only after it has resolved both. This module merges them before
//! (<https://spec.graphql.org/September2025/#sec-Field-Collection>).

use super::{budget::input_size, limits::within, lists, operation::find_operation, report::request_error};
use crate::error_code::Code;
use async_graphql::{
    Name, Pos, Positioned, ServerError, Value, Variables,
    indexmap::IndexMap,
    parser::types::{
        Directive, DocumentOperations, ExecutableDocument, Field, FragmentDefinition, InlineFragment,
        OperationDefinition, OperationType, Selection, SelectionSet, TypeCondition,
    },
    registry::{MetaType, Registry},
};
use async_graphql_value::Value as Input;
use std::{cell::Cell, collections::HashMap};

/// The maximum memory of the values of variables. Each use of a variable counts.
const MAX_INSERTED: usize = 16 << 20;

/// An operation without variables, directives and fragments. Inline fragments remain only where a value may have
/// several types.
pub struct Coerced {
    /// The document, which has no other operation.
    pub document: ExecutableDocument,
    /// The response key of the added `__typename`. It is added to objects without other fields, and to objects that may
    /// have several types.
    pub marker: Name,
}

/// Returns the operation with this name, or the only one, with its variables replaced by these values.
///
/// The document must be valid. Fails if a required value is missing or null, or if the condition of a directive is not
/// a boolean.
pub fn coerce(
    registry: &Registry,
    document: &ExecutableDocument,
    name: Option<&str>,
    variables: &Variables,
) -> Result<Coerced, ServerError> {
    let Some(operation) = find_operation(document, name) else {
        return Err(request_error(Code::OperationResolutionFailure, "The document has no such operation."));
    };
    let coercion = Coercion {
        registry,
        fragments: &document.fragments,
        values: values(operation, variables)?,
        inserted: Cell::new(0),
        marker: unused_name(document),
    };
    let pos = operation.selection_set.pos;
    let root = root_type(registry, operation.ty).unwrap_or_default();
    let definition = OperationDefinition {
        ty: operation.ty,
        variable_definitions: Vec::new(),
        directives: Vec::new(),
        selection_set: coercion.selections(root, &[&operation.selection_set], pos)?,
    };
    within("bytes of memory in the values of its variables", coercion.inserted.get(), MAX_INSERTED)?;
    let operation = Positioned::new(definition, pos);
    let operations = match &document.operations {
        DocumentOperations::Single(_) => DocumentOperations::Single(operation),
        DocumentOperations::Multiple(named) => {
            let name = name.map(Name::new).or_else(|| named.keys().next().cloned());
            DocumentOperations::Multiple(name.map(|name| (name, operation)).into_iter().collect())
        }
    };
    Ok(Coerced { document: ExecutableDocument { operations, fragments: HashMap::new() }, marker: coercion.marker })
}

/// Returns the root type of an operation.
pub fn root_type(registry: &Registry, kind: OperationType) -> Option<&str> {
    match kind {
        OperationType::Query => Some(&registry.query_type),
        OperationType::Mutation => registry.mutation_type.as_deref(),
        OperationType::Subscription => registry.subscription_type.as_deref(),
    }
}

/// Returns the type of a field, such as `[Client!]!`. Empty for introspection fields.
pub fn field_type<'r>(registry: &'r Registry, kind: &str, field: &str) -> &'r str {
    let field = registry.types.get(kind).and_then(|kind| kind.field_by_name(field));
    field.map_or("", |field| &field.ty)
}

/// Returns the name within a type such as `[Client!]!`.
pub fn type_name(kind: &str) -> &str {
    kind.trim_matches(['[', ']', '!'])
}

/// Returns the possible types of the objects of an interface or a union.
pub fn possible_types<'r>(registry: &'r Registry, kind: &str) -> Option<impl Iterator<Item = &'r str> + use<'r>> {
    let types = registry.types.get(kind).and_then(MetaType::possible_types);
    types.map(|types| types.iter().map(String::as_str))
}

/// Returns the value of each variable that has one.
fn values(operation: &OperationDefinition, given: &Variables) -> Result<HashMap<Name, Value>, ServerError> {
    let mut values = HashMap::with_capacity(operation.variable_definitions.len());
    for definition in operation.variable_definitions.iter().map(|definition| &definition.node) {
        let (name, kind) = (&definition.name.node, &definition.var_type.node);
        let value = given.get(name).or(definition.default_value.as_ref().map(|value| &value.node));
        let wrong = match value {
            None if !kind.nullable => "it has no value",
            Some(Value::Null) if !kind.nullable => "its value is null",
            value => {
                values.extend(value.map(|value| (name.clone(), value.clone())));
                continue;
            }
        };
        let message = format!("The variable `${name}` of type `{kind}` is required, but {wrong}.");
        return Err(request_error(Code::BadUserInput, message));
    }
    Ok(values)
}

/// Returns a response key that the document does not use.
fn unused_name(document: &ExecutableDocument) -> Name {
    fn uses(set: &SelectionSet, name: &str) -> bool {
        set.items.iter().any(|selection| match &selection.node {
            Selection::Field(field) => {
                field.node.response_key().node == name || uses(&field.node.selection_set.node, name)
            }
            Selection::InlineFragment(fragment) => uses(&fragment.node.selection_set.node, name),
            Selection::FragmentSpread(_) => false,
        })
    }
    let sets = || {
        let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
        operations.chain(document.fragments.values().map(|fragment| &fragment.node.selection_set.node))
    };
    let mut name = "__marker".to_owned();
    while sets().any(|set| uses(set, &name)) {
        name.push('_');
    }
    Name::new(name)
}

/// An argument of a field, as written in the document.
type Argument = (Positioned<Name>, Positioned<Input>);

struct Coercion<'d> {
    registry: &'d Registry,
    fragments: &'d HashMap<Name, Positioned<FragmentDefinition>>,
    values: HashMap<Name, Value>,
    /// The memory of the values that were inserted until now.
    inserted: Cell<usize>,
    marker: Name,
}

/// A field of an object, with all selections under its response key.
struct Collected<'d> {
    field: &'d Positioned<Field>,
    sets: Vec<&'d Positioned<SelectionSet>>,
}

impl<'d> Coercion<'d> {
    /// Returns the selections of these sets for objects of this type. The result is never empty.
    fn selections(
        &self,
        kind: &str,
        sets: &[&'d Positioned<SelectionSet>],
        pos: Pos,
    ) -> Result<Positioned<SelectionSet>, ServerError> {
        let mut items = Vec::new();
        if let Some(types) = possible_types(self.registry, kind) {
            items.push(self.marker(pos));
            for kind in types {
                let fields = self.fields(kind, sets)?;
                if !fields.is_empty() {
                    items.push(Positioned::new(fragment(kind, fields, pos), pos));
                }
            }
        } else {
            items = self.fields(kind, sets)?;
            if items.is_empty() {
                items.push(self.marker(pos));
            }
        }
        Ok(Positioned::new(SelectionSet { items }, pos))
    }

    fn fields(
        &self,
        kind: &str,
        sets: &[&'d Positioned<SelectionSet>],
    ) -> Result<Vec<Positioned<Selection>>, ServerError> {
        let mut collected = IndexMap::new();
        for set in sets {
            self.collect(kind, &set.node, &mut collected)?;
        }
        collected.into_values().map(|collected| self.field(kind, &collected)).collect()
    }

    /// Adds the fields that a set selects for objects of this type and that are not skipped.
    fn collect(
        &self,
        kind: &str,
        set: &'d SelectionSet,
        collected: &mut IndexMap<&'d Name, Collected<'d>>,
    ) -> Result<(), ServerError> {
        for selection in &set.items {
            if self.is_skipped(selection.node.directives())? {
                continue;
            }
            let (condition, set) = match &selection.node {
                Selection::Field(field) => {
                    let key = &field.node.response_key().node;
                    let known = collected.entry(key).or_insert_with(|| Collected { field, sets: Vec::new() });
                    if !field.node.selection_set.node.items.is_empty() {
                        known.sets.push(&field.node.selection_set);
                    }
                    continue;
                }
                Selection::InlineFragment(fragment) => {
                    (fragment.node.type_condition.as_ref(), &fragment.node.selection_set.node)
                }
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.fragments.get(&spread.node.fragment_name.node) else { continue };
                    (Some(&fragment.node.type_condition), &fragment.node.selection_set.node)
                }
            };
            if condition.is_none_or(|condition| self.applies(&condition.node.on.node, kind)) {
                self.collect(kind, set, collected)?;
            }
        }
        Ok(())
    }

    /// Returns whether a fragment on this condition applies to objects of this type.
    fn applies(&self, condition: &str, kind: &str) -> bool {
        // The registry has no introspection types. No two of them share an object type.
        condition == kind || self.registry.types.get(condition).is_none_or(|condition| condition.is_possible_type(kind))
    }

    fn field(&self, kind: &str, collected: &Collected<'d>) -> Result<Positioned<Selection>, ServerError> {
        let Collected { field: Positioned { pos, node: field }, sets } = collected;
        let selection_set = if sets.is_empty() {
            Positioned::new(SelectionSet::default(), *pos)
        } else {
            let below = type_name(field_type(self.registry, kind, &field.name.node));
            self.selections(below, sets, field.selection_set.pos)?
        };
        let field = Field {
            alias: field.alias.clone(),
            name: field.name.clone(),
            arguments: self.arguments(&field.arguments)?,
            directives: Vec::new(),
            selection_set,
        };
        Ok(Positioned::new(Selection::Field(Positioned::new(field, *pos)), *pos))
    }

    /// Omits arguments whose variable has no value. Fails if an argument contains a list that is too long.
    fn arguments(&self, given: &[Argument]) -> Result<Vec<Argument>, ServerError> {
        let mut arguments = Vec::with_capacity(given.len());
        for (name, Positioned { pos, node: value }) in given {
            if let Some(value) = self.value(value) {
                lists::check(&name.node, &value, *pos)?;
                arguments.push((name.clone(), Positioned::new(value.into_value(), *pos)));
            }
        }
        Ok(arguments)
    }

    /// Returns `None` for a variable without a value.
    fn value(&self, value: &Input) -> Option<Value> {
        Some(match value {
            Input::Variable(name) => return self.insert(self.values.get(name)?),
            Input::List(items) => Value::List(items.iter().map(|item| self.value(item).unwrap_or_default()).collect()),
            Input::Object(fields) => {
                let given = fields.iter().filter_map(|(name, value)| Some((name.clone(), self.value(value)?)));
                Value::Object(given.collect())
            }
            Input::Null => Value::Null,
            Input::Number(number) => Value::Number(number.clone()),
            Input::String(text) => Value::String(text.clone()),
            Input::Boolean(truth) => Value::Boolean(*truth),
            Input::Binary(bytes) => Value::Binary(bytes.clone()),
            Input::Enum(name) => Value::Enum(name.clone()),
        })
    }

    /// Copies the value of a variable, unless all copies together are too large.
    fn insert(&self, value: &Value) -> Option<Value> {
        self.inserted.set(self.inserted.get().saturating_add(input_size(value)));
        (self.inserted.get() <= MAX_INSERTED).then(|| value.clone())
    }

    fn is_skipped(&self, directives: &[Positioned<Directive>]) -> Result<bool, ServerError> {
        for Positioned { node: directive, pos } in directives {
            let skips = match directive.name.node.as_str() {
                "skip" => true,
                "include" => false,
                _ => continue,
            };
            match directive.get_argument("if").and_then(|condition| self.value(&condition.node)) {
                Some(Value::Boolean(condition)) if condition == skips => return Ok(true),
                Some(Value::Boolean(_)) => {}
                _ => {
                    let message = format!("Argument `if` of `@{}` must be true or false.", directive.name.node);
                    let mut error = request_error(Code::BadUserInput, message);
                    error.locations.push(*pos);
                    return Err(error);
                }
            }
        }
        Ok(false)
    }

    fn marker(&self, pos: Pos) -> Positioned<Selection> {
        let field = Field {
            alias: Some(Positioned::new(self.marker.clone(), pos)),
            name: Positioned::new(Name::new("__typename"), pos),
            arguments: Vec::new(),
            directives: Vec::new(),
            selection_set: Positioned::new(SelectionSet::default(), pos),
        };
        Positioned::new(Selection::Field(Positioned::new(field, pos)), pos)
    }
}

fn fragment(kind: &str, fields: Vec<Positioned<Selection>>, pos: Pos) -> Selection {
    let fragment = InlineFragment {
        type_condition: Some(Positioned::new(TypeCondition { on: Positioned::new(Name::new(kind), pos) }, pos)),
        directives: Vec::new(),
        selection_set: Positioned::new(SelectionSet { items: fields }, pos),
    };
    Selection::InlineFragment(Positioned::new(fragment, pos))
}
