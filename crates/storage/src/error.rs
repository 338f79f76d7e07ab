use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use std::error::Error as StdError;

/// Why the object store could not do it. The words are for the log: they name the object and the cause, no secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The settings cannot work, whatever the store says.
    #[error("the object store's settings cannot work: {0}")]
    Settings(String),
    /// The store answers, and will go on refusing until somebody changes something.
    #[error("the object store cannot be used: {advice} ({cause})")]
    Refused {
        /// Which setting, and what to do about it.
        advice: String,
        /// The store's words.
        cause: String,
    },
    /// The store refused, failed, or did not answer in time. Trying again may help, and is safe.
    #[error("could not {action} ({subject}): {cause}")]
    Store {
        /// What was tried.
        action: &'static str,
        /// The key of the object, or the name of the bucket.
        subject: String,
        /// The store's code and message, or what happened on the way there.
        cause: String,
    },
}

impl Error {
    /// What came, or did not come, of a request. The status says most where an answer has no body.
    pub(super) fn store<E>(action: &'static str, subject: &str, cause: &SdkError<E>) -> Self
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        Self::Store { action, subject: subject.to_owned(), cause: told(cause) }
    }

    /// What went wrong beside a request.
    pub(super) fn other(action: &'static str, subject: &str, cause: &(dyn StdError + 'static)) -> Self {
        Self::Store { action, subject: subject.to_owned(), cause: causes(cause) }
    }
}

/// What a request came back with, for the log: the store's own words, if it has any.
pub(super) fn told<E: ProvideErrorMetadata + StdError + 'static>(cause: &SdkError<E>) -> String {
    let status = cause.raw_response().map(|answer| format!("HTTP {}: ", answer.status())).unwrap_or_default();
    let answer = cause.as_service_error().map(ProvideErrorMetadata::meta);
    let words = match answer.map(|answer| (answer.code(), answer.message())) {
        Some((Some(code), Some(message))) => format!("{code}: {message}"),
        _ => causes(cause),
    };
    format!("{status}{words}")
}

/// The SDK's errors say "service error" and keep the rest in their sources. Their `Debug` says it all, but with the
/// whole answer of the store.
fn causes(cause: &(dyn StdError + 'static)) -> String {
    let causes = std::iter::successors(Some(cause), |cause: &&(dyn StdError + 'static)| (*cause).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Whether the store answered with one of these S3 error codes.
pub(super) fn is<E: ProvideErrorMetadata>(error: &SdkError<E>, codes: &[&str]) -> bool {
    error.as_service_error().and_then(ProvideErrorMetadata::code).is_some_and(|code| codes.contains(&code))
}

impl From<Error> for dossier_core::error::Error {
    fn from(error: Error) -> Self {
        Self::Unavailable("The object store", std::sync::Arc::new(error))
    }
}
