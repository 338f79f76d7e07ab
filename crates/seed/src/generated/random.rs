//! Reproducible random numbers: the same seed always gives the same draws. The generator is implemented here, because
//! that of a library may change with its version.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// `SplitMix64` (Steele, Lea and Flood, 2014): fast, and good enough for names and dates.
pub struct Random(u64);

impl Random {
    /// Creates the generator of one of a seed's streams.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut mixed = Self(seed);
        Self(mixed.draw() ^ stream.wrapping_mul(0xD6E8_FEB8_6659_FD93))
    }

    /// Returns 64 random bits.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Returns a number in `0..end`, or 0 if `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        // The high half of the product is uniform enough, and always less than `end`.
        u64::try_from((u128::from(self.draw()) * u128::from(end)) >> 64).unwrap_or_default()
    }

    /// Returns true in this percentage of calls.
    pub fn percent(&mut self, times: u64) -> bool {
        self.below(100) < times
    }

    /// Returns one of the values, which must not be empty.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.below(of.len() as u64)).unwrap_or_default()]
    }

    /// Returns a time in `from..from + span`.
    pub fn time(&mut self, from: DateTime<Utc>, span: TimeDelta) -> DateTime<Utc> {
        let micros = u64::try_from(span.num_microseconds().unwrap_or_default()).unwrap_or_default();
        from + TimeDelta::microseconds(self.below(micros).cast_signed())
    }

    /// Returns a `UUIDv7` of that time.
    pub fn id(&mut self, at: DateTime<Utc>) -> Uuid {
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.draw().to_be_bytes());
        random[8..].copy_from_slice(&self.draw().to_be_bytes()[..2]);
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// Returns random text in the format of a SHA-256, in hexadecimal.
    pub fn sha256(&mut self) -> String {
        let [a, b, c, d] = [self.draw(), self.draw(), self.draw(), self.draw()];
        format!("{a:016x}{b:016x}{c:016x}{d:016x}")
    }
}
