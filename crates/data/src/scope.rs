//! The rows that a query can find.

use super::{ReadTx, Transaction, options::RlsMode};
use dossier_core::viewer::{SystemPurpose, Viewer};
use dossier_policy::RowPolicy;
use sea_orm::{Condition, QueryFilter, Select};
use uuid::Uuid;

/// The rows from which a query starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// The rows that the viewer sees.
    Visible,
    /// The deleted rows that the viewer sees and that can be restored.
    Trash,
    /// The rows of this organization, also deleted rows that are still recorded.
    Whole(Uuid),
}

impl Scope {
    /// Selects the rows that meet the condition.
    pub(super) fn select<E: RowPolicy>(self, read_tx: &ReadTx, condition: Condition) -> Select<E> {
        let seen = match self {
            Self::Visible | Self::Trash => E::visible_to(&read_tx.viewer),
            Self::Whole(organization) => E::visible_to(&Viewer::system(organization, SystemPurpose::Checks)),
        };
        self.existing(seen).filter(condition)
    }

    /// Selects the same rows, for a statement that may read all of them.
    pub(super) fn list<E: RowPolicy>(self, read_tx: &ReadTx, condition: Condition) -> Select<E> {
        match self {
            Self::Visible | Self::Trash => self.existing(E::listed_for(&read_tx.viewer)).filter(condition),
            Self::Whole(_) => self.select(read_tx, condition),
        }
    }

    fn existing<E: RowPolicy>(self, seen: Condition) -> Select<E> {
        let rows = E::find().filter(seen);
        match (self, E::live()) {
            (Self::Visible, Some(live)) => rows.filter(live),
            (Self::Trash, _) => rows.filter(E::trash()),
            (Self::Visible, None) | (Self::Whole(_), _) => rows,
        }
    }

    /// Returns the transaction with the Row Level Security mode that these rows need.
    pub(super) fn transaction(self, read_tx: &ReadTx) -> Transaction {
        match self {
            Self::Visible | Self::Trash => read_tx.tx.clone(),
            Self::Whole(_) => read_tx.tx.with(RlsMode::Whole),
        }
    }
}
