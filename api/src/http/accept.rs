//! Chooses the media type of a response.

use super::answer::Answer;
use crate::error_code::Code;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

/// A media type of GraphQL responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `application/json`, for old clients. Its status says little about the response.
    Json,
    /// `application/graphql-response+json`. Its status depends on the response.
    GraphqlResponse,
}

/// How specific a matching media range is: `*/*`, `application/*`, or the type itself.
type Fit = u8;

impl Format {
    /// Returns the media type that the caller prefers, or `None` if the caller accepts neither. The default is
    /// `application/json`.
    pub fn negotiate(headers: &HeaderMap) -> Option<Self> {
        let ranges: Vec<_> = headers
            .get_all(header::ACCEPT)
            .iter()
            .flat_map(|value| value.to_str().unwrap_or_default().split(','))
            .map(str::trim)
            .filter(|range| !range.is_empty())
            .collect();
        if ranges.is_empty() {
            return Some(Self::Json);
        }
        let liked = |format: Self| ranges.iter().filter_map(|range| format.fits(range)).max_by_key(|(fit, _)| *fit);
        let (json, response) = (liked(Self::Json), liked(Self::GraphqlResponse));
        let weight = |liked: Option<(Fit, u16)>| liked.map_or(0, |(_, weight)| weight);
        match (weight(json), weight(response)) {
            (0, 0) => None,
            (plain, rich) if rich > plain => Some(Self::GraphqlResponse),
            (plain, rich) if rich == plain && response.is_some_and(|(fit, _)| fit == 2) => Some(Self::GraphqlResponse),
            _ => Some(Self::Json),
        }
    }

    /// Returns how specifically a range of an `Accept` header matches, and its weight in thousandths.
    fn fits(self, range: &str) -> Option<(Fit, u16)> {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let fit = match kind.as_str() {
            "*/*" => 0,
            "application/*" => 1,
            exact if exact == self.essence() => 2,
            _ => return None,
        };
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        Some((fit, weight.map_or(1000, thousandths)))
    }

    fn essence(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::GraphqlResponse => "application/graphql-response+json",
        }
    }

    /// Returns its media type.
    pub fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        })
    }

    /// Returns the HTTP status of a response.
    pub fn status(self, answer: &Answer) -> StatusCode {
        if answer.is_unauthenticated() {
            return StatusCode::UNAUTHORIZED;
        }
        if answer.is_unavailable() {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        if answer.retry_after().is_some() {
            return StatusCode::TOO_MANY_REQUESTS;
        }
        match answer.errors().first().filter(|_| !answer.executed).and_then(Code::of) {
            Some(code) if self == Self::GraphqlResponse || !code.is_of_graphql() => code.status(),
            _ => StatusCode::OK,
        }
    }
}

/// Returns a weight such as `0.9` in thousandths. An invalid weight is 0.
fn thousandths(weight: &str) -> u16 {
    let weight: f32 = weight.trim().parse().unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the weight is between 0 and 1000")]
    let thousandths = (weight.clamp(0.0, 1.0) * 1000.0) as u16;
    thousandths
}
