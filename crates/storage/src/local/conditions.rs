//! Conditions and ranges of a request for an object (RFC 9110, sections 13 and 14).

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use std::{
    ops::Range,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// An object as a condition sees it.
pub(super) struct Validators<'o> {
    /// Without its quotation marks.
    pub(super) etag: &'o str,
    /// In whole seconds, as headers tell it.
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

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Selection {
    Whole,
    Part(Range<u64>),
    /// The caller has the object already.
    NotModified,
    PreconditionFailed,
    /// The range lies outside of the object.
    NotSatisfiable,
}

/// Evaluates the conditions of a GET or HEAD in the order of section 13.2.2. Its range is left to [`range`].
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

/// Returns the part of an object of this size that a GET selects. A range of an unknown unit, several ranges and an
/// invalid range select the whole object, and so does a range of an object that has changed since (`If-Range`).
pub(super) fn range(headers: &HeaderMap, object: &Validators<'_>, size: u64) -> Selection {
    match single(headers, &header::RANGE).and_then(Requested::parse) {
        Some(range) if is_unchanged(headers, object) => range.of(size),
        _ => Selection::Whole,
    }
}

/// Whether `If-Range`, where it is given, names the object as it is.
fn is_unchanged(headers: &HeaderMap, object: &Validators<'_>) -> bool {
    if !headers.contains_key(header::IF_RANGE) {
        return true;
    }
    match date(headers, &header::IF_RANGE) {
        Some(since) => object.modified == since,
        None => single(headers, &header::IF_RANGE).and_then(quoted) == Some(object.etag),
    }
}

/// One range of bytes.
enum Requested {
    From { first: u64, last: Option<u64> },
    Last(u64),
}

impl Requested {
    /// Reads a range; none when it is not a single range of bytes.
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
            // No part of it could be named in an answer.
            Self::Last(_) if size == 0 => Selection::Whole,
            Self::Last(length) => Selection::Part(size.saturating_sub(length)..size),
        }
    }
}

/// A position in a file; one that no number holds is beyond every file.
fn position(digits: &str) -> Option<u64> {
    let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| digits.parse().unwrap_or(u64::MAX))
}

/// Whether a weak tag names an object, too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Strong,
    Weak,
}

/// Whether a list of entity tags names this one. Some callers leave the quotation marks out.
fn names(headers: &HeaderMap, name: &HeaderName, etag: &str, comparison: Comparison) -> bool {
    let lists = headers.get_all(name).iter().filter_map(|list| list.to_str().ok());
    // Our tags hold no comma, so one within a foreign tag makes no difference.
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

/// A date, in any of the formats of HTTP. One that cannot be read counts as none.
fn date(headers: &HeaderMap, name: &HeaderName) -> Option<SystemTime> {
    single(headers, name).and_then(|date| httpdate::parse_http_date(date).ok())
}

/// The value of a header that stands once.
fn single<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().map(HeaderValue::to_str)?.ok()?;
    values.next().is_none().then_some(value.trim())
}
