//! Starting processes that decode files.

use crate::{Format, Pictures};
use std::{io, path::PathBuf, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{ChildStdin, Command},
    time::timeout,
};

/// How long a process may take. It includes the time in which the file arrives.
const PATIENCE: Duration = Duration::from_mins(2);

/// The maximum size of the pictures of a file together, in bytes.
const MAX_OUTPUT: u64 = 64 << 20;

/// Where the bytes of a file go.
pub type Input = ChildStdin;

/// An error that may not occur again.
#[derive(Debug, thiserror::Error)]
pub enum RenderError<E> {
    /// The file could not be read.
    #[error(transparent)]
    Source(E),
    /// The process could not be started.
    #[error("the process that makes previews could not be started: {0}")]
    Start(#[source] io::Error),
}

/// Makes pictures in processes of their own.
#[derive(Clone, Debug)]
pub struct Renderer {
    program: PathBuf,
}

impl Renderer {
    /// Uses a program that calls [`crate::run_child`] as its command `render-preview`.
    pub const fn new(program: PathBuf) -> Self {
        Self { program }
    }

    /// Returns the pictures of a file, whose bytes `send` writes. `None` if the file has none: it cannot be read, or the
    /// process ended without a result.
    ///
    /// # Errors
    /// Returns the error of `send`, unless the process has stopped reading, and [`RenderError::Start`].
    pub async fn render<E>(
        &self,
        content_type: &str,
        send: impl AsyncFnOnce(&mut Input) -> Result<(), E>,
    ) -> Result<Option<Pictures>, RenderError<E>> {
        let mut command = Command::new(&self.program);
        command.arg("render-preview").arg(content_type).env_clear().kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(RenderError::Start)?;
        let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else { return Ok(None) };
        let exchange = async {
            send(&mut input).await.map_err(RenderError::Source)?;
            // It reads to the end.
            let _ = input.shutdown().await;
            drop(input);
            let mut pictures = Vec::new();
            let read = output.take(MAX_OUTPUT).read_to_end(&mut pictures).await;
            let is_complete = read.is_ok() && child.wait().await.is_ok_and(|status| status.success());
            Ok(if is_complete { parse(&pictures) } else { None })
        };
        timeout(PATIENCE, exchange).await.unwrap_or(Ok(None))
    }
}

/// Parses what [`crate::run_child`] writes.
fn parse(output: &[u8]) -> Option<Pictures> {
    let (format, mut rest) = output.split_first()?;
    let format = Format::of_byte(*format)?;
    let mut next = || {
        let (length, after) = rest.split_first_chunk()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (file, after) = after.split_at_checked(length)?;
        rest = after;
        Some(file.to_vec())
    };
    let files = [next()?, next()?];
    rest.is_empty().then_some(Pictures { format, files })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_complete_output_is_accepted() {
        let output = b"J\0\0\0\x01a\0\0\0\x02bc";
        let pictures = Pictures { format: Format::Jpeg, files: [b"a".to_vec(), b"bc".to_vec()] };
        assert_eq!(parse(output), Some(pictures));
        assert_eq!(parse(b""), None);
        assert_eq!(parse(&output[..output.len() - 1]), None, "cut");
        assert_eq!(parse(&[output, &b"d"[..]].concat()), None, "too long");
        assert_eq!(parse(b"X\0\0\0\0\0\0\0\0"), None, "another format");
    }
}
