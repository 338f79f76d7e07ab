//! The observation of one open socket.

use super::{Metrics, metrics::Open};
use crate::error_code::Code;
use std::{borrow::Cow, time::Instant};

/// Counts and logs a socket when it is created and when it is dropped.
pub struct Socket {
    /// The id of its handshake request. The ids of its operations begin with it.
    request_id: String,
    metrics: Metrics,
    begun: Instant,
    /// The close code, if the server closes the socket, and the reason.
    end: Option<(Option<u16>, Cow<'static, str>)>,
    _open: Open,
}

impl Socket {
    /// Records that a socket has opened.
    pub fn open(metrics: &Metrics, request_id: &str) -> Self {
        tracing::info!(id = request_id, "socket opened");
        Self {
            request_id: request_id.to_owned(),
            metrics: metrics.clone(),
            begun: Instant::now(),
            end: None,
            _open: metrics.socket_opened(),
        }
    }

    /// Records that the socket closes.
    pub fn close(mut self, code: Option<u16>, reason: Cow<'static, str>) {
        self.end = Some((code, reason));
    }

    /// Records that a token or a document was refused before its execution.
    pub fn refused(&self, code: Code) {
        self.metrics.refused(code.as_str());
        tracing::info!(id = self.request_id, codes = code.as_str(), "refused on a socket");
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let duration_ms = super::log::milliseconds(self.begun.elapsed());
        let (code, reason) = self.end.take().unwrap_or_default();
        self.metrics.socket_closed(match &reason {
            Cow::Borrowed("") => "server-stopped",
            Cow::Borrowed(reason) => reason,
            // The text is not a constant. The code is sufficient here.
            Cow::Owned(_) => "wrong-message",
        });
        let reason = &*reason;
        tracing::info!(id = self.request_id, duration_ms, code, reason, "socket closed");
    }
}
