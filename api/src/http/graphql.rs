//! GraphQL over HTTP (<https://graphql.github.io/graphql-over-http/draft/>): `POST` with a JSON body for all
//! operations, `GET` and `HEAD` for queries.
//!
//! A page of another site can make a browser send requests. A request without a preflight never executes a mutation: a
//! `POST` must be JSON, which requires a preflight, and a `GET` can only be a query. A cookie authenticates no operation;
//! see [`super::session_cookie`] for the one that renews a session.

use super::{
    accept::Format,
    answer::Answer,
    authorization::credentials,
    operation::{Caller, Operation},
    parameters::{Parameters, json, wrong},
    rate, session_cookie,
    shared::Shared,
    websocket,
};
use crate::{address::Address, error_code::Code, graphql::request_error, rate::Subject, request_id::request_id};
use async_graphql::{ServerError, parser::types::OperationType};
use axum::{
    body::Bytes,
    extract::{
        FromRequest, Request, State,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use dossier_core::credentials::Credentials;
use std::{sync::Arc, time::Duration};

/// The maximum size of a request body, in bytes. Files are uploaded elsewhere.
pub const MAX_BODY: usize = 1 << 20;

/// The maximum time for receiving a body.
const BODY_TAKES: Duration = Duration::from_secs(30);

/// The seconds after which a caller may retry when a service did not answer.
const RETRY_AFTER: &str = "1";

/// The header with the idempotency key of a mutation.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The header with the caller's id of a mutation.
pub const CLIENT_MUTATION_ID: HeaderName = HeaderName::from_static("client-mutation-id");

/// Handles all requests to `/graphql`.
pub async fn endpoint(
    State(shared): State<Arc<Shared>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    request: Request,
) -> Response {
    let id = request_id(request.headers());
    let caller = shared.address(&request);
    let wants_socket =
        request.headers().contains_key(header::SEC_WEBSOCKET_VERSION) || request.method() == Method::CONNECT;
    match upgrade {
        Ok(upgrade) => {
            return match shared.sockets.acquire(caller) {
                Ok(permit) => {
                    let authorization = websocket::authorization(request.headers());
                    let handshake = websocket::Handshake {
                        request_id: id,
                        address: caller,
                        authorization,
                        user_agent: user_agent(request.headers()),
                    };
                    websocket::upgrade(shared, upgrade, handshake, permit)
                }
                Err(limit) => {
                    let message = format!("This address already has {limit} open sockets, which is the limit.");
                    let error = request_error(Code::TooManySockets, message);
                    respond(&shared, Format::Json, shared.refuse(error, &id, &Subject::Address(caller)).await)
                }
            };
        }
        Err(why) if wants_socket => {
            let answer = shared.refuse(wrong(why.body_text()), &id, &Subject::Address(caller)).await;
            let versions = [(header::SEC_WEBSOCKET_VERSION, "13")];
            return (versions, respond(&shared, Format::Json, answer)).into_response();
        }
        Err(_) => {}
    }
    let Some(format) = Format::negotiate(request.headers()) else {
        let message = "`Accept` must allow application/graphql-response+json or application/json.";
        let answer = shared.refuse(request_error(Code::NotAcceptable, message), &id, &Subject::Address(caller)).await;
        return respond(&shared, Format::Json, answer);
    };
    // An invalid token is reported only if the request itself is valid.
    let credentials = shared.credentials(request.headers(), caller).await;
    let subject = credentials.as_ref().map_or(Subject::Address(caller), |known| Subject::of(known, caller));
    let answer = match prepare(&shared, request, credentials, caller, &id).await {
        Ok(operation) => operation.answer(&shared.schema).await,
        Err(error) => shared.refuse(error, &id, &subject).await,
    };
    respond(&shared, format, answer)
}

fn respond(shared: &Shared, format: Format, answer: Answer) -> Response {
    let status = format.status(&answer);
    let headers = [
        (header::CONTENT_TYPE, format.content_type()),
        // Responses depend on the caller, so shared caches must not store them.
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::VARY, HeaderValue::from_static("accept, accept-encoding")),
    ];
    let now = shared.app.database.clock.now();
    let set_cookie = answer.refresh_cookie.as_ref().and_then(|token| session_cookie::set(token, now));
    let limits = rate::headers(answer.rate_limit_status, answer.retry_after(), now);
    let mut response = (status, limits, headers, answer.into_response()).into_response();
    let hint = match status {
        StatusCode::UNAUTHORIZED => Some((header::WWW_AUTHENTICATE, "Bearer")),
        StatusCode::METHOD_NOT_ALLOWED => Some((header::ALLOW, "GET, HEAD, POST")),
        StatusCode::SERVICE_UNAVAILABLE => Some((header::RETRY_AFTER, RETRY_AFTER)),
        _ => None,
    };
    response.headers_mut().extend(set_cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    response.headers_mut().extend(hint.map(|(name, value)| (name, HeaderValue::from_static(value))));
    response
}

async fn prepare(
    shared: &Shared,
    request: Request,
    credentials: Result<Credentials, ServerError>,
    address: Address,
    id: &str,
) -> Result<Operation, ServerError> {
    let method = request.method().clone();
    let idempotency_key = text(request.headers(), &IDEMPOTENCY_KEY).map(|key| key.map(str::to_owned));
    let browser = shared.cookie_origins.browser(&method, request.headers());
    let user_agent = user_agent(request.headers());
    let client_mutation_id = text(request.headers(), &CLIENT_MUTATION_ID).map(|id| id.map(str::to_owned));
    let parameters = match method {
        Method::GET | Method::HEAD => {
            preflighted(request.headers())?;
            Parameters::from_url(request.uri().query().unwrap_or_default())?
        }
        Method::POST => body(request).await?,
        _ => return Err(request_error(Code::MethodNotAllowed, "Use GET or POST.")),
    };
    let (credentials, idempotency_key, client_mutation_id) = (credentials?, idempotency_key?, client_mutation_id?);
    let may_explore = shared.may_explore(&credentials);
    let request_id = id.to_owned();
    let caller = Caller {
        credentials,
        request_id,
        address,
        may_explore,
        user_agent,
        browser,
        idempotency_key,
        client_mutation_id,
    };
    let operation = Operation::prepare(&shared.documents, parameters, caller)?;
    match operation.kind() {
        OperationType::Subscription => {
            Err(wrong("Subscriptions require a WebSocket with the subprotocol graphql-transport-ws."))
        }
        OperationType::Mutation if method != Method::POST => {
            Err(request_error(Code::MethodNotAllowed, "Mutations must be sent with POST."))
        }
        OperationType::Query | OperationType::Mutation => Ok(operation),
    }
}

/// Returns the name by which a client presents itself.
pub(super) fn user_agent(headers: &HeaderMap) -> Option<String> {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// Refuses a cross-site request that the browser sent without a preflight. The headers named here require one.
fn preflighted(headers: &HeaderMap) -> Result<(), ServerError> {
    let foreign = headers
        .get("sec-fetch-site")
        .is_some_and(|site| !["same-origin", "none"].iter().any(|own| site.as_bytes() == own.as_bytes()));
    let asked = headers.contains_key(header::AUTHORIZATION)
        || headers.contains_key("apollo-require-preflight")
        || is_json(headers);
    if foreign && !asked {
        let message = "A cross-site GET must have a header that requires a preflight: Authorization, \
                       Apollo-Require-Preflight, or Content-Type: application/json.";
        return Err(request_error(Code::PreflightRequired, message));
    }
    Ok(())
}

async fn body(request: Request) -> Result<Parameters, ServerError> {
    let headers = request.headers();
    if !is_json(headers) {
        let message = "`Content-Type` must be application/json, in UTF-8.";
        return Err(request_error(Code::UnsupportedMediaType, message));
    }
    let mut encodings = headers.get_all(header::CONTENT_ENCODING).iter();
    if !encodings.all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(request_error(Code::UnsupportedMediaType, "`Content-Encoding` must be identity."));
    }
    let body = tokio::time::timeout(BODY_TAKES, Bytes::from_request(request, &())).await.map_err(|_| {
        let seconds = BODY_TAKES.as_secs();
        request_error(Code::RequestTimeout, format!("The body was not received within {seconds} seconds."))
    })?;
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            request_error(Code::PayloadTooLarge, format!("The body is larger than {MAX_BODY} bytes."))
        }
        _ => wrong("The body is incomplete."),
    })?;
    let value = json(&body).map_err(|error| wrong(format!("The body is not valid JSON: {error}.")))?;
    Parameters::from_json(value)
}

/// Returns whether the headers contain one media type, which is JSON in UTF-8.
fn is_json(headers: &HeaderMap) -> bool {
    let value = text(headers, &header::CONTENT_TYPE).ok().flatten().unwrap_or_default();
    let mut parts = value.split(';').map(str::trim);
    let json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    let mut charsets =
        parts.filter_map(|part| part.split_once('=')).filter(|(name, _)| name.eq_ignore_ascii_case("charset"));
    json && charsets.all(|(_, charset)| charset.trim_matches('"').eq_ignore_ascii_case("utf-8"))
}

impl Shared {
    async fn credentials(&self, headers: &HeaderMap, address: Address) -> Result<Credentials, ServerError> {
        let authorization = text(headers, &header::AUTHORIZATION)?;
        credentials(&self.app, authorization, address)
            .await
            .map_err(|failure| request_error(Code::from(&failure), failure.to_string()))
    }
}

/// Returns the value of a header that a request may contain once.
fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, ServerError> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().map(HeaderValue::to_str).transpose();
    let value = value.map_err(|_| wrong(format!("The header `{name}` must consist of visible ASCII characters.")))?;
    if values.next().is_some() {
        return Err(wrong(format!("The request contains the header `{name}` more than once.")));
    }
    Ok(value)
}
