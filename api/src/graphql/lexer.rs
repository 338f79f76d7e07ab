//! The tokens of a GraphQL document, and two rules that the parser of the GraphQL crate lacks: Unicode escapes beyond
//! the basic plane, and unique fields in input objects.

use super::report::request_error;
use crate::error_code::Code;
use async_graphql::{Pos, ServerError};
use std::{borrow::Cow, collections::HashSet, fmt::Write};

/// A token of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'d> {
    /// The text of the token.
    pub text: &'d str,
    /// The offset of its first byte in the document.
    pub offset: usize,
}

/// Returns the tokens of a document. White space, commas, comments and byte order marks are not tokens.
pub fn tokens(document: &str) -> impl Iterator<Item = Token<'_>> {
    let mut offset = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = &document[offset..];
            let first = rest.chars().next()?;
            let token = Token { text: &rest[..length(rest, first)], offset };
            offset += token.text.len();
            if !(first.is_whitespace() || [',', '#', '\u{feff}'].contains(&first)) {
                return Some(token);
            }
        }
    })
}

/// Returns the length in bytes of the first token, comment or ignored character of a text.
fn length(text: &str, first: char) -> usize {
    let end = |after: usize, ends: &dyn Fn(char) -> bool| text[after..].find(ends).map_or(text.len(), |at| after + at);
    match first {
        '#' => end(1, &|c| c == '\n' || c == '\r'),
        '"' if text.starts_with(BLOCK) => block_string(text),
        '"' => string(text),
        c if c.is_alphanumeric() || c == '_' => end(0, &|c| !(c.is_alphanumeric() || c == '_')),
        c => c.len_utf8(),
    }
}

/// Begins and ends a block string. Only this delimiter can be escaped in it.
const BLOCK: &str = "\"\"\"";

fn string(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = (*c == '"' && !escaped) || *c == '\n';
        escaped = *c == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

fn block_string(text: &str) -> usize {
    let mut from = BLOCK.len();
    while let Some(at) = text[from..].find(BLOCK) {
        from += at + BLOCK.len();
        if !text[..from - BLOCK.len()].ends_with('\\') {
            return from;
        }
    }
    text.len()
}

/// Refuses an input object that contains a field twice
/// (<https://spec.graphql.org/September2025/#sec-Input-Object-Field-Uniqueness>). The parser silently keeps only the
/// last one.
pub fn check_input_objects(document: &str) -> Result<(), ServerError> {
    let mut open: Vec<Bracket> = Vec::new();
    let mut tokens = tokens(document).peekable();
    while let Some(token) = tokens.next() {
        match token.text {
            "(" => open.push(Bracket::Arguments),
            "[" => open.push(Bracket::List),
            "{" if open.is_empty() || open.last() == Some(&Bracket::Selection) => open.push(Bracket::Selection),
            "{" => open.push(Bracket::Object(HashSet::new())),
            ")" | "]" | "}" => drop(open.pop()),
            name if tokens.peek().is_some_and(|next| next.text == ":") => {
                if let Some(Bracket::Object(fields)) = open.last_mut()
                    && !fields.insert(name)
                {
                    let message = format!("An input object can have only one field named `{name}`.");
                    let mut error = request_error(Code::GraphqlValidationFailed, message);
                    error.locations.push(position(document, token.offset));
                    return Err(error);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// An open bracket, by its content.
#[derive(PartialEq, Eq)]
enum Bracket<'d> {
    Selection,
    Arguments,
    List,
    /// An input object with its fields until now.
    Object(HashSet<&'d str>),
}

/// Replaces each escape that the parser does not know by its character: `\u{1F950}`, and surrogate pairs such as
/// `\uD83E\uDD50` (<https://spec.graphql.org/September2025/#sec-String-Value.Semantics>).
pub fn unescape(document: &str) -> Result<Cow<'_, str>, ServerError> {
    if !document.contains("\\u") {
        return Ok(Cow::Borrowed(document));
    }
    let mut text = String::with_capacity(document.len());
    let mut copied = 0;
    for token in tokens(document).filter(|token| token.text.starts_with('"') && !token.text.starts_with(BLOCK)) {
        let mut at = 0;
        while let Some(found) = token.text[at..].find('\\') {
            at += found;
            let escape = &token.text[at..];
            let Some(unicode) = escape.strip_prefix("\\u") else {
                // Two bytes; the second may begin a longer character.
                at += 1 + escape[1..].chars().next().map_or(0, char::len_utf8);
                continue;
            };
            let Some((character, digits)) = unicode_escape(unicode) else {
                let message = "The document is not valid GraphQL: the escape is not a Unicode character; write \
                               `\\u00E9`, `\\u{1F950}`, or a surrogate pair";
                let mut error = request_error(Code::GraphqlParseFailed, message);
                error.locations.push(position(document, token.offset + at));
                return Err(error);
            };
            text.push_str(&document[copied..token.offset + at]);
            if u32::from(character) > 0xffff {
                text.push(character);
            } else {
                let _ = write!(text, "\\u{:04X}", u32::from(character));
            }
            at += "\\u".len() + digits;
            copied = token.offset + at;
        }
    }
    text.push_str(&document[copied..]);
    Ok(Cow::Owned(text))
}

/// Returns the character of an escape without its `\u`, and the length of the escape in bytes.
fn unicode_escape(text: &str) -> Option<(char, usize)> {
    if let Some(braced) = text.strip_prefix('{') {
        let digits = &braced[..braced.find('}')?];
        return Some((char::from_u32(hexadecimal(digits)?)?, digits.len() + 2));
    }
    let unit = hexadecimal(text.get(..4)?)?;
    if let Some(character) = char::from_u32(unit) {
        return Some((character, 4));
    }
    let second = hexadecimal(text.get(4..10)?.strip_prefix("\\u")?)?;
    let units = [u16::try_from(unit).ok()?, u16::try_from(second).ok()?];
    Some((char::decode_utf16(units).next()?.ok()?, 10))
}

fn hexadecimal(digits: &str) -> Option<u32> {
    // `from_str_radix` would accept a sign.
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

fn position(document: &str, offset: usize) -> Pos {
    let before = &document[..offset];
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    Pos { line: before.matches('\n').count() + 1, column: before[line..].chars().count() + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unescaped(document: &str) -> String {
        unescape(document).unwrap().into_owned()
    }

    #[test]
    fn escapes_beyond_the_basic_plane_become_their_character() {
        assert_eq!(unescaped(r#"{a(b:"\uD83E\uDD50")}"#), r#"{a(b:"🥐")}"#);
        assert_eq!(unescaped(r#"{a(b:"\u{1F950}\u{0001f950}")}"#), r#"{a(b:"🥐🥐")}"#);
    }

    #[test]
    fn other_characters_stay_escaped_in_the_form_that_the_parser_knows() {
        assert_eq!(unescaped(r#"{a(b:"\u{e9}\u{22}\u{A}\u00e9\n")}"#), r#"{a(b:"\u00E9\u0022\u000A\u00E9\n")}"#);
        assert_eq!(unescaped(r#"{a(b:"\\u{1F950} \\\u{1F950}")}"#), r#"{a(b:"\\u{1F950} \\🥐")}"#);
    }

    #[test]
    fn only_strings_have_escapes() {
        let document = "{a(b:\"\"\"\\u{1F950}\"\"\") # \"\\u{1F950}\"\n}";
        assert_eq!(unescaped(document), document);
    }

    #[test]
    fn what_is_no_character_is_refused() {
        let wrong = ["D83E", "DD50", "D83Ex", "D83E\\\\u0041", "{}", "{110000}", "{D83E}", "{+41}", "{1F950", "00e"];
        for escape in wrong {
            let document = format!("{{\n  a(b:\"\\u{escape}\")}}");
            let error = unescape(&document).unwrap_err();
            assert_eq!(Code::of(&error), Some(Code::GraphqlParseFailed), "{document}");
            assert_eq!(error.locations, [Pos { line: 2, column: 8 }], "{document}");
        }
    }

    #[test]
    fn an_input_object_gives_a_field_once() {
        for twice in [
            "{a(b:{c:1 c:2})}",
            "{a(b:[{c:1} {d:{c:1,e:2,c:3}}])}",
            "query($v:In={c:1 c:1}){a(b:$v)}",
            "{a @d(b:{c:1 c:1})}",
            "{a(b:{c:\"c:\" \"\"\"c:\"\"\" c:1})}",
        ] {
            assert!(check_input_objects(twice).is_err(), "{twice}");
        }
    }

    #[test]
    fn the_same_name_in_different_places_is_no_repetition() {
        for once in ["{a(b:{c:1 d:{c:1}} e:[{c:c} {c:2}]) c:a c:a {c:d}}", "{a(b:{c:{} d:c})}", "{a(b:{c:\"c: c:\"})}"]
        {
            assert!(check_input_objects(once).is_ok(), "{once}");
        }
    }
}
