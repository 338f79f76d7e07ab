//! Compares the announced media type of a file with its first bytes.
//!
//! Few files are refused: executables, and files of another kind than the announced one. Both must be certain, because
//! many ordinary files have no signature, or have a few bytes in common with the signature of another format. A file of
//! unknown kind is taken as what it was announced.

mod executable;
mod kind;
mod signature;

use kind::{Kind, kind_of};

/// Why a file is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// It is a program.
    Executable,
    /// It is of another kind than the announced one. Contains the recognized media type.
    OtherKind(&'static str),
}

/// Compares an announced media type with the first bytes of the file.
pub fn compare(announced: &str, head: &[u8]) -> Result<(), Mismatch> {
    if executable::is_executable(head) {
        return Err(Mismatch::Executable);
    }
    let essence = announced.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match (kind_of(&essence), signature::recognize(head)) {
        (Some(announced), Some((kind, media_type))) if !is_compatible(announced, kind) => {
            Err(Mismatch::OtherKind(media_type))
        }
        _ => Ok(()),
    }
}

fn is_compatible(announced: Kind, actual: Kind) -> bool {
    match (announced, actual) {
        // Newer office formats are archives. Some programs export web pages under the name of a spreadsheet.
        (Kind::Office, Kind::Archive | Kind::Html) | (Kind::Text, Kind::Html) => true,
        _ => announced == actual,
    }
}

#[cfg(test)]
mod tests;
