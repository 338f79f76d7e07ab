//! Errors of the embedded store.

use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};
use std::io;

/// The failure of an operation: the request is invalid, or the disk fails.
pub(super) enum LocalError {
    Request(S3Error),
    Disk(io::Error),
}

impl From<S3ErrorCode> for LocalError {
    fn from(code: S3ErrorCode) -> Self {
        Self::Request(code.into())
    }
}

impl From<S3Error> for LocalError {
    fn from(error: S3Error) -> Self {
        Self::Request(error)
    }
}

impl From<io::Error> for LocalError {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

impl From<LocalError> for S3Error {
    fn from(error: LocalError) -> Self {
        match error {
            LocalError::Request(error) => error,
            LocalError::Disk(error) => {
                tracing::error!(%error, "the embedded object store's disk failed");
                S3Error::internal_error(error)
            }
        }
    }
}

/// Refuses conditional writes. Ignoring a condition would be worse, because its caller relies on it.
pub(super) fn refuse_conditions(conditional: bool) -> S3Result<()> {
    if conditional { Err(s3_error!(NotImplemented, "conditional writes are not supported")) } else { Ok(()) }
}
