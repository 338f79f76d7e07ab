//! Input is hostile until it passed here.

use crate::failure::{Failure, Refusal};
use sea_orm::sea_query::LikeExpr;

/// The longest name of anything.
pub const NAME: usize = 200;
/// The longest text of several lines.
pub const TEXT: usize = 10_000;
/// The longest address that mail can be sent to (RFC 5321).
const EMAIL: usize = 254;

/// A text of one line: trimmed, not empty.
pub fn line(field: &str, value: &str, max: usize) -> Result<String, Refusal> {
    let value = text(field, value, max)?;
    if value.chars().any(char::is_control) {
        return Err(Refusal::invalid(field, "must be one line, without control characters"));
    }
    // Line and paragraph separators, and marks that turn the direction of what follows: `gpj.exe` reads `exe.jpg`.
    let misleading = ['\u{2028}', '\u{2029}', '\u{202A}', '\u{202B}', '\u{202C}', '\u{202D}', '\u{202E}', '\u{FEFF}'];
    if value.contains(misleading) || value.contains(|c| ('\u{2066}'..='\u{2069}').contains(&c)) {
        return Err(Refusal::invalid(field, "must not contain invisible marks that change how it reads"));
    }
    Ok(value)
}

/// A text of any number of lines: trimmed, not empty.
pub fn text(field: &str, value: &str, max: usize) -> Result<String, Refusal> {
    let value = value.trim();
    let length = value.chars().count();
    if length == 0 || length > max {
        return Err(Refusal::invalid(field, format!("must have 1 to {max} characters, has {length}")));
    }
    if value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Refusal::invalid(field, "must not contain control characters other than line breaks and tabs"));
    }
    Ok(value.to_owned())
}

/// A text that may be missing; an empty one is none.
pub fn optional(
    field: &str,
    value: Option<&str>,
    max: usize,
    check: fn(&str, &str, usize) -> Result<String, Refusal>,
) -> Result<Option<String>, Refusal> {
    value.filter(|value| !value.trim().is_empty()).map(|value| check(field, value, max)).transpose()
}

/// An address, in lower case: something before and after one `@`, a dot after it. Whether it takes mail, only mail
/// tells.
pub fn email(field: &str, value: &str) -> Result<String, Refusal> {
    let value = line(field, value, EMAIL)?.to_lowercase();
    let parts = value.split_once('@');
    let plausible = parts.is_some_and(|(local, domain)| {
        !local.is_empty()
            && !domain.contains('@')
            && domain.split('.').count() > 1
            && domain.split('.').all(|label| !label.is_empty())
            && !value.contains(char::is_whitespace)
    });
    if plausible {
        Ok(value)
    } else {
        Err(Refusal::invalid(field, "must be an email address, such as anne@exemple.fr"))
    }
}

/// That nobody changed the row since the caller read it.
pub fn revision(expected: Option<i32>, actual: i32) -> Result<(), Refusal> {
    match expected {
        Some(expected) if expected != actual => Err(Refusal::conflict(format!(
            "This was changed meanwhile: `expectedRevision` is {expected}, the revision is {actual}. Read it again."
        ))),
        _ => Ok(()),
    }
}

/// What a name must contain to be found: compared as names are sorted, and for what it says, not as a pattern.
pub fn search(argument: &str, text: &str) -> Result<LikeExpr, Failure> {
    let key = sort_key(text.trim());
    let length = key.chars().count();
    // No name has control characters, and U+0000 is nothing that PostgreSQL takes.
    if !(1..=NAME).contains(&length) || key.contains(char::is_control) {
        return Err(Failure::bad_input(argument, format!("must have 1 to {NAME} letters, digits or signs")));
    }
    let literal = key.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    Ok(LikeExpr::new(format!("%{literal}%")).escape('\\'))
}

/// A name as it is sorted by: without accents and case, so that both databases order alike.
pub fn sort_key(name: &str) -> String {
    deunicode::deunicode(name).to_lowercase()
}
