//! Positions in the outbox.

use serde::{Deserialize, Serialize};

/// A position in the outbox. Events up to this number are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Sequence(pub i64);
