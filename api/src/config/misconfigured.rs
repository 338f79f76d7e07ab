//! The error of a configuration that cannot work.

/// A value of the configuration that cannot work. The command exits with 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Misconfigured(pub String);
