//! Bounds of what is stored as text.

use std::error::Error;

/// The most bytes of a payload.
pub(crate) const MAX_PAYLOAD: usize = 64 * 1024;

/// The most bytes of a unique key.
pub(crate) const MAX_UNIQUE_KEY: usize = 200;

/// The most bytes of an error.
pub(crate) const MAX_ERROR: usize = 2_000;

/// What marks that an error was cut.
const CUT: &str = " …";

/// Returns the error with its causes, cut where it becomes too long. `PostgreSQL` stores no zero byte.
pub(crate) fn describe(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        if text.len() > MAX_ERROR {
            break;
        }
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    cut(&text.replace('\0', "\u{fffd}"))
}

fn cut(text: &str) -> String {
    if text.len() <= MAX_ERROR {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(MAX_ERROR - CUT.len());
    format!("{}{CUT}", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Nested {
        text: String,
        source: Option<Box<Nested>>,
    }

    fn nested(text: &str, source: Option<Nested>) -> Nested {
        Nested { text: text.to_owned(), source: source.map(Box::new) }
    }

    #[test]
    fn an_error_is_told_with_its_causes() {
        let error = nested("mail", Some(nested("connect", Some(nested("refused", None)))));
        assert_eq!(describe(&error), "mail: connect: refused");
    }

    #[test]
    fn a_long_error_is_cut_between_characters() {
        let text = describe(&nested(&"é".repeat(3_000), None));
        assert!(text.len() <= MAX_ERROR && text.ends_with(CUT), "{} bytes", text.len());
        assert_eq!(describe(&nested("a\0b", None)), "a\u{fffd}b");
    }
}
