//! Writes valid and invalid frames of RFC 6455, and reads frames.

use super::mutate;
use crate::support::Value;
use dossier_seed::generated::Random;

const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;

/// Returns a close frame.
pub fn close() -> Vec<u8> {
    frame(0x80 | CLOSE, &1000_u16.to_be_bytes(), 7)
}

/// Returns a message as one or several frames. Some are invalid.
pub fn of(message: &[u8], random: &mut Random) -> Vec<u8> {
    // Usually a mask of zeros, so that findings are readable.
    let mask = if random.percent(80) { 0 } else { u32::try_from(random.draw() >> 32).unwrap() };
    match random.below(100) {
        0 => frame(0x80 | BINARY, message, mask),
        1 => frame(0x80 | 0x70 | TEXT, message, mask),
        2 => frame(0x80, message, mask),
        3 => frame(0x80 | u8::try_from(random.below(16)).unwrap(), message, mask),
        // A control frame that is too long, or fragmented.
        4 => frame(0x80 | PING, &message.repeat(5), mask),
        5 => frame(PING, b"1", mask),
        6 => frame(0x80 | CLOSE, &message[..message.len().min(1 + mutate::place(20, random))], mask),
        7 => mutate::bytes(frame(0x80 | TEXT, message, mask), random),
        // The announced length is greater than the message.
        8 => [&[0x80 | TEXT, 0xff][..], &random.draw().to_be_bytes(), message].concat(),
        // A frame without a mask.
        9 => [&[0x80 | TEXT, 0x02][..], b"{}"].concat(),
        10 => frame(0x80 | TEXT, &message.repeat(1 + mutate::place(2_000, random)), mask),
        11..30 => {
            let middle = mutate::place(message.len(), random);
            [
                frame(TEXT, &message[..middle], mask),
                frame(0x80 | PING, b"between", mask),
                frame(0, b"", mask),
                frame(0x80, &message[middle..], mask),
            ]
            .concat()
        }
        _ => frame(0x80 | TEXT, message, mask),
    }
}

fn frame(first: u8, payload: &[u8], mask: u32) -> Vec<u8> {
    let mut frame = vec![first];
    match u16::try_from(payload.len()) {
        Ok(length) if length < 126 => frame.push(0x80 | u8::try_from(length).unwrap()),
        Ok(length) => {
            frame.push(0xfe);
            frame.extend(length.to_be_bytes());
        }
        Err(_) => {
            frame.push(0xff);
            frame.extend((payload.len() as u64).to_be_bytes());
        }
    }
    let mask = mask.to_be_bytes();
    frame.extend(mask);
    frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

/// A message from the server.
pub enum ServerMessage {
    Message(Value),
    /// Closed with this code.
    Closed(u16),
}

/// Reads the complete messages of received bytes. The server neither masks nor fragments messages.
pub fn read(mut received: &[u8]) -> Result<Vec<ServerMessage>, String> {
    let mut all = Vec::new();
    while let [first, length, rest @ ..] = received {
        let (length, rest) = match (length, rest) {
            (126, [a, b, rest @ ..]) => (usize::from(u16::from_be_bytes([*a, *b])), rest),
            (127, rest) if rest.len() >= 8 => {
                let (length, rest) = rest.split_at(8);
                (usize::try_from(u64::from_be_bytes(length.try_into().unwrap())).unwrap(), rest)
            }
            (126.., _) => break,
            (length, rest) => (usize::from(*length), rest),
        };
        if rest.len() < length {
            break;
        }
        let (payload, rest) = rest.split_at(length);
        received = rest;
        match first {
            0x81 => {
                all.push(ServerMessage::Message(serde_json::from_slice(payload).map_err(|error| error.to_string())?));
            }
            0x88 => {
                all.push(ServerMessage::Closed(payload.first_chunk().map_or(1005, |code| u16::from_be_bytes(*code))));
            }
            0x89 | 0x8a => {}
            other => return Err(format!("a frame that begins with {other:#x}")),
        }
    }
    Ok(all)
}
