//! The arithmetic of a limit. A caller has a debt, measured in time. Using the API increases it, and time decreases it.
//! A request that would bring the debt over the period of its limit, such as a minute, is refused.
//!
//! This is the generic cell rate algorithm (GCRA, known from ATM networks). It is the simplest exact algorithm: its
//! only state is the time when the debt will be zero, for each caller and limit. The state is the same number in memory
//! and in Redis. A fixed window of a minute would need as much state, and would allow twice the limit around its end.
//! The `governor` crate has the same algorithm, but works only within a process and does not expose its arithmetic.

/// The time for which most limits are defined, in microseconds. In this time, the largest debt decreases to zero.
pub const MINUTE: u64 = 60_000_000;

/// The time for which the limits of mails are defined.
pub const DAY: u64 = 24 * 60 * MINUTE;

/// Returns how much this use increases the debt, in microseconds. A use of more than the whole limit costs the whole
/// limit, because it would otherwise be refused forever.
pub fn price(amount: u64, limit: u32, period: u64) -> u64 {
    (amount.saturating_mul(period) / u64::from(limit.max(1))).min(period)
}

/// Returns how much can still be used.
pub fn left(debt: u64, limit: u32, period: u64) -> u32 {
    let left = period.saturating_sub(debt) * u64::from(limit) / period;
    u32::try_from(left).unwrap_or(limit)
}

/// Adds the prices to the debts if all of them fit, or none of them. If the units are already used, the prices are
/// always added.
pub fn charge(debts: &mut [u64], prices: &[u64], period: u64, used: bool) -> bool {
    let fits = used || debts.iter().zip(prices).all(|(debt, price)| debt + price <= period);
    if fits {
        debts.iter_mut().zip(prices).for_each(|(debt, price)| *debt += price);
    }
    fits
}
