//! The id of a request, which names it in answers, errors and logs.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue},
};

/// Names a request in logs and errors, in and out.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is accepted from a caller, in characters.
const MAX_LENGTH: usize = 128;

/// Returns the id that the request came with or was given.
pub fn request_id(headers: &HeaderMap) -> String {
    headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned()
}

/// Removes an id that must not get into logs and answers. The request is then given one of our own.
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
