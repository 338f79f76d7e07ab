//! Everything that can go wrong, told apart by who can act on it: the person who asked, or the one who runs the server.

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, error::DatabaseError, sqlite::SqliteError},
};
use std::{error::Error as StdError, fmt, sync::Arc};

/// Why an operation did not do what it was asked to.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// A mutation's rules said no: a typed user error of its payload.
    #[error("{0}")]
    User(#[from] UserError),
    /// Nobody is signed in, or no longer.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// A query asks for what the viewer's role may not ask, such as ordering by a guarded field.
    #[error("{0}")]
    Forbidden(String),
    /// An argument is wrong.
    #[error("Argument `{argument}`: {message}")]
    BadInput {
        /// The argument's path, as in `filter.clientId`.
        argument: String,
        /// What is wrong, and what would be right.
        message: String,
    },
    /// The caller asks for more than it may in a minute.
    #[error(transparent)]
    Exceeded(#[from] Exceeded),
    /// Counting, summing or searching looks at more rows than the operation may.
    #[error(
        "Counting, summing or searching would scan more rows than this operation may. Narrow the filter, or count and \
         search less in one operation"
    )]
    OverBudget,
    /// A service that is needed does not answer; trying again later may help.
    #[error("{0} is not available right now; try again later")]
    Unavailable(&'static str, #[source] Arc<dyn StdError + Send + Sync>),
    /// A fault of ours: logged with its cause, shown without.
    #[error("Something went wrong on our side")]
    Internal(#[source] Arc<dyn StdError + Send + Sync>),
}

impl Error {
    /// A wrong argument of a query.
    pub fn bad_input(argument: impl Into<String>, message: impl Into<String>) -> Self {
        Self::BadInput { argument: argument.into(), message: message.into() }
    }

    /// A fault of ours.
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

/// Whether the same may succeed a little later: the database is away, busy, or ended the statement to save itself.
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

/// Whether the database failed to store something, and will go on failing until its disk is mended.
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

/// Classes of SQLSTATE (PostgreSQL, appendix A): connection lost, no resources, ended by an operator or a time limit,
/// a lock not to be had, a deadlock, idle for too long.
const PASSING: [&str; 6] = ["08", "53", "57", "55P03", "40", "25P03"];

/// The same for a disk that is full, or fails.
const STORAGE: [&str; 2] = ["53100", "58"];

fn is_of(error: &dyn DatabaseError, classes: &[&str]) -> bool {
    error.code().is_some_and(|code| classes.iter().any(|class| code.starts_with(class)))
}

/// Result codes of SQLite (<https://www.sqlite.org/rescode.html>): `BUSY`, `LOCKED`, `NOMEM`, `INTERRUPT`, `PROTOCOL`.
const SQLITE_PASSING: [u32; 5] = [5, 6, 7, 9, 15];

/// The same for a disk that is full, fails, or cannot be written to: `READONLY`, `IOERR`, `FULL`, `CANTOPEN`.
const SQLITE_STORAGE: [u32; 4] = [8, 10, 13, 14];

/// The result code without its extension; none when the error is not one of SQLite.
fn sqlite_code(error: &dyn DatabaseError) -> Option<u32> {
    let error = error.try_downcast_ref::<SqliteError>()?;
    Some(error.code()?.parse::<u32>().ok()? & 0xff)
}

/// The error of a caller who asks for more than their rate limit allows.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("The limit is {limit} {what} per minute. Try again in {retry_after} seconds")]
pub struct Exceeded {
    /// The things that are limited, in words.
    pub what: &'static str,
    /// How many of them the caller may use in a minute.
    pub limit: u32,
    /// In how many seconds the caller may ask again.
    pub retry_after: u64,
}

/// Any error, for commands and for setting up the server: its text is all that is needed.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// The kinds of refusal that a caller can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum UserErrorCode {
    /// There is no such row within the viewer's reach. Rows that exist elsewhere answer the same.
    NotFound,
    /// The row is seen, but the viewer's role may not do this with it.
    Forbidden,
    /// The row's state does not allow this, or somebody else was faster.
    Conflict,
    /// A value is wrong; the message says what would be right.
    Invalid,
}

/// What a mutation's rules say no with.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct UserError {
    /// What kind of refusal it is.
    pub code: UserErrorCode,
    /// The path of the input field it is about, in the names of the domain, as in `lines.2.vat_rate`; none when it is
    /// about the whole. Records of repeated mutations may hold names in camelCase, as earlier versions wrote them.
    pub field: Option<String>,
    /// Why, and what would be right.
    pub message: String,
}

impl fmt::Display for UserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for UserError {}

impl UserError {
    /// There is no such row within reach.
    pub fn not_found(field: &str) -> Self {
        Self::new(UserErrorCode::NotFound, field, "No object has this id, or you cannot see it.")
    }

    /// The action is not the viewer's to do.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self { code: UserErrorCode::Forbidden, field: None, message: message.into() }
    }

    /// The state does not allow it.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self { code: UserErrorCode::Conflict, field: None, message: message.into() }
    }

    /// A value is wrong.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::new(UserErrorCode::Invalid, field, message)
    }

    fn new(code: UserErrorCode, field: &str, message: impl Into<String>) -> Self {
        Self { code, field: Some(field.to_owned()), message: message.into() }
    }
}
