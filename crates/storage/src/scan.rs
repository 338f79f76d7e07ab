//! Scans objects for malware with `clamd`, the daemon of `ClamAV`, which receives the bytes over its own protocol
//! (clamd(8), `INSTREAM`).

use super::{Error, Objects};
use bytes::Bytes;
use std::{io, path::PathBuf, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UnixStream},
    time::timeout,
};

/// The maximum size of an answer.
const MAX_ANSWER: u64 = 4 * 1024;

/// How long the daemon may take to accept a connection or bytes.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long the daemon may take to answer after it has received all bytes.
const SCAN_PATIENCE: Duration = Duration::from_mins(10);

/// The address of a `clamd`, and how much of each file it receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanner {
    /// Where it listens.
    pub address: ScannerAddress,
    /// The number of bytes that it accepts. Only the first bytes of a larger file are scanned.
    pub max_bytes: u64,
}

/// Where a scanner listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScannerAddress {
    /// A host and its port.
    Tcp(String),
    /// A socket in the file system.
    Unix(PathBuf),
}

/// The result of a scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No malware was found.
    Clean,
    /// The bytes contain malware, to which the scanner gives this name.
    Infected(String),
}

/// Why a scan gave no result.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The scanner does not answer, or answers something else than a result.
    #[error("could not scan for malware: {0}")]
    Scanner(#[from] io::Error),
    /// The object could not be read.
    #[error(transparent)]
    Store(#[from] Error),
}

trait Socket: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Socket for S {}

impl Scanner {
    /// Checks whether the scanner answers.
    ///
    /// # Errors
    /// Fails if it does not.
    pub async fn ping(&self) -> io::Result<()> {
        let mut socket = self.connect().await?;
        in_time(PATIENCE, socket.write_all(b"zPING\0")).await?;
        match answer(&mut *socket, PATIENCE).await?.as_str() {
            "PONG" => Ok(()),
            other => Err(unexpected(other)),
        }
    }

    async fn connect(&self) -> io::Result<Box<dyn Socket>> {
        Ok(match &self.address {
            ScannerAddress::Tcp(address) => Box::new(in_time(PATIENCE, TcpStream::connect(address)).await?),
            ScannerAddress::Unix(path) => Box::new(in_time(PATIENCE, UnixStream::connect(path)).await?),
        })
    }
}

impl Objects {
    /// Scans an object.
    ///
    /// # Errors
    /// [`ScanError`]; scanning again is safe.
    pub async fn scan(&self, key: &str, scanner: &Scanner) -> Result<Verdict, ScanError> {
        let mut socket = scanner.connect().await?;
        in_time(PATIENCE, socket.write_all(b"zINSTREAM\0")).await?;
        let mut left = scanner.max_bytes;
        let mut body = self.read(key).await?;
        while let Some(chunk) = self.next(key, &mut body).await? {
            let chunk = chunk.slice(..chunk.len().min(usize::try_from(left).unwrap_or(usize::MAX)));
            left -= chunk.len() as u64;
            if let Err(error) = send(&mut *socket, &chunk).await {
                // A scanner that has found something may stop to read.
                return match answer(&mut *socket, PATIENCE).await.map(|answer| parse(&answer)) {
                    Ok(Ok(verdict @ Verdict::Infected(_))) => Ok(verdict),
                    _ => Err(error.into()),
                };
            }
            if left == 0 {
                break;
            }
        }
        in_time(PATIENCE, socket.write_all(&0_u32.to_be_bytes())).await?;
        Ok(parse(&answer(&mut *socket, SCAN_PATIENCE).await?)?)
    }
}

/// Sends bytes after their number. No bytes would end the stream.
async fn send(socket: &mut dyn Socket, chunk: &Bytes) -> io::Result<()> {
    if chunk.is_empty() {
        return Ok(());
    }
    let size = u32::try_from(chunk.len()).map_err(io::Error::other)?;
    in_time(PATIENCE, socket.write_all(&size.to_be_bytes())).await?;
    in_time(PATIENCE, socket.write_all(chunk)).await
}

async fn answer(socket: &mut dyn Socket, patience: Duration) -> io::Result<String> {
    let mut answer = String::new();
    in_time(patience, socket.take(MAX_ANSWER).read_to_string(&mut answer)).await?;
    Ok(answer.trim_end_matches(['\0', '\n']).to_owned())
}

fn parse(answer: &str) -> io::Result<Verdict> {
    let result = answer.strip_prefix("stream: ").unwrap_or(answer);
    match result.strip_suffix(" FOUND") {
        Some(name) => Ok(Verdict::Infected(name.to_owned())),
        None if result == "OK" => Ok(Verdict::Clean),
        None => Err(unexpected(answer)),
    }
}

fn unexpected(answer: &str) -> io::Error {
    io::Error::other(format!("clamd answered `{}`", answer.escape_debug()))
}

async fn in_time<T>(patience: Duration, work: impl Future<Output = io::Result<T>> + Send) -> io::Result<T> {
    timeout(patience, work).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

#[cfg(test)]
mod tests {
    use super::{Verdict, parse};

    #[test]
    fn answers_are_parsed() {
        assert_eq!(parse("stream: OK").unwrap(), Verdict::Clean);
        let infected = Verdict::Infected("Win.Test.EICAR_HDB-1".to_owned());
        assert_eq!(parse("stream: Win.Test.EICAR_HDB-1 FOUND").unwrap(), infected);
        for other in ["", "INSTREAM size limit exceeded. ERROR", "stream: Can't allocate memory ERROR"] {
            assert!(parse(other).is_err(), "{other}");
        }
    }
}
