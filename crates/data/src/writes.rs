//! Remembers whether the database stored what was written to it.

use dossier_core::error::cannot_store;
use sea_orm::DbErr;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Remembers a write that the database could not store. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct Writes {
    pub(super) failing: Arc<AtomicBool>,
}

impl Writes {
    /// Remembers an error if it means that the database could not store something.
    pub(super) fn note<T>(&self, result: Result<T, DbErr>) -> Result<T, DbErr> {
        if result.as_ref().is_err_and(cannot_store) {
            self.failing.store(true, Ordering::Relaxed);
        }
        result
    }
}
