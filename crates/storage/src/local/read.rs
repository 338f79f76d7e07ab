//! Reads an object over HTTP: all of it, a part, or nothing if the reader already has it.
//!
//! `s3s` also reads the headers for this. But it refuses ranges that a server must ignore, accepts only one entity tag,
//! and has no `If-Range`. This module therefore answers GET and HEAD of an object, after `s3s` has checked the
//! signature.

use super::{
    conditions::{Selection, Validators, evaluate, range},
    disk::{Disk, find},
    error::LocalError,
    object::stream,
    record::{Record, Sealed},
    store::Store,
};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use base64::{Engine, prelude::BASE64_STANDARD};
use percent_encoding::percent_decode_str;
use s3s::{
    Body, S3Error, S3ErrorCode, S3Request, S3Response, S3Result,
    dto::StreamingBlob,
    path::{S3Path, parse_path_style},
    route::S3Route,
};
use url::form_urlencoded;

/// The URL parameters that set a header of the answer.
const OVERRIDES: [(&str, HeaderName); 6] = [
    ("response-cache-control", header::CACHE_CONTROL),
    ("response-content-disposition", header::CONTENT_DISPOSITION),
    ("response-content-encoding", header::CONTENT_ENCODING),
    ("response-content-language", header::CONTENT_LANGUAGE),
    ("response-content-type", header::CONTENT_TYPE),
    ("response-expires", header::EXPIRES),
];

#[async_trait::async_trait]
impl S3Route for Store {
    /// Returns whether the request reads an object. Another parameter may request something else, such as the parts of
    /// an upload.
    fn is_match(&self, method: &Method, uri: &Uri, _: &HeaderMap, _: &mut Extensions) -> bool {
        [Method::GET, Method::HEAD].contains(method)
            && object_of(uri).is_some()
            && parameters(uri).all(|(name, _)| is_of_reading(&name))
    }

    async fn call(&self, request: S3Request<Body>) -> S3Result<S3Response<Body>> {
        self.on_disk(move |disk| read(disk, &request)).await
    }
}

fn read(disk: &Disk, request: &S3Request<Body>) -> Result<S3Response<Body>, LocalError> {
    let (bucket, key) = object_of(&request.uri).ok_or(S3ErrorCode::NoSuchKey)?;
    let Some(Sealed { file, record, modified }) = find(&disk.object(&bucket, &key))? else {
        disk.require_bucket(&bucket)?;
        return Err(S3ErrorCode::NoSuchKey.into());
    };
    let object = Validators::new(&record.etag, modified);
    let is_get = request.method == Method::GET;
    let selection = || if is_get { range(&request.headers, &object, record.size) } else { Selection::Whole };
    let selection = evaluate(&request.headers, &object).unwrap_or_else(selection);
    let part = match &selection {
        Selection::Whole => 0..record.size,
        Selection::Part(part) => part.clone(),
        Selection::NotModified => return Ok(answer(StatusCode::NOT_MODIFIED, validators(&object)?, Body::empty())),
        Selection::PreconditionFailed => return Err(S3ErrorCode::PreconditionFailed.into()),
        Selection::NotSatisfiable => return Err(not_satisfiable(record.size)?.into()),
    };
    let mut headers = validators(&object)?;
    headers.extend(about(&record, &request.uri)?);
    headers.insert(header::CONTENT_LENGTH, (part.end - part.start).into());
    let status = if let Selection::Part(part) = selection {
        let of_whole = format!("bytes {}-{}/{}", part.start, part.end - 1, record.size);
        headers.insert(header::CONTENT_RANGE, value(&of_whole)?);
        StatusCode::PARTIAL_CONTENT
    } else {
        StatusCode::OK
    };
    let body = if is_get { StreamingBlob::wrap(stream(file, part)).into() } else { Body::empty() };
    Ok(answer(status, headers, body))
}

fn answer(status: StatusCode, headers: HeaderMap, body: Body) -> S3Response<Body> {
    S3Response { status: Some(status), ..S3Response::with_headers(body, headers) }
}

fn not_satisfiable(size: u64) -> S3Result<S3Error> {
    let mut error = S3Error::new(S3ErrorCode::InvalidRange);
    error.set_headers(HeaderMap::from_iter([(header::CONTENT_RANGE, value(&format!("bytes */{size}"))?)]));
    Ok(error)
}

/// Returns the headers that identify the state of the object.
fn validators(object: &Validators<'_>) -> S3Result<HeaderMap> {
    Ok(HeaderMap::from_iter([
        (header::ETAG, value(&format!("\"{}\"", object.etag))?),
        (header::LAST_MODIFIED, value(&object.last_modified())?),
    ]))
}

/// Returns the headers that were stored with the object, replaced by those of the URL.
fn about(record: &Record, uri: &Uri) -> S3Result<HeaderMap> {
    let mut headers = HeaderMap::from_iter([(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"))]);
    if let Some(content_type) = &record.content_type {
        headers.insert(header::CONTENT_TYPE, value(content_type)?);
    }
    for (name, text) in &record.metadata {
        let name = HeaderName::try_from(format!("x-amz-meta-{name}")).map_err(S3Error::internal_error)?;
        headers.insert(name, value(&encoded_word(text))?);
    }
    for (parameter, text) in parameters(uri) {
        if let Some((_, name)) = OVERRIDES.iter().find(|(known, _)| *known == parameter) {
            let value = HeaderValue::from_str(&text).map_err(|_| S3ErrorCode::InvalidArgument)?;
            headers.insert(name, value);
        }
    }
    Ok(headers)
}

/// Encodes text for a header as of RFC 2047, which `s3s` decodes when an object is stored.
fn encoded_word(text: &str) -> String {
    let is_plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if is_plain { text.to_owned() } else { format!("=?UTF-8?B?{}?=", BASE64_STANDARD.encode(text)) }
}

fn value(text: &str) -> S3Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(S3Error::internal_error)
}

/// Returns the bucket and the key in an object's URL.
fn object_of(uri: &Uri) -> Option<(String, String)> {
    let path = percent_decode_str(uri.path()).decode_utf8().ok()?;
    match parse_path_style(&path) {
        Ok(S3Path::Object { bucket, key }) => Some((bucket.into(), key.into())),
        _ => None,
    }
}

fn parameters(uri: &Uri) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
}

/// Returns whether a parameter belongs to a plain read: a part of the signature, a header, or one that is ignored here.
fn is_of_reading(parameter: &str) -> bool {
    let is_override = || OVERRIDES.iter().any(|(known, _)| *known == parameter);
    let is_signature = || parameter.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("x-amz-"));
    ["x-id", "partNumber", "versionId"].contains(&parameter) || is_override() || is_signature()
}
