//! The operation names in metrics. Clients choose them, and each costs memory here and in every system that reads the
//! metrics. Only a limited number is kept, and all others share one name.

use std::{
    collections::HashSet,
    sync::{PoisonError, RwLock},
};

/// The name of all operations whose names are not kept.
const OTHER: &str = "other";

/// The name of operations without a name.
const UNNAMED: &str = "unnamed";

/// The maximum length of a name, in bytes.
const MAX_LENGTH: usize = 64;

/// The maximum number of names.
const MAX_NAMES: usize = 100;

/// Returns the name if it is not too long.
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

/// The kept names, which are the first ones.
#[derive(Default)]
pub(super) struct Names(RwLock<HashSet<String>>);

impl Names {
    /// Returns the name under which an operation is counted. A new name is kept if there is room, the operation
    /// succeeded, and its caller is signed in. Otherwise, anonymous callers and failing operations could add any number
    /// of names.
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
