//! Writing to the terminal. `println!` would panic when the reader is gone, as in `dossier schema | head -1`.

use std::{
    fmt::Display,
    io::{self, ErrorKind, Write},
};

/// Standard output does not take what a command has to say.
#[derive(Debug, thiserror::Error)]
#[error("standard output: {0}")]
pub struct OutputError(io::Error);

impl OutputError {
    /// Whether the reader is gone, which needs no message.
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

/// Writes a line to standard error, if somebody reads it: a server goes on without its terminal.
pub fn note(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
