//! How a limit counts. A caller has a debt, in time: whatever it uses adds to it, and it is paid off by waiting. What
//! would bring the debt over a minute is refused.
//!
//! It is the generic cell rate algorithm (GCRA, known from ATM networks), for that is the simplest which is exact: all
//! of it is one point in time for each caller and limit, when the debt is paid. It is the same number in memory and in
//! Redis. A window of a minute would need as much, and let twice the limit through around its end; the `governor` crate
//! does the same, but only within a process, and keeps its arithmetic to itself.

/// How long it takes to pay off the largest debt, in microseconds: what limits are given for.
pub const PERIOD: u64 = 60_000_000;

/// How much using so much adds to the debt, in microseconds. What is more than a limit allows at all takes all of it:
/// refused for ever would help nobody.
pub fn price(amount: u64, limit: u32) -> u64 {
    (amount.saturating_mul(PERIOD) / u64::from(limit.max(1))).min(PERIOD)
}

/// How much can still be used.
pub fn left(debt: u64, limit: u32) -> u32 {
    let left = PERIOD.saturating_sub(debt) * u64::from(limit) / PERIOD;
    u32::try_from(left).unwrap_or(limit)
}

/// Adds the prices to the debts if all of them fit, else none. What was used already is added in any case.
pub fn charge(debts: &mut [u64], prices: &[u64], used: bool) -> bool {
    let fits = used || debts.iter().zip(prices).all(|(debt, price)| debt + price <= PERIOD);
    if fits {
        debts.iter_mut().zip(prices).for_each(|(debt, price)| *debt += price);
    }
    fits
}
