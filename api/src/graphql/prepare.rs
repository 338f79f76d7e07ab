//! Prepares an operation for the executor: validates its document once, and replaces its variables by their values.

use super::{
    call::Call,
    coerce::{Coerced, coerce, field_type, root_type, type_name},
    lists, subscription_root,
};
use async_graphql::{
    Name, ObjectType, Response, Schema, SchemaBuilder, ServerError, SubscriptionType,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
    parser::types::{
        DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
    },
    registry::{MetaInputValue, MetaType, Registry},
};
use async_graphql_value::Value;
use std::{collections::HashSet, sync::Arc};

/// Validates documents against a schema.
pub struct Validator<Q, M, S>(Schema<Q, M, S>);

impl<Q, M, S> Validator<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    /// Creates a validator for the schema of this builder.
    pub fn new(schema: SchemaBuilder<Q, M, S>) -> Self {
        Self(schema.extension(StopBeforeExecution).finish())
    }

    /// Returns the operation of a call, ready for execution, or the errors that prevent it.
    pub async fn prepare(&self, registry: &Registry, call: &Call) -> Result<Coerced, Vec<ServerError>> {
        let Call { document, variables, request_context, .. } = call;
        let name = request_context.operation.as_deref();
        if document.is_valid.get().is_none() {
            self.validate(registry, &document.parsed, name).await?;
            let _ = document.is_valid.set(());
        }
        let flattened;
        let parsed = if call.kind == OperationType::Subscription {
            flattened = subscription_root::flatten(document.parsed.clone(), name).map_err(|error| vec![error])?;
            &flattened
        } else {
            &document.parsed
        };
        coerce(registry, parsed, name, variables).map_err(|error| vec![error])
    }

    async fn validate(
        &self,
        registry: &Registry,
        document: &ExecutableDocument,
        name: Option<&str>,
    ) -> Result<(), Vec<ServerError>> {
        lists::check_document(document).map_err(|error| vec![error])?;
        let mut request = async_graphql::Request::new("");
        request.operation_name = name.map(str::to_owned);
        request.set_parsed_query(require_variables_with_defaults(registry, document));
        let errors = self.0.execute(request).await.errors;
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// An extension that stops an operation after its validation.
struct StopBeforeExecution;

impl ExtensionFactory for StopBeforeExecution {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for StopBeforeExecution {
    async fn execute(&self, _: &ExtensionContext<'_>, _: Option<&str>, _: NextExecute<'_>) -> Response {
        Response::default()
    }
}

/// Returns the document with some nullable variables declared as required: those in a position that requires a value
/// and has a default in the schema. Such a use is valid
/// (<https://spec.graphql.org/September2025/#IsVariableUsageAllowed()>), but the GraphQL crate refuses it.
fn require_variables_with_defaults(registry: &Registry, document: &ExecutableDocument) -> ExecutableDocument {
    let mut uses = DefaultedUses { registry, variables: HashSet::new() };
    for (_, operation) in document.operations.iter() {
        let root = root_type(registry, operation.node.ty).unwrap_or_default();
        uses.selections(root, &operation.node.selection_set.node);
    }
    for fragment in document.fragments.values() {
        uses.selections(&fragment.node.type_condition.node.on.node, &fragment.node.selection_set.node);
    }
    let mut document = document.clone();
    let require = |operation: &mut OperationDefinition| {
        for definition in &mut operation.variable_definitions {
            definition.node.var_type.node.nullable &= !uses.variables.contains(&definition.node.name.node);
        }
    };
    match &mut document.operations {
        DocumentOperations::Single(operation) => require(&mut operation.node),
        DocumentOperations::Multiple(named) => named.values_mut().for_each(|operation| require(&mut operation.node)),
    }
    document
}

/// The variables in positions that require a value and have a default in the schema.
struct DefaultedUses<'r> {
    registry: &'r Registry,
    variables: HashSet<Name>,
}

impl DefaultedUses<'_> {
    fn selections(&mut self, kind: &str, set: &SelectionSet) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    let meta = self.registry.types.get(kind).and_then(|kind| kind.field_by_name(&field.name.node));
                    for (name, value) in &field.arguments {
                        if let Some(argument) = meta.and_then(|meta| meta.args.get(name.node.as_str())) {
                            self.input(argument, &value.node);
                        }
                    }
                    let below = type_name(field_type(self.registry, kind, &field.name.node));
                    self.selections(below, &field.selection_set.node);
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let kind = condition.map_or(kind, |condition| condition.node.on.node.as_str());
                    self.selections(kind, &fragment.node.selection_set.node);
                }
                // Fragments are visited separately.
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn input(&mut self, location: &MetaInputValue, value: &Value) {
        match value {
            Value::Variable(name) if location.ty.ends_with('!') && location.default_value.is_some() => {
                self.variables.insert(name.clone());
            }
            value => self.fields(&location.ty, value),
        }
    }

    fn fields(&mut self, kind: &str, value: &Value) {
        match value {
            Value::List(items) => items.iter().for_each(|item| self.fields(kind, item)),
            Value::Object(given) => {
                let Some(MetaType::InputObject { input_fields, .. }) = self.registry.types.get(type_name(kind)) else {
                    return;
                };
                for (name, value) in given {
                    if let Some(field) = input_fields.get(name.as_str()) {
                        self.input(field, value);
                    }
                }
            }
            _ => {}
        }
    }
}
