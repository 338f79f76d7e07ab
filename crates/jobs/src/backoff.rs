//! Pauses between attempts.

use std::time::Duration;
use uuid::Uuid;

/// How long a failed job waits before its next attempt: the pause doubles with each attempt up to a maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The longest pause after the first failed attempt.
    pub first: Duration,
    /// The longest pause after any attempt.
    pub max: Duration,
}

impl Backoff {
    /// Returns the pause after a failed attempt, where the first attempt is 1: between half of the full pause and all
    /// of it. Jobs that fail together are thereby not retried together.
    pub fn pause(self, attempt: u32, job: Uuid) -> Duration {
        let doublings = attempt.saturating_sub(1).min(31);
        let full = self.first.saturating_mul(1 << doublings).min(self.max);
        let half = full / 2;
        half + half.mul_f64(fraction(job, attempt))
    }
}

/// Returns a number from 0 to 1, without the 1, that differs from job to job and from attempt to attempt. The last 62
/// bits of a `UUIDv7` are random; the mixing is that of `SplitMix64`.
fn fraction(job: Uuid, attempt: u32) -> f64 {
    let mut mixed = job.as_u64_pair().1.wrapping_add(u64::from(attempt).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    f64::from(u32::try_from(mixed >> 32).unwrap_or_default()) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff { first: Duration::from_secs(10), max: Duration::from_mins(10) };

    fn job(number: u64) -> Uuid {
        Uuid::from_u64_pair(0, number.wrapping_mul(0x2545_f491_4f6c_dd1d))
    }

    #[test]
    fn pauses_double_up_to_the_maximum() {
        for (attempt, full) in [(1, 10), (2, 20), (3, 40), (6, 320), (7, 600), (100, 600), (u32::MAX, 600)] {
            let pause = BACKOFF.pause(attempt, job(1));
            let full = Duration::from_secs(full);
            assert!(pause >= full / 2 && pause <= full, "attempt {attempt}: {pause:?}");
        }
    }

    #[test]
    fn pauses_of_jobs_and_attempts_differ() {
        let pauses: Vec<_> = (0..1000).map(|number| BACKOFF.pause(1, job(number))).collect();
        let early = pauses.iter().filter(|pause| **pause < Duration::from_millis(7500)).count();
        assert!((400..600).contains(&early), "{early} of 1000 are in the first half");
        assert_ne!(BACKOFF.pause(7, job(1)), BACKOFF.pause(8, job(1)));
    }
}
