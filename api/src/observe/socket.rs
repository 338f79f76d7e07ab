//! One open socket.

use super::{Metrics, metrics::Open};
use crate::error_code::Code;
use std::{borrow::Cow, time::Instant};

/// Counts a socket and tells of it: when it is made, and when it is dropped.
pub struct Socket {
    /// Of the request that it began as; its operations carry it, too.
    request_id: String,
    metrics: Metrics,
    begun: Instant,
    /// Why it closes: the code that it is closed with, if the server does it, and the reason.
    end: Option<(Option<u16>, Cow<'static, str>)>,
    _open: Open,
}

impl Socket {
    /// A socket has opened.
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

    /// It closes.
    pub fn close(mut self, code: Option<u16>, reason: Cow<'static, str>) {
        self.end = Some((code, reason));
    }

    /// Something that came through it is refused before it is executed: a token, or a document.
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
            // Told with words of its own; its code says enough here.
            Cow::Owned(_) => "wrong-message",
        });
        let reason = &*reason;
        tracing::info!(id = self.request_id, duration_ms, code, reason, "socket closed");
    }
}
