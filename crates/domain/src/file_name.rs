//! Names of files. Any name is accepted that a person can read, and is kept for downloads. Where files are laid out on a
//! computer, [`safe`] makes the name valid on Windows, macOS and Linux, and [`is_same`] tells which names such a computer
//! cannot keep apart.

use super::{check, invisible::is_invisible};
use dossier_core::{error::UserError, hex::sha256};
use std::{collections::HashSet, iter::once};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

/// The maximum length of a name in characters. Windows and macOS allow as many.
pub const MAX: usize = 255;

/// The maximum length of a safe name in bytes. Linux allows as many.
const MAX_BYTES: usize = 255;

/// The maximum length of the extension that a shortened name keeps, in bytes.
const MAX_EXTENSION: usize = 20;

/// The names that Windows reserves for devices, with and without an extension, besides `COM1` and the like
/// (<https://learn.microsoft.com/windows/win32/fileio/naming-a-file>).
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Returns the name in the Normalization Form C of Unicode. It must be one line with a visible character, without
/// separators, and must not be that of the agency's local workbench.
pub fn check(field: &str, name: &str) -> Result<String, UserError> {
    let name = check::line(field, name, MAX)?;
    if name.contains(['/', '\\']) || name.chars().all(|c| c == '.') {
        return Err(UserError::invalid(field, "must be a file name, without `/` or `\\`"));
    }
    if names_workbench(&name) {
        return Err(UserError::invalid(field, "`_bmad` stays on the agency's computer and is never uploaded"));
    }
    Ok(name)
}

/// Returns whether a segment of a path is the agency's local workbench, however it is written: in any case, with
/// compatible or similar characters of Unicode, with invisible characters, and with the endings that Windows ignores.
pub fn names_workbench(path: &str) -> bool {
    let is_separator =
        |c: char| matches!(c, '/' | '\\' | '\u{2044}' | '\u{2215}' | '\u{29F8}' | '\u{29F9}' | '\u{2216}');
    let path: String = path.nfkc().filter(|c| !is_invisible(*c) || *c == ' ').collect();
    path.split(is_separator).any(|segment| {
        // A stream of the file system NTFS follows the colon.
        let name = segment.split(':').next().unwrap_or_default();
        check::sort_key(name).trim_matches(['.', ' ']) == "_bmad"
    })
}

/// Returns a name for the file that Windows, macOS and Linux accept. Different names may become the same.
pub fn safe(name: &str) -> String {
    let replace = |c: char| if c.is_control() || ":*?\"<>|/\\".contains(c) { '_' } else { c };
    let name: String = name.nfc().map(replace).collect();
    let name = name.trim_end_matches(['.', ' ']).trim_start_matches(' ');
    let name = if name.is_empty() { "_" } else { name };
    let (stem, _) = name.split_once('.').unwrap_or((name, ""));
    let name = if is_device(stem) || names_workbench(name) { format!("_{name}") } else { name.to_owned() };
    if name.len() <= MAX_BYTES { name } else { with_suffix(&name, &format!("~{}", &sha256(name.as_bytes())[..8])) }
}

fn is_device(stem: &str) -> bool {
    let stem = stem.trim_end_matches(' ').to_lowercase();
    let port =
        |digit: &str| matches!(digit, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³");
    DEVICES.contains(&stem.as_str()) || ["com", "lpt"].iter().any(|device| stem.strip_prefix(device).is_some_and(port))
}

/// Inserts a text before the extension, and shortens the rest if the name is too long otherwise.
fn with_suffix(name: &str, suffix: &str) -> String {
    let extension = name.rfind('.').filter(|dot| *dot > 0).map_or("", |dot| &name[dot..]);
    let extension = if extension.len() <= MAX_EXTENSION { extension } else { "" };
    let stem = &name[..name.len() - extension.len()];
    let stem = &stem[..stem.floor_char_boundary(MAX_BYTES - extension.len() - suffix.len())];
    format!("{}{suffix}{extension}", stem.trim_end_matches(' '))
}

/// Returns whether a folder cannot contain both safe names, because some computers ignore case, and some the way in which
/// Unicode composes characters.
pub fn is_same(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

fn folded(name: &str) -> String {
    // Upper case first: only this unifies letters such as ß and ẞ, or σ and ς.
    let folded: String = name.nfd().filter(|c| !is_invisible(*c) || *c == ' ').collect();
    folded.to_uppercase().to_lowercase().nfc().collect()
}

/// Returns the name of a document's file in a folder. If an older document of the folder has the same safe name, the
/// document's id makes it unique. The name then does not depend on how many such documents there are.
pub fn local(name: &str, document: Uuid, has_older_twin: bool) -> String {
    let name = safe(name);
    if !has_older_twin {
        return name;
    }
    let id = document.simple().to_string();
    with_suffix(&name, &format!(" ({})", &id[id.len() - 8..]))
}

/// Returns the names of files in one folder, in the order of the documents, which must be the oldest first.
pub fn layout<'d>(documents: impl IntoIterator<Item = (Uuid, &'d str)>) -> Vec<String> {
    let mut taken = HashSet::new();
    let names = documents.into_iter().map(|(id, name)| {
        let plain = local(name, id, taken.contains(&folded(&safe(name))));
        // A file may already have the name that makes another one unique.
        let numbered = (2..).map(|number| with_suffix(&plain, &format!(" ({number})")));
        let free = once(plain.clone()).chain(numbered).find(|name| !taken.contains(&folded(name)));
        let free = free.unwrap_or(plain.clone());
        taken.insert(folded(&free));
        free
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::{check, is_same, layout, local, names_workbench, safe};
    use uuid::Uuid;

    #[test]
    fn safe_names_are_valid_everywhere() {
        for (name, expected) in [
            ("Devis n°1.pdf", "Devis n°1.pdf"),
            ("a:b*c?d\"e<f>g|h.txt", "a_b_c_d_e_f_g_h.txt"),
            ("fin. . .", "fin"),
            ("...", "_"),
            (" .profile", ".profile"),
            ("CON", "_CON"),
            ("con.txt", "_con.txt"),
            ("Nul .tar.gz", "_Nul .tar.gz"),
            ("com1", "_com1"),
            ("LPT².log", "_LPT².log"),
            ("COM10", "COM10"),
            ("console.log", "console.log"),
            ("cafe\u{301}.txt", "café.txt"),
            ("日本語.md", "日本語.md"),
            ("👩‍👩‍👧.png", "👩‍👩‍👧.png"),
        ] {
            assert_eq!(safe(name), expected, "{name}");
        }
    }

    #[test]
    fn long_names_are_shortened_and_keep_their_extension() {
        let (one, other) = (format!("{}1.pdf", "é".repeat(250)), format!("{}2.pdf", "é".repeat(250)));
        for name in [&one, &other] {
            let safe = safe(name);
            assert!(safe.len() <= 255 && safe.rsplit('.').next() == Some("pdf"), "{safe}");
            assert!(local(name, Uuid::from_u128(1), true).len() <= 255);
        }
        assert_ne!(safe(&one), safe(&other));
        assert!(safe(&"😀".repeat(255)).len() <= 255);
        assert!(safe(&format!("a.{}", "x".repeat(254))).len() <= 255);
    }

    #[test]
    fn twins_are_found() {
        for (one, other) in [
            ("Été.txt", "ÉTÉ.TXT"),
            ("Straße", "STRASSE"),
            ("ΣΑΣ", "σας"),
            ("cafe\u{301}", "café"),
            ("a\u{200D}b", "ab"),
        ] {
            assert!(is_same(one, other), "{one} {other}");
        }
        assert!(!is_same("ete.txt", "été.txt"));
    }

    #[test]
    fn a_folder_has_each_name_once() {
        let names = ["a:b.txt", "A_b.txt", "a?b.TXT", "c.txt", "a_b (00000003).txt"];
        let documents = names.iter().enumerate().map(|(n, name)| (Uuid::from_u128(n as u128 + 1), *name));
        assert_eq!(
            layout(documents),
            ["a_b.txt", "A_b (00000002).txt", "a_b (00000003).TXT", "c.txt", "a_b (00000003) (00000005).txt"]
        );
    }

    #[test]
    fn the_workbench_is_refused_in_any_form() {
        for name in [
            "_bmad",
            "_BMAD",
            "_Bmad. .",
            " _bmad",
            "_bm\u{200B}ad",
            "\u{FF3F}bmad",
            "_\u{FF42}\u{FF2D}ad",
            "_bm\u{E0}d",
            "_bmаd",
            "_bmad:stream",
            "a\u{2215}_bmad\u{2044}b",
            "\u{FF0F}_bmad",
            "x/_BMAD/y",
        ] {
            assert!(names_workbench(name), "{name}");
        }
        for name in ["bmad", "_bmad.txt", "my_bmad", "_bmad 2"] {
            assert!(!names_workbench(name), "{name}");
            assert!(check("name", name).is_ok(), "{name}");
        }
    }

    #[test]
    fn names_are_composed_and_visible() {
        assert_eq!(check("name", "cafe\u{301}.txt").unwrap(), "café.txt");
        assert!(check("name", &"x".repeat(255)).is_ok());
        for name in ["", " ", "\u{200B}\u{2060}", "\u{3164}", "..", "a/b", "a\\b", "a\nb", &"x".repeat(256)] {
            assert!(check("name", name).is_err(), "{name}");
        }
    }
}
