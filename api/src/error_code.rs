//! The table of `extensions.code`. `docs/errors.md` tells callers how to react to each code.

use async_graphql::ServerError;
use axum::http::StatusCode;
use dossier_core::error::Error;

/// Declares [`Code`], so that each code has a text and a status.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $status:ident;)+) => {
        /// The reason why an operation or a field has no result. Codes are stable, because callers depend on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Returns the text in `extensions.code`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }

            /// Returns the HTTP status of a response to a request that was not executed because of this error.
            pub const fn status(self) -> StatusCode {
                match self {
                    $(Self::$name => StatusCode::$status,)+
                }
            }
        }
    };
}

codes! {
    /// The request is not valid JSON, or does not have the required fields.
    BadRequest = "BAD_REQUEST", BAD_REQUEST;
    /// The document is not valid GraphQL.
    GraphqlParseFailed = "GRAPHQL_PARSE_FAILED", BAD_REQUEST;
    /// The document is not valid for the schema, or exceeds a limit.
    GraphqlValidationFailed = "GRAPHQL_VALIDATION_FAILED", BAD_REQUEST;
    /// The request does not say which operation of the document to execute.
    OperationResolutionFailure = "OPERATION_RESOLUTION_FAILURE", BAD_REQUEST;
    /// An argument or a variable is not valid.
    BadUserInput = "BAD_USER_INPUT", BAD_REQUEST;
    /// No document with this hash is stored.
    PersistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND", BAD_REQUEST;
    /// The hash does not match the document.
    PersistedQueryMismatch = "PERSISTED_QUERY_MISMATCH", BAD_REQUEST;
    /// The request requires a valid access token.
    Unauthenticated = "UNAUTHENTICATED", UNAUTHORIZED;
    /// The viewer's role does not allow this.
    Forbidden = "FORBIDDEN", FORBIDDEN;
    /// The organization requires a second factor of the role, and the person has none.
    FactorRequired = "FACTOR_REQUIRED", FORBIDDEN;
    /// A page of another site could make any browser send this.
    PreflightRequired = "PREFLIGHT_REQUIRED", FORBIDDEN;
    /// The path does not exist.
    NotFound = "NOT_FOUND", NOT_FOUND;
    /// The path does not support this method.
    MethodNotAllowed = "METHOD_NOT_ALLOWED", METHOD_NOT_ALLOWED;
    /// The client accepts no supported media type.
    NotAcceptable = "NOT_ACCEPTABLE", NOT_ACCEPTABLE;
    /// The body was not received in time.
    RequestTimeout = "REQUEST_TIMEOUT", REQUEST_TIMEOUT;
    /// The body is too large.
    PayloadTooLarge = "PAYLOAD_TOO_LARGE", PAYLOAD_TOO_LARGE;
    /// The media type of the body is not supported.
    UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE", UNSUPPORTED_MEDIA_TYPE;
    /// The socket or the caller has too many simultaneous operations.
    TooManyOperations = "TOO_MANY_OPERATIONS", TOO_MANY_REQUESTS;
    /// The address has too many open sockets.
    TooManySockets = "TOO_MANY_SOCKETS", TOO_MANY_REQUESTS;
    /// The caller has exceeded a limit per minute.
    RateLimited = "RATE_LIMITED", TOO_MANY_REQUESTS;
    /// The response became too large.
    AnswerTooLarge = "ANSWER_TOO_LARGE", UNPROCESSABLE_ENTITY;
    /// Counting, summing or searching would scan more rows than the operation may.
    CostExceeded = "COST_EXCEEDED", UNPROCESSABLE_ENTITY;
    /// The operation took too long and was cancelled.
    OperationTimeout = "OPERATION_TIMEOUT", SERVICE_UNAVAILABLE;
    /// A required service does not answer. Try again later.
    ServiceUnavailable = "SERVICE_UNAVAILABLE", SERVICE_UNAVAILABLE;
    /// An internal error.
    InternalServerError = "INTERNAL_SERVER_ERROR", INTERNAL_SERVER_ERROR;
}

impl Code {
    /// Returns whether the error is about the GraphQL request, and not about HTTP. As `application/json`, such a
    /// response has status 200, because old clients read errors only with this status.
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

    /// Returns the code of an error.
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
            Error::Exceeded(_) | Error::WrongCodes { .. } => Self::RateLimited,
            Error::FactorRequired => Self::FactorRequired,
            Error::OverBudget => Self::CostExceeded,
            Error::Unavailable(..) => Self::ServiceUnavailable,
            Error::Internal(_) => Self::InternalServerError,
        }
    }
}
