//! Top-level errors: the one table of `extensions.code`, and the one conversion into it.

use crate::failure::Failure;
use async_graphql::{ErrorExtensionValues, Pos, Response, ServerError};

/// Why an operation, or a part of it, has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The document is not GraphQL.
    GraphqlParseFailed,
    /// The document does not fit the schema, or exceeds a limit.
    GraphqlValidationFailed,
    /// An argument or a variable is wrong.
    BadUserInput,
    /// Nobody is signed in, or no longer.
    Unauthenticated,
    /// The viewer's role may not ask this.
    Forbidden,
    /// A service that is needed does not answer; try again later.
    ServiceUnavailable,
    /// A fault of ours.
    InternalServerError,
}

impl Code {
    /// As it stands in `extensions.code`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GraphqlParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::GraphqlValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::ServiceUnavailable => "SERVICE_UNAVAILABLE",
            Self::InternalServerError => "INTERNAL_SERVER_ERROR",
        }
    }
}

impl From<&Failure> for Code {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::Refused(_) | Failure::BadInput { .. } => Self::BadUserInput,
            Failure::Unauthenticated(_) => Self::Unauthenticated,
            Failure::Forbidden(_) => Self::Forbidden,
            Failure::Unavailable(..) => Self::ServiceUnavailable,
            Failure::Internal(_) => Self::InternalServerError,
        }
    }
}

/// The error with its code.
pub(super) fn coded(mut error: ServerError, code: Code) -> ServerError {
    extend(&mut error).set("code", code.as_str());
    error
}

/// The answer when nothing can be answered.
pub(super) fn panicked(what: &'static str) -> Response {
    tracing::error!(what, "an operation broke off");
    let failure = Failure::internal(what);
    Response::from_errors(vec![coded(ServerError::new(failure.to_string(), None), Code::InternalServerError)])
}

/// Gives every error its code, and logs those that are ours, once.
pub(super) fn finish(mut response: Response, document: &str) -> Response {
    for error in &mut response.errors {
        let failure = error.source.take();
        let failure = failure.as_deref().and_then(|source| source.downcast_ref::<Failure>());
        if let Some(failure @ (Failure::Internal(cause) | Failure::Unavailable(_, cause))) = failure {
            tracing::error!(cause = cause.to_string(), "{failure}");
        }
        if let Some(failure) = failure {
            extend(error).set("code", Code::from(failure).as_str());
        } else if extend(error).get("code").is_none() {
            misfit(error, document);
        }
        if let Some(Failure::BadInput { argument, .. }) = failure {
            extend(error).set("argument", argument.as_str());
        }
    }
    response
}

/// What has no failure of ours was refused by the executor: a value that does not fit its type. It knows where the
/// value stands, but not the argument's name.
fn misfit(error: &mut ServerError, document: &str) {
    extend(error).set("code", Code::BadUserInput.as_str());
    if let Some(argument) = error.locations.first().and_then(|place| argument_at(document, *place)) {
        // The executor begins with the name of the GraphQL type.
        let reason = error.message.split_once("\": ").map_or(error.message.as_str(), |(_, reason)| reason);
        error.message = format!("Argument `{argument}`: {reason}");
        extend(error).set("argument", argument);
    }
}

/// The name before the colon before the value at this place.
fn argument_at(document: &str, place: Pos) -> Option<&str> {
    let line = document.lines().nth(place.line.checked_sub(1)?)?;
    let (end, _) = line.char_indices().nth(place.column.checked_sub(1)?)?;
    let name = line[..end].trim_end().strip_suffix(':')?.trim_end();
    let start = name.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |before| before + 1);
    Some(&name[start..])
}

/// Names the request in every error, so that it can be found in the log.
pub fn sign(mut response: Response, request_id: &str) -> Response {
    for error in &mut response.errors {
        extend(error).set("requestId", request_id);
    }
    response
}

fn extend(error: &mut ServerError) -> &mut ErrorExtensionValues {
    error.extensions.get_or_insert_with(ErrorExtensionValues::default)
}
