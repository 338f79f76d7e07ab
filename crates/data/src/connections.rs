//! The parts that connections to both databases share.

/// How often an unusable connection is replaced before the database counts as unavailable. It exceeds the size of a
/// pool, because all connections of a pool are dead after a restart of the database.
pub(super) const ATTEMPTS: usize = 64;

/// The numbers of connections.
#[derive(Clone, Copy, Debug)]
pub struct Connections {
    /// Open connections.
    pub open: usize,
    /// Open connections that nobody uses.
    pub idle: usize,
    /// The maximum number of open connections.
    pub most: usize,
}
