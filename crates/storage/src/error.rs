use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use std::error::Error as StdError;

/// An error of the object store. Its text is for the log: it names the object and the cause, and no secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The settings are invalid for any store.
    #[error("the object store's settings cannot work: {0}")]
    Settings(String),
    /// The store answers, and will refuse until somebody changes something.
    #[error("the object store cannot be used: {advice} ({cause})")]
    Refused {
        /// The setting to change, and how.
        advice: String,
        /// The message of the store.
        cause: String,
    },
    /// The store refused, failed, or did not answer in time. Another attempt may help, and is safe.
    #[error("could not {action} ({subject}): {cause}")]
    Store {
        /// The attempted action.
        action: &'static str,
        /// The key of the object, or the name of the bucket.
        subject: String,
        /// The code and message of the store, or the failure of the connection.
        cause: String,
    },
}

impl Error {
    /// Converts the failure of a request. The text contains the status, because some answers have no body.
    pub(super) fn store<E>(action: &'static str, subject: &str, cause: &SdkError<E>) -> Self
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        Self::Store { action, subject: subject.to_owned(), cause: describe(cause) }
    }

    /// Converts a failure outside of a request.
    pub(super) fn other(action: &'static str, subject: &str, cause: &(dyn StdError + 'static)) -> Self {
        Self::Store { action, subject: subject.to_owned(), cause: causes(cause) }
    }
}

/// Describes the failure of a request for the log, with the store's own message if there is one.
pub(super) fn describe<E: ProvideErrorMetadata + StdError + 'static>(cause: &SdkError<E>) -> String {
    let status = cause.raw_response().map(|answer| format!("HTTP {}: ", answer.status())).unwrap_or_default();
    let answer = cause.as_service_error().map(ProvideErrorMetadata::meta);
    let words = match answer.map(|answer| (answer.code(), answer.message())) {
        Some((Some(code), Some(message))) => format!("{code}: {message}"),
        _ => causes(cause),
    };
    format!("{status}{words}")
}

/// Describes an error with its sources. The SDK's errors only say “service error” and keep the cause in their sources.
/// Their `Debug` contains the cause, but also the whole answer of the store.
fn causes(cause: &(dyn StdError + 'static)) -> String {
    let causes = std::iter::successors(Some(cause), |cause: &&(dyn StdError + 'static)| (*cause).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Returns whether the store answered with one of these S3 error codes.
pub(super) fn is<E: ProvideErrorMetadata>(error: &SdkError<E>, codes: &[&str]) -> bool {
    error.as_service_error().and_then(ProvideErrorMetadata::code).is_some_and(|code| codes.contains(&code))
}

impl From<Error> for dossier_core::error::Error {
    fn from(error: Error) -> Self {
        Self::Unavailable("The object store", std::sync::Arc::new(error))
    }
}
