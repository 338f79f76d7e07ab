//! The responses to operations, as they are sent over HTTP or WebSocket.

use crate::{
    error_code::Code,
    graphql::{ExecutionState, RefreshCookie, add_request_id, retry_after, too_much},
    observe,
    rate::{Charge, Rate, RateLimitStatus, Subject},
};
use async_graphql::{Response, ServerError, Value};
use async_graphql_axum::GraphQLResponse;
use axum::{Json, response::IntoResponse};
use serde::Serialize;
use std::collections::BTreeMap;

/// One response to an operation.
pub struct Answer {
    response: Response,
    /// Whether fields were resolved. If not, the response is a request error.
    pub executed: bool,
    /// The rate limit status of the caller. `None` without limits.
    pub rate_limit_status: Option<RateLimitStatus>,
    /// The refresh token that the browser's cookie is set to, with its expiry. `Some(None)` removes the cookie.
    pub refresh_cookie: Option<RefreshCookie>,
}

impl Answer {
    /// Creates the response to an executed operation.
    pub fn new(mut response: Response, request_id: &str, state: &ExecutionState, may_explore: bool) -> Self {
        if !may_explore {
            // The validators suggest existing names, which reveal the schema.
            response.errors.iter_mut().for_each(|error| {
                let said = error.message.find(" Did you mean").unwrap_or(error.message.len());
                error.message.truncate(said);
            });
        }
        Self {
            response: add_request_id(response, request_id),
            executed: state.has_executed(),
            rate_limit_status: state.rate_limit_status(),
            refresh_cookie: state.refresh_cookie(),
        }
    }

    /// Returns the response to a request that was not executed. Its caller is charged all the same, so that invalid
    /// requests are limited, too.
    pub async fn refused(error: ServerError, request_id: &str, rate: &Rate, caller: &Subject) -> Self {
        let Charge { rate_limit_status, exceeded } = rate.operation(caller, 0).await;
        let error = exceeded.as_ref().map_or(error, too_much);
        Self { rate_limit_status, ..Self::of(error, request_id) }
    }

    /// Creates a response with only this error.
    pub fn of(error: ServerError, request_id: &str) -> Self {
        if let Some(code) = Code::of(&error) {
            observe::refused(code);
        }
        Self {
            response: add_request_id(Response::from_errors(vec![error]), request_id),
            executed: false,
            rate_limit_status: None,
            refresh_cookie: None,
        }
    }

    /// Returns the response of the executor.
    pub fn response(&self) -> &Response {
        &self.response
    }

    /// Returns the errors.
    pub fn errors(&self) -> &[ServerError] {
        &self.response.errors
    }

    /// Returns whether the caller must sign in.
    pub fn is_unauthenticated(&self) -> bool {
        self.errors().iter().any(|error| Code::of(error) == Some(Code::Unauthenticated))
    }

    /// Returns whether a required service did not answer, and there is no data.
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

    /// Returns the response as it is sent.
    pub fn body(&self) -> Body<'_> {
        let Response { data, errors, extensions, .. } = &self.response;
        // Without an execution there is no data, not even null.
        Body { data: self.executed.then_some(data), errors, extensions }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> axum::response::Response {
        if self.executed {
            GraphQLResponse::from(self.response).into_response()
        } else {
            Json(self.body()).into_response()
        }
    }
}

/// The body of a GraphQL response.
#[derive(Serialize)]
pub struct Body<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}
