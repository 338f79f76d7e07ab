//! Output to the terminal. `println!` would panic when the reader has closed the pipe, as in `dossier schema | head
//! -1`.

use std::{
    fmt::Display,
    io::{self, ErrorKind, Write},
};

/// Writing to standard output failed.
#[derive(Debug, thiserror::Error)]
#[error("standard output: {0}")]
pub struct OutputError(io::Error);

impl OutputError {
    /// Returns whether the reader has closed the pipe, which needs no message.
    pub fn is_closed(&self) -> bool {
        self.0.kind() == ErrorKind::BrokenPipe
    }
}

impl From<io::Error> for OutputError {
    fn from(error: io::Error) -> Self {
        Self(error)
    }
}

/// Writes a line to standard output.
pub fn line(text: impl Display) -> Result<(), OutputError> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}

/// Writes a line to standard error and ignores failures, because a server continues without its terminal.
pub fn note(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
