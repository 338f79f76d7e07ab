//! `dossier health`: a health check for containers and units without an HTTP client.

use super::output;
use crate::config::Config;
use dossier_core::error::BoxError;
use std::{net::Ipv4Addr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// A little longer than the server waits for its dependencies.
const MAX_WAIT: Duration = Duration::from_secs(4);

/// Asks the server of this configuration whether it is ready, and prints the answer. Fails if it is not.
pub async fn health(config: &Config) -> Result<(), BoxError> {
    let mut address = config.listen;
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    let asked = timeout(MAX_WAIT, ask(address)).await.map_err(|_| format!("{address} does not answer"))?;
    let answer = asked.map_err(|error| format!("{address}: {error}"))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    output::line(body)?;
    if head.split(' ').nth(1) == Some("200") { Ok(()) } else { Err("the server is not ready".into()) }
}

async fn ask(address: std::net::SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}
