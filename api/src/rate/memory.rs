//! The debts of this process's callers.

use super::bucket;
use quick_cache::unsync::Cache;
use std::sync::{Mutex, PoisonError};
use tokio::time::Instant;

/// The maximum number of debts in memory, about 10 MB. A forgotten caller has no debt.
const MAX_DEBTS: usize = 100_000;

/// The times when the debts will be zero, in microseconds since the start.
pub struct Memory {
    began: Instant,
    paid: Mutex<Cache<String, u64>>,
}

impl Default for Memory {
    fn default() -> Self {
        Self { began: Instant::now(), paid: Mutex::new(Cache::new(MAX_DEBTS)) }
    }
}

impl Memory {
    /// Charges these debts, all or none. Returns whether they fit, and their new values. If the units are already
    /// `used`, they always fit.
    pub fn charge(&self, keys: &[String], prices: &[u64], period: u64, used: bool) -> (bool, Vec<u64>) {
        let now = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        let mut paid = self.paid.lock().unwrap_or_else(PoisonError::into_inner);
        let mut debts: Vec<_> =
            keys.iter().map(|key| paid.get(key).map_or(0, |paid| paid.saturating_sub(now))).collect();
        let fits = bucket::charge(&mut debts, prices, period, used);
        if fits {
            keys.iter().zip(&debts).for_each(|(key, debt)| paid.insert(key.clone(), now + debt));
        }
        (fits, debts)
    }
}
