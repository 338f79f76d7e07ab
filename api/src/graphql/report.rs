//! Top-level errors: the one conversion into an error with a code.

use super::budget::MAX_ANSWER;
use crate::{error_code::Code, rate::Busy};
use async_graphql::{ErrorExtensionValues, Pos, Response, ServerError};
use dossier_core::error::{Error, Exceeded};
use std::time::Duration;

/// The longest message, in characters: what a caller sent is not sent back whole.
const MAX_MESSAGE: usize = 500;

/// In the extensions of an error, how long to wait before trying again, in seconds.
const RETRY_AFTER: &str = "retryAfter";

/// The most errors that one answer has.
const MAX_ERRORS: usize = 50;

/// An error that is told before anything is executed.
pub fn request_error(code: Code, message: impl Into<String>) -> ServerError {
    coded(ServerError::new(message, None), code)
}

/// The refusal of more than a caller may ask for.
pub fn too_much(exceeded: &Exceeded) -> ServerError {
    let mut error = request_error(Code::RateLimited, exceeded.to_string());
    extend(&mut error).set(RETRY_AFTER, exceeded.retry_after);
    error
}

/// The refusal of more than a caller may do at a time.
pub(super) fn busy(busy: &Busy) -> ServerError {
    request_error(Code::TooManyOperations, busy.to_string())
}

/// In how many seconds what was refused for its rate may be tried again.
pub fn retry_after(error: &ServerError) -> Option<u64> {
    match error.extensions.as_ref()?.get(RETRY_AFTER)? {
        async_graphql::Value::Number(seconds) => seconds.as_u64(),
        _ => None,
    }
}

/// The error with its code.
pub(super) fn coded(mut error: ServerError, code: Code) -> ServerError {
    extend(&mut error).set("code", code.as_str());
    error
}

/// What the parser found, without the line of input that it draws.
pub fn unparsable(mut error: ServerError) -> ServerError {
    if let Some((_, expected)) = error.message.rsplit_once("\n  = ") {
        error.message = format!("This is not GraphQL: {expected}");
    }
    shorten(&mut error.message);
    coded(error, Code::GraphqlParseFailed)
}

/// The answer when nothing can be answered.
pub(super) fn panicked(what: &'static str) -> Response {
    tracing::error!(what, "an operation broke off");
    let failure = Error::internal(what);
    Response::from_errors(vec![request_error(Code::InternalServerError, failure.to_string())])
}

/// The answer of an operation that was broken off. Its transaction is gone with it.
pub(super) fn too_slow(limit: Duration) -> Response {
    let seconds = limit.as_secs_f32();
    tracing::warn!(seconds, "an operation took too long, and was broken off");
    let message = format!(
        "The operation took longer than {seconds} seconds, and was broken off; a mutation may have happened all the \
         same, and is safely repeated with the same idempotency key"
    );
    Response::from_errors(vec![request_error(Code::OperationTimeout, message)])
}

/// The answer of an operation that answers too much. Its transaction is gone with it.
pub(super) fn too_large() -> Response {
    let mebibytes = MAX_ANSWER >> 20;
    let message = format!(
        "The answer takes more than {mebibytes} MiB of memory; ask for fewer rows, fields or aliases. A mutation may have \
         happened all the same"
    );
    Response::from_errors(vec![request_error(Code::AnswerTooLarge, message)])
}

/// Whether the validators found it: what a field finds has the field's path, and what we find has its code.
pub(super) fn precedes_execution(error: &ServerError) -> bool {
    error.path.is_empty() && error.extensions.is_none()
}

/// Gives every error its code, and logs those that are ours, once.
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
        if let Some(Error::Exceeded(exceeded)) = failure {
            extend(error).set(RETRY_AFTER, exceeded.retry_after);
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

/// Returns the name before the colon before the value at this place.
fn argument_at(document: &str, place: Pos) -> Option<&str> {
    let ignored = |c: char| c.is_whitespace() || [',', '\u{feff}'].contains(&c);
    let line = document.lines().nth(place.line.checked_sub(1)?)?;
    let (end, _) = line.char_indices().nth(place.column.checked_sub(1)?)?;
    let name = line[..end].trim_end_matches(ignored).strip_suffix(':')?.trim_end_matches(ignored);
    let before = name.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    Some(&name[before.len()..]).filter(|name| !name.is_empty())
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
