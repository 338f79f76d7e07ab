//! An operation as the caller sent it, and as it is ready for execution.

use super::{completion::Shape, request_context::RequestContext};
use async_graphql::{
    Variables,
    parser::types::{ExecutableDocument, OperationType},
};
use dossier_core::credentials::Credentials;
use std::sync::{Arc, OnceLock};

/// A parsed document.
pub struct Document {
    /// The operations and fragments.
    pub parsed: ExecutableDocument,
    /// Set when the document has passed validation.
    pub(super) is_valid: OnceLock<()>,
}

impl From<ExecutableDocument> for Document {
    fn from(parsed: ExecutableDocument) -> Self {
        Self { parsed, is_valid: OnceLock::new() }
    }
}

/// One operation of a document, with its caller.
pub struct Call {
    /// The text of the document. Errors take the names of arguments from it.
    pub text: String,
    /// The document.
    pub document: Arc<Document>,
    /// The type of the operation.
    pub kind: OperationType,
    /// The values of the variables.
    pub variables: Variables,
    /// The credentials of the caller.
    pub credentials: Credentials,
    /// The request that contains the operation, and the operation's name.
    pub request_context: RequestContext,
}

/// A valid operation whose variables are replaced by their values.
#[derive(Clone)]
pub struct Prepared {
    /// The text of the document. Errors take the names of arguments from it.
    pub text: String,
    /// The document, which has no other operation.
    pub document: ExecutableDocument,
    /// The fields of its responses.
    pub shape: Arc<Shape>,
    /// Whether its responses depend on the person. Set only for subscriptions.
    pub personal: bool,
    /// The credentials of the caller.
    pub credentials: Credentials,
    /// The request that contains the operation, and the operation's name.
    pub request_context: RequestContext,
}
