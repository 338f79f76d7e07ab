//! Generates HTTP requests: bodies, headers and URL parameters.

use super::{Finding, Target, check, mutate};
use crate::support::Value;
use dossier_seed::generated::Random;
use std::{fmt::Write, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// The time limit for any answer.
const MAX_WAIT: Duration = Duration::from_secs(25);

/// The time limit for connections that may never end.
const BRIEFLY: Duration = Duration::from_millis(500);

/// A request as bytes, and whether it must be answered. The server may wait for more of a request with a broken length.
struct Request {
    bytes: Vec<u8>,
    sound: bool,
}

/// Sends one request and checks the answer.
pub async fn turn(target: &Target, random: &mut Random) -> Result<(), Finding> {
    let Request { bytes, sound } = request(target, random);
    let mut stream = TcpStream::connect(&target.address).await.map_err(|error| format!("no connection: {error}"))?;
    let (mut reading, mut writing) = stream.split();
    let mut answer = Vec::new();
    let exchange = async {
        // The server may answer before it has received everything.
        let _ = writing.write_all(&bytes).await;
        if !sound {
            let _ = writing.shutdown().await;
        }
        let _ = reading.read_to_end(&mut answer).await;
    };
    let ended = timeout(if sound { MAX_WAIT } else { BRIEFLY }, exchange).await.is_ok();
    if sound && (!ended || answer.is_empty()) {
        return Err(check::about("no answer", &bytes));
    }
    let judged = look(target, random, &answer);
    judged.map_err(|finding| check::about(&finding, &bytes))
}

fn look(target: &Target, random: &mut Random, answer: &[u8]) -> Result<(), Finding> {
    if answer.is_empty() {
        return Ok(());
    }
    let whole = String::from_utf8_lossy(answer);
    let Some((head, rest)) = whole.split_once("\r\n\r\n") else { return Err(whole.into_owned()) };
    let head = head.to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    // A broken request may become several, each with an answer.
    let (body, next) = rest.split_at_checked(length.unwrap_or(rest.len())).unwrap_or((rest, ""));
    let text = || format!("{head}\n\n{body}");
    let status = head.split(' ').nth(1).and_then(|status| status.parse::<u16>().ok());
    if status.is_none_or(|status| status >= 500) {
        return Err(text());
    }
    target.tally.count(&format!("HTTP {}", status.unwrap_or_default()));
    if head.contains("content-type: application/") && status != Some(101) && !body.is_empty() {
        let Ok(body) = serde_json::from_str::<Value>(body) else { return Err(text()) };
        target.tally.check(&body)?;
        target.known.learn(&body, random);
    }
    look(target, random, next.as_bytes())
}

fn request(target: &Target, random: &mut Random) -> Request {
    let mut asked = target.grammar.operation(&target.known, random);
    let kind = random.below(100);
    if kind >= 80 {
        let bytes = get(target, &asked, random);
        return if kind >= 92 { bent(bytes, random) } else { Request { bytes, sound: true } };
    }
    if (50..65).contains(&kind) {
        (0..=random.below(3)).for_each(|_| mutate::json(&mut asked, random));
    }
    let mut body = asked.to_string().into_bytes();
    if kind >= 65 {
        body = mutate::bytes(body, random);
    }
    let mut head = format!("POST /graphql HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", target.address);
    headers(&mut head, target, random);
    let length = body.len();
    if random.percent(5) {
        let _ = write!(head, "Transfer-Encoding: chunked\r\n\r\n");
        body = [format!("{length:x};odd=\"1\"\r\n").as_bytes(), &body, b"\r\n0\r\nTrailer: 1\r\n\r\n"].concat();
    } else {
        let _ = write!(head, "Content-Length: {length}\r\n\r\n");
    }
    let bytes = [head.into_bytes(), body].concat();
    // An empty chunk is the last one, and bytes after it would not be part of the request.
    if length == 0 || random.percent(8) { bent(bytes, random) } else { Request { bytes, sound: true } }
}

fn bent(bytes: Vec<u8>, random: &mut Random) -> Request {
    Request { bytes: mutate::bytes(bytes, random), sound: false }
}

fn get(target: &Target, asked: &Value, random: &mut Random) -> Vec<u8> {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in asked.as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let value = if random.percent(20) { mutate::text(&value, random) } else { value };
        query.append_pair(name, &value);
    }
    if random.percent(20) {
        let name = *random.one(&["operationName", "extensions", "query", "variables", "x"]);
        query.append_pair(name, &mutate::any_value(random).to_string());
    }
    let mut query = query.finish();
    // A longer line would not be a valid request. The same applies to characters outside of ASCII.
    query.truncate(60_000);
    if random.percent(10) {
        let odd = *random.one(&["%", "%ff", "%00", "&&=&", "%f0%9f", "+%2b"]);
        query.push_str(odd);
    }
    let mut head = format!("GET /graphql?{query} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", target.address);
    headers(&mut head, target, random);
    (head + "\r\n").into_bytes()
}

fn headers(head: &mut String, target: &Target, random: &mut Random) {
    let token = match random.below(40) {
        0 => None,
        1 => Some(mutate::text(&target.token, random)),
        2 => Some(mutate::any_text(random)),
        _ => Some(target.token.clone()),
    };
    let odd_accept = ["application/graphql-response+json", "*/*", "text/html;q=0.1, */*;q=0", ";;q=2,", "text/html"];
    let odd_type =
        ["application/json; charset=utf-16", "APPLICATION/JSON;charset=\"UTF-8\"", "text/plain", "", "\"/;=,"];
    let json = "application/json";
    let mut header = |name: &str, value: &str| {
        let visible: String = value.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(8_000).collect();
        let _ = write!(head, "{name}: {visible}\r\n");
    };
    header("Content-Type", if random.percent(8) { random.one::<&str>(&odd_type) } else { json });
    header("Accept", if random.percent(15) { random.one::<&str>(&odd_accept) } else { json });
    if let Some(token) = token {
        header("Authorization", &format!("Bearer {token}"));
    }
    for name in ["Idempotency-Key", "X-Request-Id", "Sec-Fetch-Site", "Content-Encoding", "Forwarded", "Origin"] {
        if random.percent(4) {
            header(name, &mutate::any_text(random));
        }
    }
    if random.percent(3) {
        header("Sec-WebSocket-Version", "13");
        header("Upgrade", "websocket");
    }
}
