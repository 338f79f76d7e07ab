//! Chance that repeats itself: the same seed gives the same draws, for ever. Hence a generator that is written down
//! here, where a library's may change with its version.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// `SplitMix64` (Steele, Lea and Flood, 2014): fast, and good enough for names and dates.
pub struct Random(u64);

impl Random {
    /// The draws of one of a seed's streams.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut mixed = Self(seed);
        Self(mixed.draw() ^ stream.wrapping_mul(0xD6E8_FEB8_6659_FD93))
    }

    /// Any 64 bits.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, without, `end`; 0 when there is none.
    pub fn below(&mut self, end: u64) -> u64 {
        // The high half of the product is uniform enough, and never `end` itself.
        u64::try_from((u128::from(self.draw()) * u128::from(end)) >> 64).unwrap_or_default()
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, times: u64) -> bool {
        self.below(100) < times
    }

    /// One of them; there must be one.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.below(of.len() as u64)).unwrap_or_default()]
    }

    /// A time from `from` on, less than `span` later.
    pub fn time(&mut self, from: DateTime<Utc>, span: TimeDelta) -> DateTime<Utc> {
        let micros = u64::try_from(span.num_microseconds().unwrap_or_default()).unwrap_or_default();
        from + TimeDelta::microseconds(self.below(micros).cast_signed())
    }

    /// A `UUIDv7` of that time.
    pub fn id(&mut self, at: DateTime<Utc>) -> Uuid {
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.draw().to_be_bytes());
        random[8..].copy_from_slice(&self.draw().to_be_bytes()[..2]);
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// What could be a SHA-256, in hexadecimal.
    pub fn sha256(&mut self) -> String {
        let [a, b, c, d] = [self.draw(), self.draw(), self.draw(), self.draw()];
        format!("{a:016x}{b:016x}{c:016x}{d:016x}")
    }
}
