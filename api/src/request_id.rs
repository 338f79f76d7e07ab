//! The id of a request in responses, errors and logs.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue},
};

/// The header with the request id, in requests and responses.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The maximum length of an id from a caller, in characters.
const MAX_LENGTH: usize = 128;

/// Returns the id that the request has or was given.
pub fn request_id(headers: &HeaderMap) -> String {
    headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned()
}

/// Removes an id that must not appear in logs and responses. The request then gets a generated id.
pub async fn discard_unusable(mut request: Request) -> Request {
    let mut ids = request.headers().get_all(REQUEST_ID).iter();
    let is_usable = ids.next().is_some_and(is_usable) && ids.next().is_none();
    if !is_usable {
        request.headers_mut().remove(REQUEST_ID);
    }
    request
}

fn is_usable(id: &HeaderValue) -> bool {
    let is_printable = |byte: &u8| (b' '..=b'~').contains(byte);
    (1..=MAX_LENGTH).contains(&id.len()) && id.as_bytes().iter().all(is_printable)
}
