//! The server: HTTP/1.1 and HTTP/2 on one port. Each connection has its own limits, so that idle connections leave room
//! for others.

mod normalize;
mod timeout_stream;
mod timeouts;

pub use timeouts::Timeouts;

use super::drain::Drain;
use crate::address::Peer;
use axum::{
    Router,
    extract::Request,
    http::{Extensions, StatusCode},
    response::Response,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto::{Builder, UpgradeableConnection},
        graceful::GracefulShutdown,
    },
};
use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};
use timeout_stream::{ConnectionState, TimeoutStream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tower::ServiceExt;
use tracing::Instrument;

/// The interval of keepalive pings on an HTTP/2 connection, and the maximum time for the answer.
const KEEPALIVE: Duration = Duration::from_secs(20);

/// The maximum number of simultaneous requests on an HTTP/2 connection.
const MAX_STREAMS: u32 = 100;

/// The pause after a connection could not be accepted. The usual reason is a lack of file descriptors.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);

/// The maximum time for refusing a connection when the server is full.
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(1);

/// The maximum number of connections that are being refused at a time. Further connections are closed without a
/// response.
const MAX_REFUSALS: usize = 100;

/// The response to a connection when the server is full. Pages of all origins may read it, because it contains no data.
const FULL: &str = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json; charset=utf-8\r\n\
    Retry-After: 1\r\nConnection: close\r\n\
    Access-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: Retry-After\r\n\r\n\
    {\"errors\":[{\"message\":\"The server has too many open connections; try again later\",\
    \"extensions\":{\"code\":\"SERVICE_UNAVAILABLE\"}}]}";

/// Serves all connections until the drain begins, and returns when all have ended. A WebSocket still counts as a
/// connection, but `serve` does not wait for it.
pub async fn serve(listener: TcpListener, router: Router, max_connections: u32, timeouts: Timeouts, mut drain: Drain) {
    let (permits, refusals) = (
        Arc::new(Semaphore::new(max_connections.try_into().unwrap_or(Semaphore::MAX_PERMITS))),
        Arc::new(Semaphore::new(MAX_REFUSALS)),
    );
    let (builder, graceful) = (builder(timeouts), GracefulShutdown::new());
    let service = Service { router, spelling: normalize::of_websockets().await.into() };
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = drain.started() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                sleep(ACCEPT_RETRY).await;
                continue;
            }
        };
        if let Ok(permit) = permits.clone().try_acquire_owned() {
            let connection = connection(&builder, stream, peer, permit, timeouts, service.clone());
            let watched = graceful.watch(connection);
            tokio::spawn(async move {
                // An error of a connection cannot be reported to anybody.
                let _ = watched.await;
            });
        } else if let Ok(permit) = refusals.clone().try_acquire_owned() {
            tokio::spawn(refuse(stream, permit).in_current_span());
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

/// Handles the requests of all connections.
#[derive(Clone)]
struct Service {
    router: Router,
    spelling: Arc<Extensions>,
}

impl Service {
    async fn answer(self, request: Request<hyper::body::Incoming>) -> Result<Response, Infallible> {
        let mut response = self.router.oneshot(request).await?;
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            response.extensions_mut().extend(Extensions::clone(&self.spelling));
        }
        Ok(response)
    }
}

fn builder(timeouts: Timeouts) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(timeouts.idle);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(KEEPALIVE)
        .keep_alive_timeout(KEEPALIVE)
        .max_concurrent_streams(MAX_STREAMS)
        // A WebSocket over HTTP/2 begins with CONNECT.
        .enable_connect_protocol();
    builder
}

/// Serves one connection until it ends.
fn connection(
    builder: &Builder<TokioExecutor>,
    stream: TcpStream,
    peer: SocketAddr,
    permit: OwnedSemaphorePermit,
    timeouts: Timeouts,
    service: Service,
) -> UpgradeableConnection<
    'static,
    TokioIo<TimeoutStream>,
    impl hyper::service::Service<
        Request<hyper::body::Incoming>,
        Response = Response,
        Error = Infallible,
        Future: Send + 'static,
    > + use<>,
    TokioExecutor,
> {
    // Responses are written at once, so waiting for more data would only delay them.
    let _ = stream.set_nodelay(true);
    let state = ConnectionState::default();
    let io = TokioIo::new(TimeoutStream::new(stream, permit, timeouts, state.clone()));
    let service = hyper::service::service_fn(move |mut request: Request<hyper::body::Incoming>| {
        state.request_begun(request.version());
        request.extensions_mut().insert(Peer(peer));
        let (service, state) = (service.clone(), state.clone());
        async move {
            let response = service.answer(request).await?;
            state.request_ended(response.status());
            Ok(response)
        }
    });
    builder.serve_connection_with_upgrades(io, service).into_owned()
}

/// Sends the reason while the client reads. The request is read, because unread data would turn the response into a
/// reset.
async fn refuse(mut stream: TcpStream, _permit: OwnedSemaphorePermit) {
    let refusal = async {
        stream.write_all(FULL.as_bytes()).await?;
        stream.shutdown().await?;
        let mut rest = [0; 1024];
        while stream.read(&mut rest).await? > 0 {}
        Ok::<_, std::io::Error>(())
    };
    let _ = timeout(REFUSAL_TIMEOUT, refusal).await;
}
