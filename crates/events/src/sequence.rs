//! Positions in the outbox.

use serde::{Deserialize, Serialize};

/// Everything up to this number is done with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Sequence(pub i64);
