//! A limit for the rows that an operation may read to count, to sum or to search, besides those that it returns.

use dossier_core::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{Mutex, MutexGuard};

/// More rows than any organization has. `LIMIT` accepts it on both databases.
const UNLIMITED: u64 = 1 << 40;

/// The rows that an operation may read.
#[derive(Debug)]
pub struct RowBudget {
    /// The number of rows at the start.
    rows: u64,
    left: AtomicU64,
    /// The current statement holds this lock, because the next one may read only the rows that this one leaves.
    turn: Mutex<()>,
}

impl Default for RowBudget {
    fn default() -> Self {
        Self::new(UNLIMITED)
    }
}

impl RowBudget {
    /// Creates a budget of this many rows.
    pub fn new(rows: u64) -> Self {
        Self { rows, left: rows.into(), turn: Mutex::default() }
    }

    /// Reserves all remaining rows for one statement. Rows that the statement does not report are spent, because nobody
    /// knows how many rows an interrupted statement read.
    pub(super) async fn reserve(&self) -> Reserved<'_> {
        let turn = self.turn.lock().await;
        Reserved { budget: self, rows: self.left.swap(0, Ordering::Relaxed), _turn: turn }
    }

    /// Returns how many rows were read.
    pub fn used(&self) -> u64 {
        self.rows - self.left.load(Ordering::Relaxed)
    }
}

/// The rows that one statement may read.
pub(super) struct Reserved<'b> {
    budget: &'b RowBudget,
    rows: u64,
    _turn: MutexGuard<'b, ()>,
}

impl Reserved<'_> {
    /// Returns the `LIMIT` of the statement. It is one row more than the budget allows, which shows that there are too
    /// many rows.
    pub(super) fn limit(&self) -> u64 {
        self.rows + 1
    }

    /// Reports how many rows the statement read. Fails if they exceed the budget.
    pub(super) fn spend(self, rows: u64) -> Result<(), Error> {
        let left = self.rows.checked_sub(rows).ok_or(Error::OverBudget)?;
        self.budget.left.store(left, Ordering::Relaxed);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn rows_that_are_not_reported_are_spent() {
        let budget = RowBudget::new(10);
        let reserved = budget.reserve().await;
        assert_eq!(reserved.limit(), 11);
        reserved.spend(4).unwrap();
        assert_eq!(budget.used(), 4);
        drop(budget.reserve().await);
        assert_eq!(budget.used(), 10);
        assert!(matches!(budget.reserve().await.spend(1), Err(Error::OverBudget)));
    }

    #[tokio::test]
    async fn too_many_rows_are_refused_and_spend_the_whole_budget() {
        let budget = RowBudget::new(10);
        assert!(matches!(budget.reserve().await.spend(11), Err(Error::OverBudget)));
        assert_eq!(budget.used(), 10);
    }
}
