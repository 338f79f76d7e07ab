//! What an object holds, from reading it once.

use super::{
    error::{self, Error},
    hex::hex,
    objects::Objects,
};
use aws_lc_rs::digest::{Context, SHA256};
use aws_sdk_s3::primitives::ByteStream;
use std::time::Duration;

/// How many bytes at the start of an object [`Digest::head`] keeps, at most.
pub const HEAD_SIZE: usize = 8 * 1024;

/// What an object holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// In bytes.
    pub size: u64,
    /// SHA-256 of all of it, in lower-case hexadecimal.
    pub sha256: String,
    /// The first [`HEAD_SIZE`] bytes, enough to tell the type of a file by its content.
    pub head: Vec<u8>,
}

impl Objects {
    /// Reads an object from start to end. `None` when it is not there.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn digest(&self, key: &str) -> Result<Option<Digest>, Error> {
        match self.client.get_object().bucket(self.bucket()).key(key).send().await {
            Ok(object) => read(key, object.body, self.settings.patience).await.map(Some),
            Err(cause) if error::is(&cause, &["NoSuchKey"]) => Ok(None),
            Err(cause) => Err(Error::store(ACTION, key, &cause)),
        }
    }
}

const ACTION: &str = "read an object";

/// The store may send nothing for as long as `silence`.
async fn read(key: &str, mut body: ByteStream, silence: Duration) -> Result<Digest, Error> {
    let (mut size, mut hash, mut head) = (0, Context::new(&SHA256), Vec::new());
    loop {
        let next = tokio::time::timeout(silence, body.next()).await;
        let Some(chunk) = next.map_err(|cause| Error::other(ACTION, key, &cause))? else { break };
        let chunk = chunk.map_err(|cause| Error::other(ACTION, key, &cause))?;
        size += chunk.len() as u64;
        hash.update(&chunk);
        head.extend_from_slice(&chunk[..chunk.len().min(HEAD_SIZE - head.len())]);
    }
    Ok(Digest { size, sha256: hex(hash.finish().as_ref()), head })
}
