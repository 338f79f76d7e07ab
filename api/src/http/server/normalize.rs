//! The spelling of header names. Their case does not matter, and HTTP/2 uses only lower case. Some WebSocket clients,
//! such as gql for Python, find a header only in the spelling of RFC 6455.

use axum::{extract::Request, http::Extensions, response::Response};
use hyper::{body::Incoming, server::conn::http1, service::service_fn, upgrade::OnUpgrade};
use hyper_util::rt::TokioIo;
use std::{convert::Infallible, sync::OnceLock};
use tokio::io::{AsyncWriteExt, duplex};

/// A request with the headers of an upgrade response in the spelling of RFC 6455.
const SPELLED: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Accept: x\r\nSec-WebSocket-Protocol: x\r\nSec-WebSocket-Version: x\r\n\r\n";

/// Returns response extensions with which hyper writes its headers as RFC 6455 spells them.
///
/// Their type is private to hyper, so they are taken from a request that hyper has read.
pub async fn of_websockets() -> Extensions {
    let (mut client, server) = duplex(1 << 10);
    let read = OnceLock::new();
    let service = service_fn(|request: Request<Incoming>| {
        read.get_or_init(|| request.extensions().clone());
        async { Ok::<_, Infallible>(Response::new(String::new())) }
    });
    if client.write_all(SPELLED).await.is_ok() {
        let connection =
            http1::Builder::new().preserve_header_case(true).serve_connection(TokioIo::new(server), service);
        // If this fails, the headers are in lower case.
        let _ = connection.await;
    }
    let mut spelling = read.into_inner().unwrap_or_default();
    spelling.remove::<OnUpgrade>();
    spelling
}
