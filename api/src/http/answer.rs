//! The answers of operations, as they are sent over HTTP or a socket.

use crate::{
    error_code::Code,
    graphql::{ExecutionState, retry_after, sign, too_much},
    observe,
    rate::{Charge, Rate, RateLimitStatus, Subject},
};
use async_graphql::{Response, ServerError, Value};
use serde::Serialize;
use std::collections::BTreeMap;

/// One answer of an operation.
pub struct Answer {
    response: Response,
    /// Whether fields were resolved; if not, it was refused as a whole.
    pub executed: bool,
    /// How far its caller is from being refused; none without limits.
    pub rate_limit_status: Option<RateLimitStatus>,
}

impl Answer {
    /// What came of an execution.
    pub fn new(mut response: Response, request_id: &str, state: &ExecutionState, may_explore: bool) -> Self {
        if !may_explore {
            // The validators suggest names that exist.
            response.errors.iter_mut().for_each(|error| {
                let said = error.message.find(" Did you mean").unwrap_or(error.message.len());
                error.message.truncate(said);
            });
        }
        Self {
            response: sign(response, request_id),
            executed: state.has_executed(),
            rate_limit_status: state.rate_limit_status(),
        }
    }

    /// The answer to what was not executed at all. Its caller is charged for it all the same: who sends nonsense is to
    /// be stopped, too.
    pub async fn refused(error: ServerError, request_id: &str, rate: &Rate, caller: &Subject) -> Self {
        let Charge { rate_limit_status, exceeded } = rate.operation(caller, 0).await;
        let error = exceeded.as_ref().map_or(error, too_much);
        Self { rate_limit_status, ..Self::of(error, request_id) }
    }

    /// The answer that is nothing but this error.
    pub fn of(error: ServerError, request_id: &str) -> Self {
        if let Some(code) = Code::of(&error) {
            observe::refused(code);
        }
        Self {
            response: sign(Response::from_errors(vec![error]), request_id),
            executed: false,
            rate_limit_status: None,
        }
    }

    /// What the schema answered.
    pub fn response(&self) -> &Response {
        &self.response
    }

    /// Its errors.
    pub fn errors(&self) -> &[ServerError] {
        &self.response.errors
    }

    /// Whether somebody must sign in first, or again.
    pub fn is_unauthenticated(&self) -> bool {
        self.errors().iter().any(|error| Code::of(error) == Some(Code::Unauthenticated))
    }

    /// Whether a service that is needed did not answer, and nothing was found out without it.
    pub fn is_unavailable(&self) -> bool {
        let nothing = match &self.response.data {
            Value::Null => true,
            Value::Object(fields) => fields.values().all(|value| *value == Value::Null),
            _ => false,
        };
        let away = |error| Code::of(error) == Some(Code::ServiceUnavailable);
        nothing && !self.errors().is_empty() && self.errors().iter().all(away)
    }

    /// Returns after how many seconds the caller may retry.
    pub fn retry_after(&self) -> Option<u64> {
        self.errors().iter().filter_map(retry_after).max()
    }

    /// As it is sent.
    pub fn body(&self) -> Body<'_> {
        let Response { data, errors, extensions, .. } = &self.response;
        // Without an execution there is no data, not even null.
        Body { data: self.executed.then_some(data), errors, extensions }
    }
}

/// A response of GraphQL.
#[derive(Serialize)]
pub struct Body<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}
