//! The validation of input. All input is hostile until a function of this module accepts it.

use super::invisible::is_invisible;
use dossier_core::error::{Error, UserError};
use sea_orm::sea_query::LikeExpr;
use unicode_normalization::UnicodeNormalization;

/// The maximum length of a name.
pub const NAME: usize = 200;
/// The maximum length of a text of several lines.
pub const TEXT: usize = 10_000;
/// The maximum length of an address that can receive mail (RFC 5321).
const EMAIL: usize = 254;

/// The maximum length of a sort key in bytes. PostgreSQL refuses index entries of more than 2,704 bytes.
const KEY: usize = 2_000;

/// The line breaks of Unicode besides LF and CR (UAX #14, classes BK and NL).
const LINE_BREAKS: [char; 5] = ['\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'];

/// Returns a text of one line, trimmed, in the Normalization Form C of Unicode. It must contain a visible character.
pub fn line(field: &str, value: &str, max: usize) -> Result<String, UserError> {
    let value = text(field, &value.nfc().collect::<String>(), max)?;
    if value.chars().any(char::is_control) {
        return Err(UserError::invalid(field, "must be one line, without control characters"));
    }
    // These marks change the direction of the text behind them: `gpj.exe` would look like `exe.jpg`.
    let misleading = ['\u{202A}', '\u{202B}', '\u{202C}', '\u{202D}', '\u{202E}', '\u{FEFF}'];
    if value.contains(misleading) || value.contains(|c| ('\u{2066}'..='\u{2069}').contains(&c)) {
        return Err(UserError::invalid(field, "must not contain invisible characters that change how it reads"));
    }
    Ok(value)
}

/// Returns a text of any number of lines, trimmed, with LF for each kind of line break. It must contain a visible
/// character.
pub fn text(field: &str, value: &str, max: usize) -> Result<String, UserError> {
    let value = value.trim().replace(LINE_BREAKS, "\n");
    let length = value.chars().count();
    if length == 0 || length > max {
        return Err(UserError::invalid(field, format!("must have 1 to {max} characters, has {length}")));
    }
    if value.chars().all(is_invisible) {
        return Err(UserError::invalid(field, "must have a visible character"));
    }
    if value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(UserError::invalid(field, "must not contain control characters other than line breaks and tabs"));
    }
    Ok(value)
}

/// Returns the text, or `None` if it is blank.
pub fn given(value: Option<&str>) -> Option<&str> {
    value.filter(|value| !value.trim().is_empty())
}

/// Returns the checked text, or `None` if it is blank.
pub fn optional(
    field: &str,
    value: Option<&str>,
    max: usize,
    check: fn(&str, &str, usize) -> Result<String, UserError>,
) -> Result<Option<String>, UserError> {
    given(value).map(|value| check(field, value, max)).transpose()
}

/// Characters that an address contains only in quotes (RFC 5322, 3.2.3). They come from `mailto:anne@exemple.fr`, `Anne
/// <anne@exemple.fr>` and lists of addresses.
const SPECIALS: [char; 11] = ['(', ')', '<', '>', '[', ']', ':', ';', ',', '"', '\\'];

/// Returns the address in lower case. It needs one `@` with text on both sides, a dot behind it, and no invisible
/// characters. Only a mail can prove that the address exists.
pub fn email(field: &str, value: &str) -> Result<String, UserError> {
    let value = line(field, value, EMAIL)?.to_lowercase();
    let parts = value.split_once('@');
    let plausible = parts.is_some_and(|(local, domain)| {
        !local.is_empty()
            && !domain.contains('@')
            && domain.split('.').count() > 1
            && domain.split('.').all(|label| !label.is_empty())
            && !value.contains(SPECIALS)
            && !value.contains(is_invisible)
            && dossier_mail::can_address(&value)
    });
    if plausible {
        Ok(value)
    } else {
        Err(UserError::invalid(field, "must be a single email address, such as anne@exemple.fr"))
    }
}

/// Fails if the row changed since the caller read it.
pub fn revision(expected: Option<i32>, actual: i32) -> Result<(), UserError> {
    match expected {
        Some(expected) if expected != actual => Err(UserError::conflict(format!(
            "Somebody else changed this. The expected revision is {expected}, but the current one is {actual}. Read it \
             again."
        ))),
        _ => Ok(()),
    }
}

/// Returns the pattern of a name that contains the text, or `None` if the text is blank. Both are compared as sort
/// keys. `%` and `_` in the text match only themselves.
pub fn search(argument: &str, text: Option<&str>) -> Result<Option<LikeExpr>, Error> {
    let Some(text) = given(text).map(str::trim) else { return Ok(None) };
    // Names have no control characters, and PostgreSQL rejects text with U+0000.
    let broken = |c: char| c.is_control() || LINE_BREAKS.contains(&c);
    if text.chars().count() > NAME || text.contains(broken) {
        return Err(Error::bad_input(argument, format!("must be one line of at most {NAME} characters")));
    }
    let key = if text.chars().all(is_invisible) { String::new() } else { sort_key(text) };
    let literal = key.trim().replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    Ok(Some(literal).filter(|literal| !literal.is_empty()).map(|it| LikeExpr::new(format!("%{it}%")).escape('\\')))
}

/// Returns a name without accents and case, in ASCII. Both databases sort such keys in the same order. Searches use
/// them, too.
pub fn sort_key(name: &str) -> String {
    let mut key = deunicode::deunicode(name).to_lowercase();
    key.truncate(KEY);
    key
}

/// Returns a colour in lower case.
pub fn color(field: &str, text: &str) -> Result<String, UserError> {
    let is_color = text
        .strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
    let message = "must be a colour of the form #RRGGBB, such as #1f5fbf";
    if is_color { Ok(text.to_ascii_lowercase()) } else { Err(UserError::invalid(field, message)) }
}

/// Returns the BCP 47 tag of a language, such as `fr-FR`. It checks the form, because there is no complete list.
pub fn locale(field: &str, value: &str) -> Result<String, UserError> {
    let value = value.trim();
    let subtag = |part: &str| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric());
    let language = |part: &str| (2..=3).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphabetic());
    let mut parts = value.split('-');
    if value.len() <= 35 && parts.next().is_some_and(language) && parts.all(subtag) {
        Ok(value.to_owned())
    } else {
        Err(UserError::invalid(field, "must be a BCP 47 tag such as fr-FR"))
    }
}
