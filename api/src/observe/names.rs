//! The names of operations that metrics tell apart. A client chooses them, and each costs memory here and in every
//! system that reads the metrics: only so many are kept, and all others are one.

use std::{
    collections::HashSet,
    sync::{PoisonError, RwLock},
};

/// What the names beyond those that are kept are called.
const OTHER: &str = "other";

/// What an operation without a name is called.
const UNNAMED: &str = "unnamed";

/// The longest name, in bytes.
const MAX_LENGTH: usize = 64;

/// How many names are told apart.
const MAX_NAMES: usize = 100;

/// The name as it may be shown: none of those that are too long.
pub(super) fn bounded(name: Option<&str>) -> &str {
    match name {
        None => UNNAMED,
        Some(name) if name.len() <= MAX_LENGTH && name.bytes().all(is_name) => name,
        Some(_) => OTHER,
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The names that are kept: the first that came.
#[derive(Default)]
pub(super) struct Names(RwLock<HashSet<String>>);

impl Names {
    /// Returns the name under which an operation is counted. A new name is kept when there is room, the operation went
    /// well and its caller is signed in: strangers, and operations that fail, may bring any number of names.
    pub(super) fn counted<'n>(&self, name: Option<&'n str>, went_well: bool, signed_in: bool) -> &'n str {
        let name = bounded(name);
        if name == UNNAMED || self.0.read().unwrap_or_else(PoisonError::into_inner).contains(name) {
            return name;
        }
        if went_well && signed_in && self.keep(name) { name } else { OTHER }
    }

    fn keep(&self, name: &str) -> bool {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        kept.contains(name) || (kept.len() < MAX_NAMES && kept.insert(name.to_owned()))
    }
}
