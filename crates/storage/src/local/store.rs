//! The store, which runs blocking work on other threads.

use super::{disk::Disk, error::LocalError};
use s3s::{S3Error, S3Result};
use std::{io, sync::Arc};

/// The S3 operations on a [`Disk`].
#[derive(Clone)]
pub(super) struct Store(pub(super) Arc<Disk>);

impl Store {
    /// Runs an operation on a thread that may block.
    pub(super) async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Disk) -> Result<T, LocalError> + Send + 'static,
    ) -> S3Result<T> {
        let disk = Arc::clone(&self.0);
        let done = blocking(move || Ok(work(&disk))).await.map_err(LocalError::Disk);
        done.and_then(|done| done).map_err(S3Error::from)
    }
}

/// Runs a function on a thread that may block.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|cause| Err(io::Error::other(cause)))
}
