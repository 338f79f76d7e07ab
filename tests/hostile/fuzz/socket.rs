//! Generates socket traffic: protocol messages in any order, other messages, and invalid frames.

use super::{
    Finding, Target, check,
    frames::{self, ServerMessage},
    mutate,
};
use crate::support::{Value, json};
use dossier_seed::generated::Random;
use std::{fmt::Write, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

/// The time limit for answers after the last message. The server waits for the rest of an incomplete frame.
const BRIEFLY: Duration = Duration::from_millis(400);

/// Opens one socket, sends messages and checks the answers.
pub async fn turn(target: &Target, random: &mut Random) -> Result<(), Finding> {
    let sent = everything(target, random);
    let mut stream = TcpStream::connect(&target.address).await.map_err(|error| format!("no connection: {error}"))?;
    let (mut reading, mut writing) = stream.split();
    let mut received = Vec::new();
    let writes = async {
        for part in &sent {
            if writing.write_all(part).await.is_err() {
                break;
            }
            // A client that closes at once would get no answer.
            sleep(Duration::from_millis(10)).await;
        }
    };
    let reads = async {
        while let Ok(Ok(1..)) = timeout(BRIEFLY, reading.read_buf(&mut received)).await {
            if is_over(&received) {
                break;
            }
        }
    };
    tokio::join!(writes, reads);
    look(target, random, &received).map_err(|finding| check::about(&finding, &sent.concat()))
}

fn is_over(received: &[u8]) -> bool {
    let messages = frames_of(received).map(frames::read);
    messages.is_some_and(|messages| {
        messages.is_ok_and(|messages| matches!(messages.last(), Some(ServerMessage::Closed(_))))
    })
}

/// Returns the bytes after the head of the answer.
fn frames_of(received: &[u8]) -> Option<&[u8]> {
    let end = received.windows(4).position(|end| end == b"\r\n\r\n")?;
    Some(&received[end + 4..])
}

fn look(target: &Target, random: &mut Random, received: &[u8]) -> Result<(), Finding> {
    let Some(messages) = frames_of(received) else { return Ok(()) };
    if !received.starts_with(b"HTTP/1.1 101") {
        let text = String::from_utf8_lossy(received);
        return if text.starts_with("HTTP/1.1 4") || text.starts_with("HTTP/1.0 4") {
            Ok(())
        } else {
            Err(text.into_owned())
        };
    }
    for messages in frames::read(messages)? {
        match messages {
            ServerMessage::Closed(1011) => return Err("it closed with 1011".to_owned()),
            ServerMessage::Closed(code) => target.tally.count(&format!("closed {code}")),
            ServerMessage::Message(message) => {
                match message["type"].as_str() {
                    Some("next" | "error") => target.tally.check(&message["payload"])?,
                    Some("connection_ack" | "ping" | "pong" | "complete") => {}
                    _ => return Err(message.to_string()),
                }
                target.known.learn(&message, random);
            }
        }
    }
    Ok(())
}

/// Returns the upgrade, the messages and usually a close frame.
fn everything(target: &Target, random: &mut Random) -> Vec<Vec<u8>> {
    let mut upgrade = format!("GET /graphql HTTP/1.1\r\nHost: {}\r\n", target.address);
    let _ = write!(upgrade, "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
    let _ = write!(upgrade, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    let protocol =
        *random.one(&["graphql-transport-ws", "graphql-transport-ws", "graphql-transport-ws, soap", "graphql-ws"]);
    let _ = write!(upgrade, "Sec-WebSocket-Protocol: {protocol}\r\n\r\n");
    let upgrade = upgrade.into_bytes();
    let mut sent = vec![if random.percent(3) { mutate::bytes(upgrade, random) } else { upgrade }];
    if random.percent(90) {
        let token = format!("Bearer {}", target.token);
        let init = json!({ "type": "connection_init", "payload": { "Authorization": token } });
        sent.push(frames::of(init.to_string().as_bytes(), random));
    }
    for _ in 0..random.below(12) {
        let message = message(target, random);
        sent.push(frames::of(&message, random));
    }
    if random.percent(90) {
        sent.push(frames::close());
    }
    sent
}

fn message(target: &Target, random: &mut Random) -> Vec<u8> {
    let id = random.below(4).to_string();
    let mut message = match random.below(20) {
        0 => json!({ "type": "complete", "id": id }),
        1 => json!({ "type": "ping", "payload": { "x": mutate::any_value(random) } }),
        2 => json!({ "type": "pong" }),
        3 => json!({ "type": "connection_init" }),
        4 => json!({ "type": *random.one(&["next", "error", "start", "connection_ack", ""]), "id": id }),
        5 => mutate::any_value(random),
        _ => {
            let payload: Value = target.grammar.operation(&target.known, random);
            json!({ "type": "subscribe", "id": random.draw().to_string(), "payload": payload })
        }
    };
    if random.percent(10) {
        mutate::json(&mut message, random);
    }
    let text = message.to_string().into_bytes();
    if random.percent(10) { mutate::bytes(text, random) } else { text }
}
