//! The permission to change a row.

use dossier_policy::ActionPolicy;
use std::ops::Deref;

/// A row that the viewer may change. Only a permission check of [`WriteTx`](crate::WriteTx) creates one. A change of a
/// row requires one.
#[derive(Debug)]
pub struct Allowed<E: ActionPolicy> {
    row: E::Model,
}

impl<E: ActionPolicy> Allowed<E> {
    pub(super) fn new(row: E::Model) -> Self {
        Self { row }
    }

    /// Returns the row without the permission.
    pub fn into_row(self) -> E::Model {
        self.row
    }
}

impl<E: ActionPolicy> Deref for Allowed<E> {
    type Target = E::Model;

    fn deref(&self) -> &E::Model {
        &self.row
    }
}
