//! The one table of `extensions.code`. `docs/errors.md` tells callers what to do about each code.

use async_graphql::ServerError;
use axum::http::StatusCode;
use dossier_core::error::Error;

/// Writes [`Code`], so that no code can be without its text and its status.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $status:ident;)+) => {
        /// Why an operation, or a part of it, has no answer. Stable: callers act on it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// As it stands in `extensions.code`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }

            /// The status of an answer over HTTP to a request that was not executed because of it.
            pub const fn status(self) -> StatusCode {
                match self {
                    $(Self::$name => StatusCode::$status,)+
                }
            }
        }
    };
}

codes! {
    /// The request is not one: no JSON, or not the fields that it must have.
    BadRequest = "BAD_REQUEST", BAD_REQUEST;
    /// The document is not GraphQL.
    GraphqlParseFailed = "GRAPHQL_PARSE_FAILED", BAD_REQUEST;
    /// The document does not fit the schema, or exceeds a limit.
    GraphqlValidationFailed = "GRAPHQL_VALIDATION_FAILED", BAD_REQUEST;
    /// Which of the document's operations is meant cannot be told.
    OperationResolutionFailure = "OPERATION_RESOLUTION_FAILURE", BAD_REQUEST;
    /// An argument or a variable is wrong.
    BadUserInput = "BAD_USER_INPUT", BAD_REQUEST;
    /// No document with this hash is known (any more).
    PersistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND", BAD_REQUEST;
    /// The hash is not that of the document.
    PersistedQueryMismatch = "PERSISTED_QUERY_MISMATCH", BAD_REQUEST;
    /// Nobody is signed in, or no longer.
    Unauthenticated = "UNAUTHENTICATED", UNAUTHORIZED;
    /// The viewer's role may not ask this.
    Forbidden = "FORBIDDEN", FORBIDDEN;
    /// A page of another site could make any browser send this.
    PreflightRequired = "PREFLIGHT_REQUIRED", FORBIDDEN;
    /// There is nothing under this path.
    NotFound = "NOT_FOUND", NOT_FOUND;
    /// Not with this method.
    MethodNotAllowed = "METHOD_NOT_ALLOWED", METHOD_NOT_ALLOWED;
    /// Nothing that is offered is accepted.
    NotAcceptable = "NOT_ACCEPTABLE", NOT_ACCEPTABLE;
    /// The body took too long to arrive.
    RequestTimeout = "REQUEST_TIMEOUT", REQUEST_TIMEOUT;
    /// The body is too large.
    PayloadTooLarge = "PAYLOAD_TOO_LARGE", PAYLOAD_TOO_LARGE;
    /// The body is not of a kind that is read.
    UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE", UNSUPPORTED_MEDIA_TYPE;
    /// The socket, or the caller, runs as many operations as it may.
    TooManyOperations = "TOO_MANY_OPERATIONS", TOO_MANY_REQUESTS;
    /// The address has as many sockets as it may.
    TooManySockets = "TOO_MANY_SOCKETS", TOO_MANY_REQUESTS;
    /// The caller asks for more than it may in a minute.
    RateLimited = "RATE_LIMITED", TOO_MANY_REQUESTS;
    /// The answer became too large, and was given up.
    AnswerTooLarge = "ANSWER_TOO_LARGE", UNPROCESSABLE_ENTITY;
    /// Counting, summing or searching looks at more rows than the operation may.
    CostExceeded = "COST_EXCEEDED", UNPROCESSABLE_ENTITY;
    /// The operation took too long, and was broken off.
    OperationTimeout = "OPERATION_TIMEOUT", SERVICE_UNAVAILABLE;
    /// A service that is needed does not answer; try again later.
    ServiceUnavailable = "SERVICE_UNAVAILABLE", SERVICE_UNAVAILABLE;
    /// A fault of ours.
    InternalServerError = "INTERNAL_SERVER_ERROR", INTERNAL_SERVER_ERROR;
}

impl Code {
    /// Whether GraphQL itself found the request wrong, rather than what carries it: as `application/json` such an answer
    /// has status 200, for old clients read the errors of no other.
    pub const fn is_of_graphql(self) -> bool {
        matches!(
            self,
            Self::GraphqlParseFailed
                | Self::GraphqlValidationFailed
                | Self::OperationResolutionFailure
                | Self::BadUserInput
                | Self::PersistedQueryNotFound
        )
    }

    /// The code of an error that has one.
    pub fn of(error: &ServerError) -> Option<Self> {
        let code = error.extensions.as_ref()?.get("code")?;
        Self::ALL.iter().copied().find(|known| *code == async_graphql::Value::from(known.as_str()))
    }
}

impl From<&Error> for Code {
    fn from(failure: &Error) -> Self {
        match failure {
            Error::User(_) | Error::BadInput { .. } => Self::BadUserInput,
            Error::Unauthenticated(_) => Self::Unauthenticated,
            Error::Forbidden(_) => Self::Forbidden,
            Error::Exceeded(_) => Self::RateLimited,
            Error::OverBudget => Self::CostExceeded,
            Error::Unavailable(..) => Self::ServiceUnavailable,
            Error::Internal(_) => Self::InternalServerError,
        }
    }
}
