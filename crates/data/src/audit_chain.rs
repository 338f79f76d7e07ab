//! The hashes of the audit log. They are computed from plain text, so that anybody can check them with other tools.

use dossier_core::{
    error::Error,
    hex::{hex, sha256},
    secret::random_bytes,
};
use entities::audit_entry::Model;
use sea_orm::ActiveEnum;
use std::fmt::{Display, Write};

/// The version of the text from which the hash of an entry is computed.
pub const FORMAT: i32 = 1;

/// The previous hash of the first entry.
pub const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Returns the hash of an entry: the SHA-256 of its text in hexadecimal.
pub fn hash(entry: &Model) -> String {
    sha256(text(entry).as_bytes())
}

/// Returns the hash of a detail: the SHA-256 of its salt and its content, as they are stored, in hexadecimal.
pub fn detail_hash(salt: &str, content: &str) -> String {
    sha256([salt, content].concat().as_bytes())
}

/// Returns 128 random bits in hexadecimal.
pub(super) fn new_salt() -> Result<String, Error> {
    Ok(hex(&random_bytes(16).map_err(Error::internal)?))
}

/// Returns the text of an entry: a line for each property that has a value. Values contain no line breaks.
fn text(entry: &Model) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: Option<&dyn Display>| {
        if let Some(value) = value {
            let _ = writeln!(text, "{name}: {value}");
        }
    };
    let micros = entry.created_at.timestamp_micros();
    let (action, refusal) = (entry.action.to_value(), entry.refusal.map(|refusal| refusal.to_value()));
    line("format", Some(&entry.format));
    line("organization", Some(&entry.organization_id));
    line("sequence", Some(&entry.sequence));
    line("id", Some(&entry.id));
    line("created_at", Some(&micros));
    line("action", Some(&action));
    line("refusal", optional(refusal.as_ref()));
    line("actor_kind", Some(&entry.actor_kind.to_value()));
    line("actor", optional(entry.actor_id.as_ref()));
    line("membership", optional(entry.membership_id.as_ref()));
    line("session", optional(entry.session_id.as_ref()));
    line("subject", Some(&entry.subject_id));
    line("client", optional(entry.client_id.as_ref()));
    line("changed", optional(entry.changed.as_ref()));
    line("detail_hash", Some(&entry.detail_hash));
    line("previous_hash", Some(&entry.previous_hash));
    text
}

fn optional<T: Display>(value: Option<&T>) -> Option<&dyn Display> {
    value.map(|value| value as &dyn Display)
}

#[cfg(test)]
mod tests {
    use super::*;
    use entities::audit_entry::Refusal;
    use uuid::Uuid;

    #[test]
    fn the_hash_is_that_of_the_documented_text() {
        let entry = Model { sequence: 1, format: 1, previous_hash: FIRST.to_owned(), ..Model::default() };
        let nil = Uuid::nil();
        let lines = [
            "format: 1".to_owned(),
            format!("organization: {nil}"),
            "sequence: 1".to_owned(),
            format!("id: {nil}"),
            "created_at: 0".to_owned(),
            "action: SIGNED_IN".to_owned(),
            "actor_kind: CLIENT".to_owned(),
            format!("subject: {nil}"),
            "detail_hash: ".to_owned(),
            format!("previous_hash: {FIRST}\n"),
        ];
        assert_eq!(text(&entry), lines.join("\n"));
        assert_eq!(hash(&entry), sha256(lines.join("\n").as_bytes()));
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn each_property_changes_the_hash() {
        let entry = Model::default();
        let id = Some(Uuid::max());
        let others = [
            Model { sequence: 2, ..entry.clone() },
            Model { actor_id: id, ..entry.clone() },
            Model { membership_id: id, ..entry.clone() },
            Model { session_id: id, ..entry.clone() },
            Model { client_id: id, ..entry.clone() },
            Model { refusal: Some(Refusal::TokenReused), ..entry.clone() },
            Model { changed: Some("role".to_owned()), ..entry.clone() },
        ];
        let mut hashes: Vec<_> = others.iter().chain([&entry]).map(hash).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), 8);
    }
}
