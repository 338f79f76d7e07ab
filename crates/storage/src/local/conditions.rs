//! Conditions and ranges of a request for an object (RFC 9110, sections 13 and 14).

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use std::{
    ops::Range,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The validators of an object, with which conditions are compared.
pub(super) struct Validators<'o> {
    /// The entity tag, without its quotation marks.
    pub(super) etag: &'o str,
    /// The time of the last change, in whole seconds, as in headers.
    modified: SystemTime,
}

impl<'o> Validators<'o> {
    pub(super) fn new(etag: &'o str, modified: SystemTime) -> Self {
        let seconds = modified.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Self { etag, modified: UNIX_EPOCH + Duration::from_secs(seconds) }
    }

    pub(super) fn last_modified(&self) -> String {
        httpdate::fmt_http_date(self.modified)
    }
}

/// The part of an object that answers a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Selection {
    Whole,
    Part(Range<u64>),
    /// The caller already has the object.
    NotModified,
    PreconditionFailed,
    /// The range is outside of the object.
    NotSatisfiable,
}

/// Evaluates the conditions of a GET or HEAD request in the order of section 13.2.2. [`range`] evaluates its range.
pub(super) fn evaluate(headers: &HeaderMap, object: &Validators<'_>) -> Option<Selection> {
    let failed = if headers.contains_key(header::IF_MATCH) {
        !names(headers, &header::IF_MATCH, object.etag, Comparison::Strong)
    } else {
        date(headers, &header::IF_UNMODIFIED_SINCE).is_some_and(|since| object.modified > since)
    };
    if failed {
        return Some(Selection::PreconditionFailed);
    }
    let unchanged = if headers.contains_key(header::IF_NONE_MATCH) {
        names(headers, &header::IF_NONE_MATCH, object.etag, Comparison::Weak)
    } else {
        date(headers, &header::IF_MODIFIED_SINCE).is_some_and(|since| object.modified <= since)
    };
    unchanged.then_some(Selection::NotModified)
}

/// Returns the part of an object of this size that a GET request selects. A range of an unknown unit, several ranges
/// and an invalid range select the whole object. A range of an object that has changed since (`If-Range`) does the
/// same.
pub(super) fn range(headers: &HeaderMap, object: &Validators<'_>, size: u64) -> Selection {
    match single(headers, &header::RANGE).and_then(Requested::parse) {
        Some(range) if is_unchanged(headers, object) => range.of(size),
        _ => Selection::Whole,
    }
}

/// Returns whether `If-Range` is missing, or names the present object.
fn is_unchanged(headers: &HeaderMap, object: &Validators<'_>) -> bool {
    if !headers.contains_key(header::IF_RANGE) {
        return true;
    }
    match date(headers, &header::IF_RANGE) {
        Some(since) => object.modified == since,
        None => single(headers, &header::IF_RANGE).and_then(quoted) == Some(object.etag),
    }
}

/// A requested range of bytes.
enum Requested {
    From { first: u64, last: Option<u64> },
    Last(u64),
}

impl Requested {
    /// Parses a range. Returns `None` if it is not a single range of bytes.
    fn parse(value: &str) -> Option<Self> {
        let (tx, set) = value.split_once('=')?;
        let mut ranges = set.split(',').map(str::trim).filter(|range| !range.is_empty());
        let range = ranges.next().filter(|_| tx.trim().eq_ignore_ascii_case("bytes"))?;
        if ranges.next().is_some() {
            return None;
        }
        match range.split_once('-')? {
            ("", length) => Some(Self::Last(position(length)?)),
            (first, "") => Some(Self::From { first: position(first)?, last: None }),
            (first, last) => {
                let (first, last) = (position(first)?, position(last)?);
                (first <= last).then_some(Self::From { first, last: Some(last) })
            }
        }
    }

    fn of(self, size: u64) -> Selection {
        match self {
            Self::From { first, .. } if first >= size => Selection::NotSatisfiable,
            Self::From { first, last } => {
                Selection::Part(first..last.map_or(size, |last| size.min(last.saturating_add(1))))
            }
            Self::Last(0) => Selection::NotSatisfiable,
            // An empty range cannot be named in a `Content-Range`.
            Self::Last(_) if size == 0 => Selection::Whole,
            Self::Last(length) => Selection::Part(size.saturating_sub(length)..size),
        }
    }
}

/// Parses a position in a file. A number that is too large is a position after the end.
fn position(digits: &str) -> Option<u64> {
    let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| digits.parse().unwrap_or(u64::MAX))
}

/// Whether weak tags may match.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Strong,
    Weak,
}

/// Returns whether a list of entity tags contains this one. Some callers leave out the quotation marks.
fn names(headers: &HeaderMap, name: &HeaderName, etag: &str, comparison: Comparison) -> bool {
    let lists = headers.get_all(name).iter().filter_map(|list| list.to_str().ok());
    // Our tags contain no comma, so a comma within another tag makes no difference.
    lists.flat_map(|list| list.split(',')).map(str::trim).any(|tag| {
        let tag = match tag.strip_prefix("W/") {
            Some(_) if comparison == Comparison::Strong => return false,
            Some(weak) => weak,
            None => tag,
        };
        tag == "*" || quoted(tag).unwrap_or(tag) == etag
    })
}

fn quoted(tag: &str) -> Option<&str> {
    tag.strip_prefix('"')?.strip_suffix('"')
}

/// Parses a date in any of the formats of HTTP. An invalid date counts as missing.
fn date(headers: &HeaderMap, name: &HeaderName) -> Option<SystemTime> {
    single(headers, name).and_then(|date| httpdate::parse_http_date(date).ok())
}

/// Returns the value of a header that occurs once.
fn single<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().map(HeaderValue::to_str)?.ok()?;
    values.next().is_none().then_some(value.trim())
}
