//! Finds an operation in a document.

use async_graphql::{
    Name,
    parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition},
};

/// Returns the operation with this name, or the only one.
pub fn find_operation<'d>(document: &'d ExecutableDocument, name: Option<&str>) -> Option<&'d OperationDefinition> {
    let operation = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => operations.values().next(),
        (DocumentOperations::Single(_), Some(_)) | (DocumentOperations::Multiple(_), None) => None,
    };
    operation.map(|operation| &operation.node)
}

/// Returns the name of the operation, also if the request does not contain the name.
pub fn operation_name<'d>(document: &'d ExecutableDocument, asked: Option<&'d str>) -> Option<&'d str> {
    asked.or_else(|| document.operations.iter().find_map(|(name, _)| name.map(Name::as_str)))
}
