//! Limits how many rows an operation may look at besides those that it returns: to count, to sum, to search.

use dossier_core::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{Mutex, MutexGuard};

/// More rows than any organization has. `LIMIT` takes it on both databases.
const UNLIMITED: u64 = 1 << 40;

/// The rows that an operation may look at.
#[derive(Debug)]
pub struct RowBudget {
    /// How many it may look at in all.
    rows: u64,
    left: AtomicU64,
    /// Held by the statement that looks at rows now: the next one may look at what this one leaves.
    turn: Mutex<()>,
}

impl Default for RowBudget {
    fn default() -> Self {
        Self::new(UNLIMITED)
    }
}

impl RowBudget {
    /// Allows so many rows.
    pub fn new(rows: u64) -> Self {
        Self { rows, left: rows.into(), turn: Mutex::default() }
    }

    /// Reserves all rows that are left for one statement. Rows that the statement does not report are used up: it broke
    /// off, and nobody knows how many it looked at.
    pub(super) async fn reserve(&self) -> Reserved<'_> {
        let turn = self.turn.lock().await;
        Reserved { budget: self, rows: self.left.swap(0, Ordering::Relaxed), _turn: turn }
    }

    /// How many rows were looked at.
    pub fn used(&self) -> u64 {
        self.rows - self.left.load(Ordering::Relaxed)
    }
}

/// The rows that one statement may look at.
pub(super) struct Reserved<'b> {
    budget: &'b RowBudget,
    rows: u64,
    _turn: MutexGuard<'b, ()>,
}

impl Reserved<'_> {
    /// The `LIMIT` of the statement: one row more than is allowed tells that there are too many.
    pub(super) fn limit(&self) -> u64 {
        self.rows + 1
    }

    /// Reports how many rows the statement looked at; fails if they were more than it may.
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
    async fn what_is_not_reported_is_used_up() {
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
    async fn more_rows_than_are_allowed_are_refused_and_all_of_them_are_used() {
        let budget = RowBudget::new(10);
        assert!(matches!(budget.reserve().await.spend(11), Err(Error::OverBudget)));
        assert_eq!(budget.used(), 10);
    }
}
