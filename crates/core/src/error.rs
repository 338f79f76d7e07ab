//! The errors of all operations, divided by who can act on them: the caller, or the operator of the server.

use sea_orm::{
    DbErr, RuntimeErr, SqlErr,
    sqlx::{self, error::DatabaseError, sqlite::SqliteError},
};
use std::{error::Error as StdError, fmt, sync::Arc};

/// The reason why an operation failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// A rule of a mutation refuses the input. The payload carries it as a typed user error.
    #[error("{0}")]
    User(#[from] UserError),
    /// The caller is not signed in, or the session has ended.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// The viewer's role does not allow this query, such as an order by a guarded field.
    #[error("{0}")]
    Forbidden(String),
    /// An argument of a query is wrong.
    #[error("Argument `{argument}`: {message}")]
    BadInput {
        /// The argument's path, as in `filter.clientId`.
        argument: String,
        /// The reason, and what a correct value looks like.
        message: String,
    },
    /// The caller has used up the rate limit of this minute.
    #[error(transparent)]
    Exceeded(#[from] Exceeded),
    /// The person must enroll a second factor before they can do this.
    #[error("Your organization requires a second factor of your role. Enroll an authenticator app first")]
    FactorRequired,
    /// Too many wrong codes of the second factor were sent.
    #[error("There were too many wrong codes. Try again in {retry_after} seconds, or use a recovery code")]
    WrongCodes {
        /// The number of seconds until the next code may be tried.
        retry_after: u64,
    },
    /// Counting, summing or searching would read more rows than the operation may.
    #[error(
        "Counting, summing or searching would scan more rows than this operation may. Narrow the filter, or count and \
         search less in one operation"
    )]
    OverBudget,
    /// A required service does not answer. A later attempt may succeed.
    #[error("{0} is not available right now; try again later")]
    Unavailable(&'static str, #[source] Arc<dyn StdError + Send + Sync>),
    /// A fault of the server. The log shows its cause, the answer does not.
    #[error("Something went wrong on our side")]
    Internal(#[source] Arc<dyn StdError + Send + Sync>),
}

impl Error {
    /// Creates an error about a wrong argument of a query.
    pub fn bad_input(argument: impl Into<String>, message: impl Into<String>) -> Self {
        Self::BadInput { argument: argument.into(), message: message.into() }
    }

    /// Returns whether the database refused a second row with the same value in a unique column.
    pub fn is_unique_violation(&self) -> bool {
        let Self::Internal(cause) = self else { return false };
        let error = cause.downcast_ref::<DbErr>().or_else(|| cause.downcast_ref::<Arc<DbErr>>().map(|error| &**error));
        error.is_some_and(|error| matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))))
    }

    /// Creates an error for a fault of the server.
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal(cause.into().into())
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        Arc::new(error).into()
    }
}

impl From<Arc<DbErr>> for Error {
    fn from(error: Arc<DbErr>) -> Self {
        if may_pass(&error) { Self::Unavailable("The database", error) } else { Self::Internal(error) }
    }
}

/// Returns whether a later attempt may succeed: the database is away or busy, or ended the statement to protect itself.
fn may_pass(error: &DbErr) -> bool {
    let Some(cause) = driver_error(error) else {
        return matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_));
    };
    match cause {
        sqlx::Error::Io(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => match sqlite_code(&**error) {
            Some(code) => SQLITE_PASSING.contains(&code) || SQLITE_STORAGE.contains(&code),
            None => is_of(&**error, &PASSING) || is_of(&**error, &STORAGE),
        },
        _ => false,
    }
}

/// Returns whether the database could not store something, and cannot until an operator repairs its disk.
pub fn cannot_store(error: &DbErr) -> bool {
    match driver_error(error) {
        Some(sqlx::Error::Database(error)) => match sqlite_code(&**error) {
            Some(code) => SQLITE_STORAGE.contains(&code),
            None => is_of(&**error, &STORAGE),
        },
        _ => false,
    }
}

fn driver_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => Some(cause),
        _ => None,
    }
}

/// SQLSTATE classes and codes of temporary failures (PostgreSQL, appendix A): connection lost, no resources, ended by
/// an operator or a time limit, lock not available, deadlock, transaction idle for too long.
const PASSING: [&str; 6] = ["08", "53", "57", "55P03", "40", "25P03"];

/// SQLSTATE classes and codes of a disk that is full or fails.
const STORAGE: [&str; 2] = ["53100", "58"];

fn is_of(error: &dyn DatabaseError, classes: &[&str]) -> bool {
    error.code().is_some_and(|code| classes.iter().any(|class| code.starts_with(class)))
}

/// Result codes of temporary failures in SQLite (<https://www.sqlite.org/rescode.html>): `BUSY`, `LOCKED`, `NOMEM`,
/// `INTERRUPT`, `PROTOCOL`.
const SQLITE_PASSING: [u32; 5] = [5, 6, 7, 9, 15];

/// Result codes of a disk that is full, fails or is read-only: `READONLY`, `IOERR`, `FULL`, `CANTOPEN`.
const SQLITE_STORAGE: [u32; 4] = [8, 10, 13, 14];

/// Returns the result code without its extension, or `None` if the error is not from SQLite.
fn sqlite_code(error: &dyn DatabaseError) -> Option<u32> {
    let error = error.try_downcast_ref::<SqliteError>()?;
    Some(error.code()?.parse::<u32>().ok()? & 0xff)
}

/// The error of a caller who exceeds the rate limit.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("The limit is {limit} {what} per minute. Try again in {retry_after} seconds")]
pub struct Exceeded {
    /// A noun for the limited resource, in the plural.
    pub what: &'static str,
    /// The quantity that the caller may use in a minute.
    pub limit: u32,
    /// The number of seconds until the caller may try again.
    pub retry_after: u64,
}

/// Any error. Commands and the start of the server need only its text.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// The kinds of user errors that a caller can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum UserErrorCode {
    /// The viewer sees no such row. Rows that exist elsewhere give the same answer.
    NotFound,
    /// The viewer sees the row, but their role does not allow this action.
    Forbidden,
    /// The state of the row does not allow this, or somebody else changed it first.
    Conflict,
    /// A value is wrong. The message says what a correct value looks like.
    Invalid,
    /// The person must prove again who they are before they can do this.
    RecentProofRequired,
}

/// The refusal of a mutation.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct UserError {
    /// The kind of the refusal.
    pub code: UserErrorCode,
    /// The path of the input field that is wrong, in the names of the domain, as in `lines.2.vat_rate`. `None` if the
    /// error is about the whole input. Stored outcomes of repeated mutations may hold names in camelCase, because
    /// earlier versions wrote them.
    pub field: Option<String>,
    /// The reason, and what a correct value looks like.
    pub message: String,
}

impl fmt::Display for UserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for UserError {}

impl UserError {
    /// Creates the error for a row that the viewer does not see.
    pub fn not_found(field: &str) -> Self {
        Self::new(UserErrorCode::NotFound, field, "No object has this id, or you cannot see it.")
    }

    /// Creates the error for an action that the viewer may not do.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self { code: UserErrorCode::Forbidden, field: None, message: message.into() }
    }

    /// Creates the error for a state that does not allow the action.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self { code: UserErrorCode::Conflict, field: None, message: message.into() }
    }

    /// Creates the error for a wrong value.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::new(UserErrorCode::Invalid, field, message)
    }

    /// Creates the error for an action that needs a recent proof of the person's identity.
    pub fn recent_proof_required() -> Self {
        let message = "Prove again who you are, and repeat this.";
        Self { code: UserErrorCode::RecentProofRequired, field: None, message: message.to_owned() }
    }

    fn new(code: UserErrorCode, field: &str, message: impl Into<String>) -> Self {
        Self { code, field: Some(field.to_owned()), message: message.into() }
    }
}

/// Separates refusals, which are a part of the result, from all other errors.
pub fn separate<T>(result: Result<T, Error>) -> Result<Result<T, UserError>, Error> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(Error::User(user_error)) => Ok(Err(user_error)),
        Err(other) => Err(other),
    }
}
