//! What the connections to either database have in common.

/// How often a connection that turns out to be unusable is replaced before the database counts as away: more often than
/// a pool has connections, because after a restart of the database they are all dead.
pub(super) const ATTEMPTS: usize = 64;

/// How many connections there are.
#[derive(Clone, Copy, Debug)]
pub struct Connections {
    /// Open.
    pub open: usize,
    /// Of these, used by nobody.
    pub idle: usize,
    /// The most that may be open.
    pub most: usize,
}
