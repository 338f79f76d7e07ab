//! Input is hostile until it passed here.

use super::invisible::is_invisible;
use dossier_core::error::{Error, UserError};
use sea_orm::sea_query::LikeExpr;

/// The longest name of anything.
pub const NAME: usize = 200;
/// The longest text of several lines.
pub const TEXT: usize = 10_000;
/// The longest address that mail can be sent to (RFC 5321).
const EMAIL: usize = 254;

/// The most bytes of a sort key: PostgreSQL refuses index entries of more than 2,704 bytes.
const KEY: usize = 2_000;

/// The line breaks of Unicode besides LF and CR (UAX #14, classes BK and NL).
const LINE_BREAKS: [char; 5] = ['\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'];

/// A text of one line: trimmed, with something to see.
pub fn line(field: &str, value: &str, max: usize) -> Result<String, UserError> {
    let value = text(field, value, max)?;
    if value.chars().any(char::is_control) {
        return Err(UserError::invalid(field, "must be one line, without control characters"));
    }
    // Marks that turn the direction of the text behind them: `gpj.exe` reads `exe.jpg`.
    let misleading = ['\u{202A}', '\u{202B}', '\u{202C}', '\u{202D}', '\u{202E}', '\u{FEFF}'];
    if value.contains(misleading) || value.contains(|c| ('\u{2066}'..='\u{2069}').contains(&c)) {
        return Err(UserError::invalid(field, "must not contain invisible characters that change how it reads"));
    }
    Ok(value)
}

/// A text of any number of lines: trimmed, with something to see. Each kind of line break becomes LF.
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

/// A text that may be missing: none if it is blank.
pub fn given(value: Option<&str>) -> Option<&str> {
    value.filter(|value| !value.trim().is_empty())
}

/// The checked text; none if it is blank.
pub fn optional(
    field: &str,
    value: Option<&str>,
    max: usize,
    check: fn(&str, &str, usize) -> Result<String, UserError>,
) -> Result<Option<String>, UserError> {
    given(value).map(|value| check(field, value, max)).transpose()
}

/// Characters that stand in no address unless it is quoted (RFC 5322, 3.2.3): they come from `mailto:anne@exemple.fr`,
/// `Anne <anne@exemple.fr>` and lists of addresses.
const SPECIALS: [char; 11] = ['(', ')', '<', '>', '[', ']', ':', ';', ',', '"', '\\'];

/// Returns the address in lower case: something before and after one `@`, a dot behind it, nothing invisible. Only mail
/// can tell whether it takes mail.
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
    });
    if plausible {
        Ok(value)
    } else {
        Err(UserError::invalid(field, "must be a single email address, such as anne@exemple.fr"))
    }
}

/// That nobody changed the row since the caller read it.
pub fn revision(expected: Option<i32>, actual: i32) -> Result<(), UserError> {
    match expected {
        Some(expected) if expected != actual => Err(UserError::conflict(format!(
            "Somebody else changed this. The expected revision is {expected}, but the current one is {actual}. Read it \
             again."
        ))),
        _ => Ok(()),
    }
}

/// The pattern of a name that contains the text, compared like sort keys; none if the text is blank. The text stands for
/// itself: `%` and `_` have no meaning in it.
pub fn search(argument: &str, text: Option<&str>) -> Result<Option<LikeExpr>, Error> {
    let Some(text) = given(text).map(str::trim) else { return Ok(None) };
    // Names have no control characters, and PostgreSQL takes no text with U+0000.
    let broken = |c: char| c.is_control() || LINE_BREAKS.contains(&c);
    if text.chars().count() > NAME || text.contains(broken) {
        return Err(Error::bad_input(argument, format!("must be one line of at most {NAME} characters")));
    }
    let key = if text.chars().all(is_invisible) { String::new() } else { sort_key(text) };
    let literal = key.trim().replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    Ok(Some(literal).filter(|literal| !literal.is_empty()).map(|it| LikeExpr::new(format!("%{it}%")).escape('\\')))
}

/// A name without accents and case, in ASCII: both databases sort by it alike, and it is searched.
pub fn sort_key(name: &str) -> String {
    let mut key = deunicode::deunicode(name).to_lowercase();
    key.truncate(KEY);
    key
}
