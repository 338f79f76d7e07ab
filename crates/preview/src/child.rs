//! The process that decodes a file.

use crate::{MAX_BYTES, Pictures, picture::render_pictures};
use rustix::process::{Resource, Rlimit, setrlimit};
use std::io::{self, Read, Write};

/// The maximum memory of the process, in bytes.
const MEMORY: u64 = 2 << 30;

/// The maximum computing time of the process, in seconds.
const SECONDS: u64 = 30;

/// Reads a file from the standard input, and writes its pictures to the standard output: the format, then the length of
/// each picture as four bytes, and the picture. It writes nothing if the file has no pictures.
///
/// # Errors
/// Fails if the limits cannot be set, or if the parent is gone.
pub fn run_child(content_type: &str) -> io::Result<()> {
    limit(Resource::As, MEMORY)?;
    limit(Resource::Cpu, SECONDS)?;
    limit(Resource::Core, 0)?;
    let mut bytes = Vec::new();
    io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    let Some(pictures) = render(content_type, bytes) else { return Ok(()) };
    let mut output = io::stdout().lock();
    output.write_all(&[pictures.format.byte()])?;
    for file in &pictures.files {
        let length = u32::try_from(file.len()).map_err(io::Error::other)?;
        output.write_all(&length.to_be_bytes())?;
        output.write_all(file)?;
    }
    output.flush()
}

/// Returns the pictures of a file, or `None` if it has none.
fn render(content_type: &str, bytes: Vec<u8>) -> Option<Pictures> {
    let is_small = u64::try_from(bytes.len()).is_ok_and(|length| length <= MAX_BYTES);
    if is_small { render_pictures(content_type, bytes) } else { None }
}

fn limit(resource: Resource, value: u64) -> io::Result<()> {
    Ok(setrlimit(resource, Rlimit { current: Some(value), maximum: Some(value) })?)
}
