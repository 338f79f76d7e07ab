//! Request errors: the only conversion of an error into a GraphQL error with a code.

use super::budget::MAX_ANSWER;
use crate::{error_code::Code, rate::Busy};
use async_graphql::{ErrorExtensionValues, Pos, Response, ServerError};
use dossier_core::error::{Error, Exceeded};
use std::time::Duration;

/// The maximum length of a message, in characters. Long input of the caller is not repeated in full.
const MAX_MESSAGE: usize = 500;

/// The name of the extension that tells how long to wait before a retry, in seconds.
const RETRY_AFTER: &str = "retryAfter";

/// The maximum number of errors in a response.
const MAX_ERRORS: usize = 50;

/// Returns an error that occurred before the execution.
pub fn request_error(code: Code, message: impl Into<String>) -> ServerError {
    coded(ServerError::new(message, None), code)
}

/// Returns the error for a request that exceeds its rate limit.
pub fn too_much(exceeded: &Exceeded) -> ServerError {
    let mut error = request_error(Code::RateLimited, exceeded.to_string());
    extend(&mut error).set(RETRY_AFTER, exceeded.retry_after);
    error
}

/// Returns the error for a caller with too many simultaneous operations.
pub(super) fn busy(busy: &Busy) -> ServerError {
    request_error(Code::TooManyOperations, busy.to_string())
}

/// Returns after how many seconds the caller may retry.
pub fn retry_after(error: &ServerError) -> Option<u64> {
    match error.extensions.as_ref()?.get(RETRY_AFTER)? {
        async_graphql::Value::Number(seconds) => seconds.as_u64(),
        _ => None,
    }
}

/// Returns the error with its code.
pub(super) fn coded(mut error: ServerError, code: Code) -> ServerError {
    extend(&mut error).set("code", code.as_str());
    error
}

/// Returns the parser's error without the quoted input line.
pub fn unparsable(mut error: ServerError) -> ServerError {
    if let Some((_, expected)) = error.message.rsplit_once("\n  = ") {
        error.message = format!("The document is not valid GraphQL: {expected}");
    }
    shorten(&mut error.message);
    coded(error, Code::GraphqlParseFailed)
}

/// Returns the response to an operation that panicked.
pub(super) fn panicked(what: &'static str) -> Response {
    tracing::error!(what, "an operation panicked");
    let failure = Error::internal(what);
    Response::from_errors(vec![request_error(Code::InternalServerError, failure.to_string())])
}

/// Returns the response to an operation that took too long. Its transaction was dropped.
pub(super) fn too_slow(limit: Duration) -> Response {
    let seconds = limit.as_secs_f32();
    tracing::warn!(seconds, "an operation took too long and was cancelled");
    let message = format!(
        "The operation took longer than {seconds} seconds and was cancelled. A mutation may still have been committed; \
         repeat it safely with the same idempotency key"
    );
    Response::from_errors(vec![request_error(Code::OperationTimeout, message)])
}

/// Returns the response to an operation whose response is too large. Its transaction was dropped.
pub(super) fn too_large() -> Response {
    let mebibytes = MAX_ANSWER >> 20;
    let message = format!(
        "The response takes more than {mebibytes} MiB of memory; request fewer rows, fields or aliases. A mutation may \
         still have been committed"
    );
    Response::from_errors(vec![request_error(Code::AnswerTooLarge, message)])
}

/// Returns whether the error occurred before the execution. Errors of fields have a path, and our own errors have a
/// code.
pub(super) fn precedes_execution(error: &ServerError) -> bool {
    error.path.is_empty() && error.extensions.is_none()
}

/// Gives every error its code, and logs internal errors once.
pub(super) fn finish(mut response: Response, document: &str) -> Response {
    response.errors.truncate(MAX_ERRORS);
    for error in &mut response.errors {
        if precedes_execution(error) {
            extend(error).set("code", Code::GraphqlValidationFailed.as_str());
        }
        let failure = error.source.take();
        let failure = failure.as_deref().and_then(|source| source.downcast_ref::<Error>());
        if let Some(failure @ (Error::Internal(cause) | Error::Unavailable(_, cause))) = failure {
            tracing::error!(cause = cause.to_string(), "{failure}");
        }
        if let Some(failure) = failure {
            extend(error).set("code", Code::from(failure).as_str());
        } else if extend(error).get("code").is_none() {
            misfit(error, document);
        }
        if let Some(Error::BadInput { argument, .. }) = failure {
            extend(error).set("argument", argument.as_str());
        }
        if let Some(Error::Exceeded(Exceeded { retry_after, .. }) | Error::WrongCodes { retry_after }) = failure {
            extend(error).set(RETRY_AFTER, *retry_after);
        }
        shorten(&mut error.message);
    }
    response
}

fn shorten(message: &mut String) {
    if let Some((end, _)) = message.char_indices().nth(MAX_MESSAGE) {
        message.truncate(end);
        message.push('…');
    }
}

/// Completes an error of the executor, which refuses values of the wrong type. Such an error has the position of the
/// value, but not the name of the argument.
fn misfit(error: &mut ServerError, document: &str) {
    extend(error).set("code", Code::BadUserInput.as_str());
    if let Some(argument) = error.locations.first().and_then(|place| argument_at(document, *place)) {
        // The executor's message begins with the name of the GraphQL type.
        let reason = error.message.split_once("\": ").map_or(error.message.as_str(), |(_, reason)| reason);
        error.message = format!("Argument `{argument}`: {reason}");
        extend(error).set("argument", argument);
    }
}

/// Returns the name before the colon before the value at this position.
fn argument_at(document: &str, place: Pos) -> Option<&str> {
    let ignored = |c: char| c.is_whitespace() || [',', '\u{feff}'].contains(&c);
    let line = document.lines().nth(place.line.checked_sub(1)?)?;
    let (end, _) = line.char_indices().nth(place.column.checked_sub(1)?)?;
    let name = line[..end].trim_end_matches(ignored).strip_suffix(':')?.trim_end_matches(ignored);
    let before = name.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    Some(&name[before.len()..]).filter(|name| !name.is_empty())
}

/// Adds the request id to every error, so that the error can be found in the log.
pub fn add_request_id(mut response: Response, request_id: &str) -> Response {
    for error in &mut response.errors {
        extend(error).set("requestId", request_id);
    }
    response
}

fn extend(error: &mut ServerError) -> &mut ErrorExtensionValues {
    error.extensions.get_or_insert_with(ErrorExtensionValues::default)
}
