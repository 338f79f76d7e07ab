//! Answers to what is no request of GraphQL: shaped like those that are, so that clients have one way to read them.

use crate::{
    error_code::Code,
    graphql::{request_error, sign},
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

/// There is nothing under this path.
pub async fn not_found(request: Request) -> Response {
    refused(Code::NotFound, "There is nothing here. The API is at /graphql", &request_id(request.headers()))
}

/// There is something, but not with this method.
pub async fn not_so(request: Request) -> Response {
    refused(Code::MethodNotAllowed, "Not with this method", &request_id(request.headers()))
}

/// A handler broke off.
pub fn broken(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request broke off");
    refused(Code::InternalServerError, "Something went wrong on our side", &observe::id())
}

/// Answers with nothing but this error.
pub fn refused(code: Code, message: &str, id: &str) -> Response {
    let answer = sign(Answer::from_errors(vec![request_error(code, message)]), id);
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"))];
    (code.status(), kind, Json(serde_json::json!({ "errors": answer.errors }))).into_response()
}
