//! Bends what is right until it is not: bytes, text and JSON.

use crate::support::{Value, json};
use dossier::seed::Chance;

/// Bytes that programs stumble over: broken UTF-8, broken escapes, ends of strings and lines, brackets without end.
const ODD: [&[u8]; 20] = [
    b"\0",
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xef\xbb\xbf",
    b"\\u",
    b"\\ud800",
    b"\\u0000",
    b"\\",
    b"\"",
    b"\"\"\"",
    b"{",
    b"[[[[[[[[",
    b"}",
    b"\r\n",
    b"\r\n\r\n",
    b"1e999",
    b"-",
    b"99999999999999999999999999",
];

/// A place in something so long.
pub fn place(length: usize, chance: &mut Chance) -> usize {
    usize::try_from(chance.below(length as u64 + 1)).unwrap()
}

/// Turns bits, and inserts, removes and doubles parts.
pub fn bytes(mut bytes: Vec<u8>, chance: &mut Chance) -> Vec<u8> {
    for _ in 0..=chance.below(4) {
        let (one, other) = (place(bytes.len(), chance), place(bytes.len(), chance));
        let (from, to) = (one.min(other), one.max(other));
        match chance.below(7) {
            0 if from < bytes.len() => bytes[from] ^= 1 << chance.below(8),
            1 => drop(bytes.drain(from..to.min(from + 20))),
            2 => {
                let part = bytes[from..to.min(from + 200)].to_vec();
                bytes.splice(to..to, part.repeat(place(20, chance)));
            }
            3 => bytes.truncate(from),
            4 => {
                let odd = chance.one(&ODD).repeat(place(3, chance) * place(100, chance) + 1);
                bytes.splice(from..from, odd);
            }
            5 => bytes.reverse(),
            _ => drop(bytes.splice(from..from, chance.one(&ODD).iter().copied())),
        }
    }
    bytes
}

/// The same for what must stay text.
pub fn text(text: &str, chance: &mut Chance) -> String {
    String::from_utf8_lossy(&bytes(text.as_bytes().to_vec(), chance)).into_owned()
}

/// Any text.
pub fn any_text(chance: &mut Chance) -> String {
    let text = *chance.one(&[
        "",
        " ",
        "Martin",
        "a@b.example",
        "Olga@ATELIER.example",
        "EUR",
        "\0",
        "a\0b@c.example",
        "%",
        "_",
        "\\",
        "\0",
        "'; --",
        "${x}",
        "_bmad/x",
        "../../etc/passwd",
        "a\u{202e}b",
        "\u{feff}",
        "👩‍👩‍👧‍👦",
        "e\u{301}",
        "İ",
        "\u{10ffff}",
        "null",
        "-0",
        "NaN",
        "true",
        "text/plain",
        "2026-02-30",
        "1.00",
        "x y\r\nz",
    ]);
    match chance.below(12) {
        0 => text.repeat(1 << chance.below(12)),
        1 => self::text(text, chance),
        _ => text.to_owned(),
    }
}

/// Any value.
pub fn any_value(chance: &mut Chance) -> Value {
    match chance.below(12) {
        0 => Value::Null,
        1 => json!(chance.percent(50)),
        2 => json!(chance.draw()),
        3 => json!(chance.draw().cast_signed()),
        4 => json!(f64::from_bits(chance.draw())),
        5 => json!([]),
        6 => json!({}),
        7 => json!([any_value(chance), any_value(chance)]),
        8 => json!({ any_text(chance): any_value(chance) }),
        9 => nested(place(200, chance)),
        _ => json!(any_text(chance)),
    }
}

fn nested(levels: usize) -> Value {
    (0..levels).fold(json!(1), |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({ "x": inner }) })
}

/// Replaces, removes, renames or multiplies something within.
pub fn json(value: &mut Value, chance: &mut Chance) {
    match value {
        Value::Object(fields) if !fields.is_empty() && chance.percent(85) => {
            let names: Vec<_> = fields.keys().cloned().collect();
            let name = chance.one(&names).clone();
            match chance.below(8) {
                0 => drop(fields.remove(&name)),
                1 => {
                    let inner = fields.remove(&name).unwrap_or_default();
                    fields.insert(text(&name, chance), inner);
                }
                2 => drop(fields.insert(any_text(chance), any_value(chance))),
                _ => fields.get_mut(&name).into_iter().for_each(|inner| json(inner, chance)),
            }
        }
        Value::Array(items) if !items.is_empty() && chance.percent(85) => {
            let at = place(items.len() - 1, chance);
            match chance.below(6) {
                0 => drop(items.remove(at)),
                1 => {
                    let item = items[at].clone();
                    items.extend(std::iter::repeat_n(item, place(1000, chance)));
                }
                _ => json(&mut items[at], chance),
            }
        }
        Value::String(old) if chance.percent(70) => *old = text(old, chance),
        other => *other = any_value(chance),
    }
}
