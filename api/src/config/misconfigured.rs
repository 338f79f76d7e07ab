//! The error of an invalid configuration.

/// An invalid value in the configuration. The command exits with 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Misconfigured(pub String);
