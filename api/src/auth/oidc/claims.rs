//! Claims that several kinds of tokens have (RFC 7519).

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

/// The maximum difference between the clocks.
pub const LEEWAY: TimeDelta = TimeDelta::seconds(60);

/// The maximum length of a subject in bytes (`OpenID` Connect Core 1.0, section 2).
const MAX_SUBJECT: usize = 255;

/// A time in seconds since 1970, which may have a fraction.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct NumericDate(f64);

impl NumericDate {
    /// Returns the time, rounded down to the second. `None` if it is not a time.
    pub fn time(self) -> Option<DateTime<Utc>> {
        let Self(seconds) = self;
        #[expect(clippy::cast_possible_truncation, reason = "greater numbers become the greatest, which is no time")]
        DateTime::from_timestamp(seconds.floor() as i64, 0)
    }
}

/// The audience: one name, or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// One name.
    One(String),
    /// Several names.
    Several(Vec<String>),
}

impl Audience {
    /// Returns whether the audience contains a name.
    pub fn contains(&self, name: &str) -> bool {
        match self {
            Self::One(one) => one == name,
            Self::Several(all) => all.iter().any(|one| one == name),
        }
    }

    /// Returns whether the audience has other members, too.
    pub fn has_several(&self) -> bool {
        matches!(self, Self::Several(all) if all.len() > 1)
    }
}

/// Returns whether a subject can be stored and compared.
pub fn is_subject(subject: &str) -> bool {
    !subject.is_empty() && subject.len() <= MAX_SUBJECT && !subject.contains('\0')
}
