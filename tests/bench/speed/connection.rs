//! A persistent connection with a minimal HTTP client. It is cheap, because it shares its core with others.

use std::io;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A request.
#[derive(Clone)]
pub struct Post {
    pub path: &'static str,
    pub token: String,
    pub body: String,
}

/// Returns the request as bytes.
pub fn request(post: &Post) -> Vec<u8> {
    let Post { path, token, body } = post;
    format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    pub async fn open(port: u16) -> io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request, and returns the body of the answer. A status other than 200, or a body with errors, is an
    /// error.
    pub async fn ask(&mut self, request: &[u8]) -> io::Result<&str> {
        self.stream.write_all(request).await?;
        self.read.clear();
        let (body, length) = loop {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break (end + 4, length(&self.read[..end])?);
            }
        };
        while self.read.len() < body + length {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let text = std::str::from_utf8(&self.read[body..]).map_err(io::Error::other)?;
        if text.contains("\"errors\"") || !self.read.starts_with(b"HTTP/1.1 200 ") {
            return Err(io::Error::other(String::from_utf8_lossy(&self.read).into_owned()));
        }
        Ok(text)
    }
}

fn length(head: &[u8]) -> io::Result<usize> {
    let head = std::str::from_utf8(head).map_err(io::Error::other)?;
    let header = head.lines().filter_map(|connection| connection.split_once(':'));
    let value = header.filter(|(name, _)| name.eq_ignore_ascii_case("content-length")).map(|(_, value)| value).next();
    value.and_then(|value| value.trim().parse().ok()).ok_or_else(|| io::Error::other(head.to_owned()))
}
