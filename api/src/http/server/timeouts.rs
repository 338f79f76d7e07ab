//! The timeouts of connections.

use std::time::Duration;

/// The timeouts of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// The maximum idle time of an HTTP/1.1 connection.
    pub idle: Duration,
    /// The maximum time for receiving the head of a request, from its first byte. For the first request, the time
    /// counts from the beginning of the connection.
    pub head: Duration,
    /// The maximum time for which a client may read nothing.
    pub unread: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            // Longer than the idle timeout of proxies. If the server closed a connection just when a proxy reuses it, a
            // request would fail.
            idle: Duration::from_secs(90),
            head: Duration::from_secs(10),
            unread: Duration::from_mins(1),
        }
    }
}
