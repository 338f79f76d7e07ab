//! Attackers in large numbers. Each function is one attacker, from its connection until the server ends it. They use
//! many addresses of this machine.

use dossier_seed::generated::Random;
use serde_json::{Value, json};
use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{sleep, timeout},
};

/// The number of attackers with the same address.
const NEIGHBOURS: u16 = 100;

/// A query with a long answer: a few of them fill the system's buffers of a client that does not read.
const SCHEMA: &str =
    "{ __schema { types { name description fields { name description args { name description } } } } }";

/// Subscribes and queries, then sends nothing, not even pongs, and reads nothing for this long.
pub async fn deaf(server: SocketAddr, token: &str, number: u16, lasts: Duration) -> io::Result<()> {
    let mut stream = upgraded(server, number).await?;
    let authorization = json!({ "Authorization": format!("Bearer {token}") });
    let mut messages = vec![json!({ "type": "connection_init", "payload": authorization })];
    let ask =
        |id: usize, query: &str| json!({ "id": id.to_string(), "type": "subscribe", "payload": { "query": query } });
    messages.push(ask(0, "subscription { dossierEvents { type subjectId actor { displayName } } }"));
    messages.extend((1..20).map(|id| ask(id, SCHEMA)));
    for message in messages {
        stream.write_all(&frame(&message)).await?;
    }
    sleep(lasts).await;
    // The buffered bytes come first, then the end.
    let mut kept = vec![0; 1 << 20];
    while stream.read(&mut kept).await? > 0 {}
    Ok(())
}

/// Sends garbage until the server closes the connection.
pub async fn garbage(server: SocketAddr, number: u16) -> io::Result<()> {
    let mut random = Random::new(1, number.into());
    let mut stream =
        if number.is_multiple_of(10) { connect(server, number).await? } else { upgraded(server, number).await? };
    let mut buffer = [0; 1024];
    loop {
        let nothing: Vec<u8> = (0..64).flat_map(|_| random.draw().to_le_bytes()).collect();
        stream.write_all(&nothing).await?;
        match timeout(Duration::from_millis(100), stream.read(&mut buffer)).await {
            Ok(Ok(0)) => return Ok(()),
            Ok(read) => drop(read?),
            Err(_) => {}
        }
    }
}

/// Sends a request very slowly until the server closes the connection.
pub async fn loris(server: SocketAddr, number: u16) -> io::Result<()> {
    let mut stream = connect(server, number).await?;
    let head = format!("POST /graphql HTTP/1.1\r\nX-Long: {}", "x".repeat(1 << 20));
    let mut buffer = [0; 1024];
    for letter in head.bytes() {
        stream.write_all(&[letter]).await?;
        if let Ok(read) = timeout(Duration::from_millis(500), stream.read(&mut buffer)).await
            && read? == 0
        {
            return Ok(());
        }
    }
    Ok(())
}

async fn connect(server: SocketAddr, number: u16) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    let [high, low] = (number / NEIGHBOURS).to_be_bytes();
    socket.bind((Ipv4Addr::new(127, 1 + high, low, 1), 0).into())?;
    socket.connect(server).await
}

async fn upgraded(server: SocketAddr, number: u16) -> io::Result<TcpStream> {
    let mut stream = connect(server, number).await?;
    let request = format!(
        "GET /graphql HTTP/1.1\r\nHost: {server}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await?);
    }
    Ok(stream)
}

/// Returns a message as a frame of less than 64 KiB, with a mask of zeros.
fn frame(message: &Value) -> Vec<u8> {
    let text = message.to_string();
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX).to_be_bytes();
    [&[0x81, 0xfe], &length[..], &[0; 4], text.as_bytes()].concat()
}
