//! A connection with timeouts that the HTTP server does not have. The server waits without limit for the first bytes,
//! which distinguish HTTP/1.1 from HTTP/2. It does not distinguish an idle connection from one that sends its head
//! slowly. It waits forever for a client that does not read.

use super::timeouts::Timeouts;
use axum::http::{StatusCode, Version};
use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll, ready},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::OwnedSemaphorePermit,
    time::{Instant, Sleep, sleep_until},
};

/// The head of a request is being received.
const HEAD: u8 = 0;
/// A request is being answered.
const ANSWER: u8 = 1;
/// No request is in progress. The next byte begins a head.
const IDLE: u8 = 2;
/// HTTP/2 and `WebSocket` connections, which have their own keepalive.
const UNTIMED: u8 = 3;

/// The state of a connection. The service that answers its requests updates it.
#[derive(Clone, Default)]
pub struct ConnectionState(Arc<AtomicU8>);

impl ConnectionState {
    /// Records that a complete head was received.
    pub fn request_begun(&self, version: Version) {
        self.0.store(if version == Version::HTTP_2 { UNTIMED } else { ANSWER }, Ordering::Relaxed);
    }

    /// Records that the response is being sent.
    pub fn request_ended(&self, status: StatusCode) {
        if status == StatusCode::SWITCHING_PROTOCOLS {
            self.0.store(UNTIMED, Ordering::Relaxed);
        }
        let _ = self.0.compare_exchange(ANSWER, IDLE, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Records that bytes were received. Returns whether they begin a head.
    fn received(&self) -> bool {
        self.0.compare_exchange(IDLE, HEAD, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    fn is_head(&self) -> bool {
        self.0.load(Ordering::Relaxed) == HEAD
    }
}

/// A connection with timeouts. It counts as a connection as long as it lives, also after an upgrade.
pub struct TimeoutStream {
    stream: TcpStream,
    state: ConnectionState,
    timeouts: Timeouts,
    head: Pin<Box<Sleep>>,
    /// Set while the client reads nothing.
    writing: Option<Pin<Box<Sleep>>>,
    _permit: OwnedSemaphorePermit,
}

impl TimeoutStream {
    /// Creates the stream of a new connection.
    pub fn new(stream: TcpStream, permit: OwnedSemaphorePermit, timeouts: Timeouts, state: ConnectionState) -> Self {
        let head = Box::pin(sleep_until(Instant::now() + timeouts.head));
        Self { stream, state, timeouts, head, writing: None, _permit: permit }
    }

    /// Returns the result of a write, or a timeout.
    fn or_timeout<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.writing = None;
            return written;
        }
        let end = Instant::now() + self.timeouts.unread;
        let begun = || Box::pin(sleep_until(end));
        ready!(self.writing.get_or_insert_with(begun).as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for TimeoutStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before && self.state.received() {
            let end = Instant::now() + self.timeouts.head;
            self.head.as_mut().reset(end);
        }
        // Received bytes do not extend the timeout, because a slow client could send single bytes.
        if self.state.is_head() && self.head.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
    }
}

impl AsyncWrite for TimeoutStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.or_timeout(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.or_timeout(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
