//! The digest of an object, from reading it once.

use super::{
    error::{self, Error},
    objects::Objects,
};
use aws_sdk_s3::primitives::ByteStream;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use dossier_core::hex::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256, digest::common::hazmat::SerializableState};
use std::time::Duration;
use tokio::io::{AsyncWrite, AsyncWriteExt};

/// The maximum number of bytes in [`Digest::head`].
pub const HEAD_SIZE: usize = 8 * 1024;

/// The number of bytes between two checkpoints of [`Objects::digest_from`].
const CHECKPOINT_STEP: u64 = 16 * 1024 * 1024;

/// The digest of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// The size, in bytes.
    pub size: u64,
    /// The SHA-256 of the object, in lower-case hexadecimal.
    pub sha256: String,
    /// The first [`HEAD_SIZE`] bytes, which are enough to recognize the type of a file.
    pub head: Vec<u8>,
}

/// The progress of reading an object. Another process can continue from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The number of bytes that have been read.
    pub size: u64,
    /// The state of the hash function, in Base64.
    state: String,
    /// The first bytes, in Base64.
    head: String,
}

/// Hashes the bytes of an object in order.
#[derive(Default)]
struct Hasher {
    sha256: Sha256,
    size: u64,
    head: Vec<u8>,
}

impl Hasher {
    /// Continues from a checkpoint, or from the start if the checkpoint is invalid.
    fn resume(checkpoint: Option<&Checkpoint>) -> Self {
        checkpoint.and_then(Self::at).unwrap_or_default()
    }

    fn at(checkpoint: &Checkpoint) -> Option<Self> {
        let state = STANDARD.decode(&checkpoint.state).ok()?;
        let sha256 = SerializableState::deserialize(state.as_slice().try_into().ok()?).ok()?;
        Some(Self { sha256, size: checkpoint.size, head: STANDARD.decode(&checkpoint.head).ok()? })
    }

    fn checkpoint(&self) -> Checkpoint {
        let state = STANDARD.encode(self.sha256.serialize());
        Checkpoint { size: self.size, state, head: STANDARD.encode(&self.head) }
    }

    fn update(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        self.sha256.update(bytes);
        self.head.extend_from_slice(&bytes[..bytes.len().min(HEAD_SIZE - self.head.len())]);
    }

    fn finish(self) -> Digest {
        Digest { size: self.size, sha256: hex(&self.sha256.finalize()), head: self.head }
    }
}

impl Objects {
    /// Reads an object from start to end. Returns `None` if it does not exist.
    ///
    /// # Errors
    /// Returns [`Error::Store`].
    pub async fn digest(&self, key: &str) -> Result<Option<Digest>, Error> {
        self.digest_from(key, None, |_| {}).await
    }

    /// Reads an object from a checkpoint to its end. Calls `on_checkpoint` about every 16 MiB. Returns `None` if the
    /// object does not exist.
    ///
    /// # Errors
    /// Returns [`Error::Store`].
    pub async fn digest_from(
        &self,
        key: &str,
        checkpoint: Option<&Checkpoint>,
        on_checkpoint: impl FnMut(Checkpoint) + Send,
    ) -> Result<Option<Digest>, Error> {
        let hasher = Hasher::resume(checkpoint);
        let request = self.client.get_object().bucket(self.bucket()).key(key);
        let request = match hasher.size {
            0 => request,
            size => request.range(format!("bytes={size}-")),
        };
        match request.send().await {
            Ok(object) => read(key, object.body, self.settings.patience, hasher, on_checkpoint).await.map(Some),
            Err(cause) if error::is(&cause, &["NoSuchKey"]) => Ok(None),
            // The checkpoint is at the end of the object.
            Err(cause) if hasher.size > 0 && error::is(&cause, &["InvalidRange"]) => Ok(Some(hasher.finish())),
            Err(cause) => Err(Error::store(ACTION, key, &cause)),
        }
    }
}

const ACTION: &str = "read an object";

impl Objects {
    /// Begins to read an object.
    pub(super) async fn read(&self, key: &str) -> Result<ByteStream, Error> {
        let request = self.client.get_object().bucket(self.bucket()).key(key);
        let object = request.send().await.map_err(|cause| Error::store(ACTION, key, &cause))?;
        Ok(object.body)
    }

    /// Writes the bytes of an object. Stops if the reader of the bytes is gone.
    ///
    /// # Errors
    /// Returns [`Error::Store`].
    pub async fn copy_to(&self, key: &str, output: &mut (impl AsyncWrite + Unpin)) -> Result<(), Error> {
        let mut body = self.read(key).await?;
        while let Some(bytes) = self.next(key, &mut body).await? {
            if output.write_all(&bytes).await.is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Returns the next bytes of an object. Fails if the store sends nothing for too long.
    pub(super) async fn next(&self, key: &str, body: &mut ByteStream) -> Result<Option<Bytes>, Error> {
        next(key, body, self.settings.patience).await
    }
}

async fn next(key: &str, body: &mut ByteStream, silence: Duration) -> Result<Option<Bytes>, Error> {
    let next = tokio::time::timeout(silence, body.next()).await;
    let chunk = next.map_err(|cause| Error::other(ACTION, key, &cause))?;
    chunk.transpose().map_err(|cause| Error::other(ACTION, key, &cause))
}

/// Reads a body. Fails if the store sends nothing for as long as `silence`.
async fn read(
    key: &str,
    mut body: ByteStream,
    silence: Duration,
    mut hasher: Hasher,
    mut on_checkpoint: impl FnMut(Checkpoint) + Send,
) -> Result<Digest, Error> {
    let mut next_checkpoint = hasher.size + CHECKPOINT_STEP;
    while let Some(chunk) = next(key, &mut body, silence).await? {
        hasher.update(&chunk);
        if hasher.size >= next_checkpoint {
            on_checkpoint(hasher.checkpoint());
            next_checkpoint = hasher.size + CHECKPOINT_STEP;
        }
    }
    Ok(hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::Hasher;

    #[test]
    fn a_hasher_goes_on_from_a_checkpoint() {
        let bytes: Vec<_> = (0..=u8::MAX).cycle().take(100_000).collect();
        let mut whole = Hasher::default();
        whole.update(&bytes);
        let digest = whole.finish();
        for cut in [0, 1, 63, 64, 65, 8_191, 8_192, 99_999, 100_000] {
            let mut first = Hasher::default();
            first.update(&bytes[..cut]);
            let stored = serde_json::to_string(&first.checkpoint()).unwrap();
            let mut second = Hasher::resume(Some(&serde_json::from_str(&stored).unwrap()));
            second.update(&bytes[cut..]);
            assert_eq!(second.finish(), digest, "{cut}");
        }
    }

    #[test]
    fn a_checkpoint_that_cannot_be_read_starts_again() {
        let mut checkpoint = Hasher::default().checkpoint();
        checkpoint.size = 5;
        checkpoint.state = "AAAA".to_owned();
        assert_eq!(Hasher::resume(Some(&checkpoint)).size, 0);
    }
}
