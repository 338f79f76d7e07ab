//! GraphQL over HTTP: `POST` with a JSON body.

use super::{Shared, request_id};
use crate::{
    auth::{Credentials, Tokens},
    clock::Clock,
    failure::Failure,
    graphql::{Code, Origin, sign},
    observe,
    storage::sha256,
};
use async_graphql::{Request, Response};
use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use std::sync::Arc;

/// Answers one request.
pub async fn post(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> impl IntoResponse {
    let id = request_id(&headers);
    match prepare(&shared, &headers, body, &id) {
        Ok(request) => {
            let response = sign(shared.schema.execute(request).await, &id);
            let status = if unauthenticated(&response) { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
            (status, Json(response))
        }
        Err((status, failure)) => {
            observe::refused(Code::from(&failure));
            (status, Json(refusal(&failure, &id)))
        }
    }
}

/// The bearer token of a header's or payload's value, checked; none is anonymous.
pub fn credentials(tokens: &Tokens, clock: &Clock, authorization: Option<&str>) -> Result<Credentials, Failure> {
    let Some(value) = authorization else { return Ok(Credentials::Anonymous) };
    let token =
        value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token);
    let token = token.ok_or(Failure::Unauthenticated("`Authorization` must be `Bearer` and an access token."))?;
    tokens.check(token.trim(), clock.now()).map(|claims| Credentials::Bearer(Arc::new(claims)))
}

fn prepare(
    shared: &Shared,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
    id: &str,
) -> Result<Request, (StatusCode, Failure)> {
    let json = text(headers, &header::CONTENT_TYPE).map_err(|failure| (StatusCode::BAD_REQUEST, failure))?.is_some_and(
        |value| value.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")),
    );
    if !json {
        let failure = Failure::bad_input("Content-Type", "must be application/json");
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, failure));
    }
    let body = body.map_err(|rejection| {
        (
            rejection.status(),
            Failure::bad_input("body", format!("could not be read: {}; at most 1 MiB is taken", rejection.body_text())),
        )
    })?;
    let request: Request = serde_json::from_slice(&body).map_err(|error| {
        (StatusCode::BAD_REQUEST, Failure::bad_input("body", format!("must be a GraphQL request as JSON: {error}")))
    })?;
    let authorization = text(headers, &header::AUTHORIZATION).map_err(|failure| (StatusCode::BAD_REQUEST, failure))?;
    let credentials = credentials(&shared.app.tokens, &shared.app.door.clock, authorization)
        .map_err(|failure| (StatusCode::UNAUTHORIZED, failure))?;
    let idempotency = idempotency(headers, &body).map_err(|failure| (StatusCode::BAD_REQUEST, failure))?;
    Ok(request.data(credentials).data(Origin { request_id: id.to_owned(), idempotency }))
}

/// The caller's key, and what it is bound to.
fn idempotency(headers: &HeaderMap, body: &[u8]) -> Result<Option<(String, String)>, Failure> {
    const NAME: &str = "Idempotency-Key";
    let Some(key) = headers.get(NAME) else { return Ok(None) };
    let key = key
        .to_str()
        .ok()
        .filter(|key| (1..=100).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()));
    let key =
        key.ok_or_else(|| Failure::bad_input(NAME, "must have 1 to 100 visible ASCII characters, such as a UUID"))?;
    Ok(Some((key.to_owned(), sha256(body))))
}

fn text<'h>(headers: &'h HeaderMap, name: &header::HeaderName) -> Result<Option<&'h str>, Failure> {
    let value = headers.get(name).map(header::HeaderValue::to_str).transpose();
    value.map_err(|_| Failure::bad_input(name.as_str(), "must be visible ASCII"))
}

/// What a request is told that is not executed at all.
fn refusal(failure: &Failure, id: &str) -> Response {
    let mut error = async_graphql::ServerError::new(failure.to_string(), None);
    error.extensions.get_or_insert_default().set("code", Code::from(failure).as_str());
    sign(Response::from_errors(vec![error]), id)
}

fn unauthenticated(response: &Response) -> bool {
    let code = async_graphql::Value::from(Code::Unauthenticated.as_str());
    response.errors.iter().any(|error| error.extensions.as_ref().is_some_and(|e| e.get("code") == Some(&code)))
}
