//! The directive `@personal`. It marks fields and arguments whose value depends on the person, and not only on the
//! access scope. A subscription without them delivers the same to all subscribers of one scope.

use super::coerce::{field_type, root_type, type_name};
use async_graphql::{
    Name, TypeDirective,
    parser::types::{ExecutableDocument, Field, Selection, SelectionSet},
    registry::{MetaDirectiveInvocation, MetaInputValue, MetaType, Registry},
};
use async_graphql_value::Value;

/// The value depends on the person. Two people with the same access scope may get different values.
#[TypeDirective(location = "FieldDefinition", location = "ArgumentDefinition", location = "InputFieldDefinition")]
pub fn personal() {}

/// Marks an argument of a field.
pub fn mark(registry: &mut Registry, kind: &str, field: &str, argument: &str) {
    let Some(MetaType::Object { fields, .. }) = registry.types.get_mut(kind) else { return };
    let argument = fields.get_mut(field).and_then(|field| field.args.get_mut(argument));
    if let Some(argument) = argument.filter(|argument| !is_marked(&argument.directive_invocations)) {
        argument.directive_invocations.push(MetaDirectiveInvocation { name: "personal".to_owned(), args: [].into() });
    }
}

/// Returns whether the operation of a coerced document uses a marked field or argument.
pub fn is_personal(registry: &Registry, document: &ExecutableDocument) -> bool {
    let mut operations = document.operations.iter();
    operations.any(|(_, operation)| {
        let root = root_type(registry, operation.node.ty).unwrap_or_default();
        selects_personal(registry, root, &operation.node.selection_set.node)
    })
}

fn selects_personal(registry: &Registry, kind: &str, set: &SelectionSet) -> bool {
    set.items.iter().any(|selection| match &selection.node {
        Selection::Field(field) => field_is_personal(registry, kind, &field.node),
        Selection::InlineFragment(fragment) => {
            let kind = fragment.node.type_condition.as_ref().map_or(kind, |condition| &condition.node.on.node);
            selects_personal(registry, kind, &fragment.node.selection_set.node)
        }
        // A coerced document has no fragment spreads.
        Selection::FragmentSpread(_) => true,
    })
}

fn field_is_personal(registry: &Registry, kind: &str, field: &Field) -> bool {
    let name = field.name.node.as_str();
    let Some(meta) = registry.types.get(kind).and_then(|kind| kind.field_by_name(name)) else { return false };
    let below = type_name(field_type(registry, kind, name));
    is_marked(&meta.directive_invocations)
        || field.arguments.iter().any(|(name, value)| {
            let argument = meta.args.get(name.node.as_str());
            argument.is_some_and(|argument| gives_personal(registry, argument, &value.node))
        })
        || selects_personal(registry, below, &field.selection_set.node)
}

/// Returns whether a value contains a marked argument or input field.
fn gives_personal(registry: &Registry, argument: &MetaInputValue, value: &Value) -> bool {
    if is_marked(&argument.directive_invocations) {
        return true;
    }
    let Some(MetaType::InputObject { input_fields, .. }) = registry.types.get(type_name(&argument.ty)) else {
        return false;
    };
    let field = |(name, value): (&Name, &Value)| {
        input_fields.get(name.as_str()).is_some_and(|field| gives_personal(registry, field, value))
    };
    match value {
        Value::List(values) => values.iter().any(|value| gives_personal(registry, argument, value)),
        Value::Object(fields) => fields.iter().any(field),
        _ => false,
    }
}

fn is_marked(directives: &[MetaDirectiveInvocation]) -> bool {
    directives.iter().any(|directive| directive.name == "personal")
}
