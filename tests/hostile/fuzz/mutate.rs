//! Mutates valid input until it is invalid: bytes, text and JSON.

use crate::support::{Value, json};
use dossier_seed::generated::Random;

/// Bytes that often cause errors: invalid UTF-8, invalid escapes, ends of strings and lines, unclosed brackets.
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

/// Returns a random position in something of this length.
pub fn place(length: usize, random: &mut Random) -> usize {
    usize::try_from(random.below(length as u64 + 1)).unwrap()
}

/// Flips bits, and inserts, removes and duplicates parts.
pub fn bytes(mut bytes: Vec<u8>, random: &mut Random) -> Vec<u8> {
    for _ in 0..=random.below(4) {
        let (one, other) = (place(bytes.len(), random), place(bytes.len(), random));
        let (from, to) = (one.min(other), one.max(other));
        match random.below(7) {
            0 if from < bytes.len() => bytes[from] ^= 1 << random.below(8),
            1 => drop(bytes.drain(from..to.min(from + 20))),
            2 => {
                let part = bytes[from..to.min(from + 200)].to_vec();
                bytes.splice(to..to, part.repeat(place(20, random)));
            }
            3 => bytes.truncate(from),
            4 => {
                let odd = random.one(&ODD).repeat(place(3, random) * place(100, random) + 1);
                bytes.splice(from..from, odd);
            }
            5 => bytes.reverse(),
            _ => drop(bytes.splice(from..from, random.one(&ODD).iter().copied())),
        }
    }
    bytes
}

/// Mutates text, which stays valid UTF-8.
pub fn text(text: &str, random: &mut Random) -> String {
    String::from_utf8_lossy(&bytes(text.as_bytes().to_vec(), random)).into_owned()
}

/// Returns random text.
pub fn any_text(random: &mut Random) -> String {
    let text = *random.one(&[
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
    match random.below(12) {
        0 => text.repeat(1 << random.below(12)),
        1 => self::text(text, random),
        _ => text.to_owned(),
    }
}

/// Returns a random value.
pub fn any_value(random: &mut Random) -> Value {
    match random.below(12) {
        0 => Value::Null,
        1 => json!(random.percent(50)),
        2 => json!(random.draw()),
        3 => json!(random.draw().cast_signed()),
        4 => json!(f64::from_bits(random.draw())),
        5 => json!([]),
        6 => json!({}),
        7 => json!([any_value(random), any_value(random)]),
        8 => json!({ any_text(random): any_value(random) }),
        9 => nested(place(200, random)),
        _ => json!(any_text(random)),
    }
}

fn nested(levels: usize) -> Value {
    (0..levels).fold(json!(1), |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({ "x": inner }) })
}

/// Replaces, removes, renames or multiplies a part of the value.
pub fn json(value: &mut Value, random: &mut Random) {
    match value {
        Value::Object(fields) if !fields.is_empty() && random.percent(85) => {
            let names: Vec<_> = fields.keys().cloned().collect();
            let name = random.one(&names).clone();
            match random.below(8) {
                0 => drop(fields.remove(&name)),
                1 => {
                    let inner = fields.remove(&name).unwrap_or_default();
                    fields.insert(text(&name, random), inner);
                }
                2 => drop(fields.insert(any_text(random), any_value(random))),
                _ => fields.get_mut(&name).into_iter().for_each(|inner| json(inner, random)),
            }
        }
        Value::Array(items) if !items.is_empty() && random.percent(85) => {
            let at = place(items.len() - 1, random);
            match random.below(6) {
                0 => drop(items.remove(at)),
                1 => {
                    let item = items[at].clone();
                    items.extend(std::iter::repeat_n(item, place(1000, random)));
                }
                _ => json(&mut items[at], random),
            }
        }
        Value::String(old) if random.percent(70) => *old = text(old, random),
        other => *other = any_value(random),
    }
}
