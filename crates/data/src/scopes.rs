//! How the scopes that a session is limited to are stored: as names, or not at all where there is no limit.

use dossier_core::scope::Scopes;

/// Returns the limit that is stored.
pub(crate) fn limit(stored: Option<&str>) -> Scopes {
    stored.map_or(Scopes::ALL, Scopes::read)
}

/// Returns what is stored of a limit.
pub(crate) fn stored(limit: Scopes) -> Option<String> {
    (limit != Scopes::ALL).then(|| limit.to_string())
}
