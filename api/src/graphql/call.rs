//! An operation as it is called, and as it is ready to be executed.

use super::{completion::Shape, request_context::RequestContext};
use async_graphql::{
    Variables,
    parser::types::{ExecutableDocument, OperationType},
};
use dossier_core::credentials::Credentials;
use std::sync::{Arc, OnceLock};

/// A document that was parsed.
pub struct Document {
    /// Its operations and fragments.
    pub parsed: ExecutableDocument,
    /// Set once the document was found valid.
    pub(super) is_valid: OnceLock<()>,
}

impl From<ExecutableDocument> for Document {
    fn from(parsed: ExecutableDocument) -> Self {
        Self { parsed, is_valid: OnceLock::new() }
    }
}

/// One operation of a document, and who asks for it.
pub struct Call {
    /// The document's text, where errors find the names of arguments.
    pub text: String,
    /// The document.
    pub document: Arc<Document>,
    /// What the operation is.
    pub kind: OperationType,
    /// The values of its variables.
    pub variables: Variables,
    /// Whom it speaks for.
    pub credentials: Credentials,
    /// How it came in, and its name.
    pub request_context: RequestContext,
}

/// An operation that is valid and has no variables any more.
#[derive(Clone)]
pub struct Prepared {
    /// The document's text, where errors find the names of arguments.
    pub text: String,
    /// The operation alone.
    pub document: ExecutableDocument,
    /// The fields of its answers.
    pub shape: Arc<Shape>,
    /// Whether its answers depend on the person who asks; told of subscriptions alone.
    pub personal: bool,
    /// The caller.
    pub credentials: Credentials,
    /// How it came in, and its name.
    pub request_context: RequestContext,
}
