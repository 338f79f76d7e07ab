//! Responses to requests outside of GraphQL. They have the form of GraphQL responses, so that clients parse one format.

use crate::{
    error_code::Code,
    graphql::{add_request_id, request_error},
    observe,
    request_id::request_id,
};
use async_graphql::Response as Answer;
use axum::{
    Json,
    extract::Request,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use std::any::Any;

/// The path does not exist.
pub fn not_found(request: &Request) -> Response {
    refused(Code::NotFound, "Not found. The API is at /graphql", &request_id(request.headers()))
}

/// The path exists, but it does not support this method.
pub async fn method_not_allowed(request: Request) -> Response {
    refused(Code::MethodNotAllowed, "This path does not support this method", &request_id(request.headers()))
}

/// A handler panicked.
pub fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request handler panicked");
    refused(Code::InternalServerError, "Something went wrong on our side", &observe::id())
}

/// Returns a response with only this error.
pub fn refused(code: Code, message: &str, id: &str) -> Response {
    let answer = add_request_id(Answer::from_errors(vec![request_error(code, message)]), id);
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"))];
    (code.status(), kind, Json(serde_json::json!({ "errors": answer.errors }))).into_response()
}
