//! The server on its connections: HTTP/1.1 and HTTP/2 on one port, each connection with limits of its own, so that those
//! who open connections and then do nothing leave room for the others.

mod normalize;
mod patience;
mod timeout_stream;

pub use patience::Patience;

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
use timeout_stream::{Progress, TimeoutStream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tower::ServiceExt;
use tracing::Instrument;

/// How often an HTTP/2 connection is asked whether somebody is still there, and how long the answer may take.
const KEEPALIVE: Duration = Duration::from_secs(20);

/// The most requests that an HTTP/2 connection has at a time.
const MAX_STREAMS: u32 = 100;

/// The pause after a connection could not be accepted: mostly there are no file descriptors left.
const RECOVERY: Duration = Duration::from_millis(100);

/// How long it may take to turn away a connection that there is no room for.
const FAREWELL: Duration = Duration::from_secs(1);

/// The most connections that are being turned away at a time; what comes beyond is closed without a word.
const MAX_FAREWELLS: usize = 100;

/// The answer to a connection that there is no room for. Pages of any origin may read it, because it tells nothing about
/// anybody.
const FULL: &str = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json; charset=utf-8\r\n\
    Retry-After: 1\r\nConnection: close\r\n\
    Access-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: Retry-After\r\n\r\n\
    {\"errors\":[{\"message\":\"The server has no room for another connection; try again later\",\
    \"extensions\":{\"code\":\"SERVICE_UNAVAILABLE\"}}]}";

/// Answers on all connections until the drain begins, and returns when all have ended. A connection that became a
/// WebSocket still takes its place among the connections, but is not waited for.
pub async fn serve(listener: TcpListener, router: Router, max_connections: u32, patience: Patience, mut drain: Drain) {
    let (places, farewells) = (
        Arc::new(Semaphore::new(max_connections.try_into().unwrap_or(Semaphore::MAX_PERMITS))),
        Arc::new(Semaphore::new(MAX_FAREWELLS)),
    );
    let (builder, graceful) = (builder(patience), GracefulShutdown::new());
    let service = Service { router, spelling: normalize::of_websockets().await.into() };
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = drain.begun() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection cannot be accepted");
                sleep(RECOVERY).await;
                continue;
            }
        };
        if let Ok(place) = places.clone().try_acquire_owned() {
            let connection = connection(&builder, stream, peer, place, patience, service.clone());
            let watched = graceful.watch(connection);
            tokio::spawn(async move {
                // It ends as its client likes; nobody is left to be told.
                let _ = watched.await;
            });
        } else if let Ok(turn) = farewells.clone().try_acquire_owned() {
            tokio::spawn(turn_away(stream, turn).in_current_span());
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

/// Answers the requests of all connections.
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

fn builder(patience: Patience) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(patience.idle);
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

/// A service on one connection, as a future that ends with it.
fn connection(
    builder: &Builder<TokioExecutor>,
    stream: TcpStream,
    peer: SocketAddr,
    place: OwnedSemaphorePermit,
    patience: Patience,
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
    // An answer is written whole: to wait for more of it would only delay it.
    let _ = stream.set_nodelay(true);
    let progress = Progress::default();
    let io = TokioIo::new(TimeoutStream::new(stream, place, patience, progress.clone()));
    let service = hyper::service::service_fn(move |mut request: Request<hyper::body::Incoming>| {
        progress.request_begun(request.version());
        request.extensions_mut().insert(Peer(peer));
        let (service, progress) = (service.clone(), progress.clone());
        async move {
            let response = service.answer(request).await?;
            progress.request_ended(response.status());
            Ok(response)
        }
    });
    builder.serve_connection_with_upgrades(io, service).into_owned()
}

/// Says why, as long as somebody listens: without reading what was sent, the answer would turn into a reset.
async fn turn_away(mut stream: TcpStream, _turn: OwnedSemaphorePermit) {
    let farewell = async {
        stream.write_all(FULL.as_bytes()).await?;
        stream.shutdown().await?;
        let mut rest = [0; 1024];
        while stream.read(&mut rest).await? > 0 {}
        Ok::<_, std::io::Error>(())
    };
    let _ = timeout(FAREWELL, farewell).await;
}
