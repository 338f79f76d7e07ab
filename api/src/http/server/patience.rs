//! How long the server waits for its clients.

use std::time::Duration;

/// How long connections are waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How long an HTTP/1.1 connection may be idle.
    pub idle: Duration,
    /// How long the head of a request may take to arrive, from its first byte; of the first one, from the beginning of
    /// the connection.
    pub head: Duration,
    /// How long a client may read nothing of what is sent to it.
    pub unread: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            // Longer than proxies keep theirs: one that is closed just when a proxy takes it up again is an error to
            // somebody.
            idle: Duration::from_secs(90),
            head: Duration::from_secs(10),
            unread: Duration::from_mins(1),
        }
    }
}
