//! What became of a mutation: small enough to be kept for a repetition, and enough for any payload to be read from.

use dossier_core::error::{Error, UserError};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What became of a mutation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Outcome {
    /// It happened; this is the row that the payload shows.
    Done(Uuid),
    /// Its rules said no, and nothing happened.
    Refused(UserError),
}

impl Outcome {
    /// The row that the payload shows.
    pub fn subject(&self) -> Option<Uuid> {
        match self {
            Self::Done(id) => Some(*id),
            Self::Refused(_) => None,
        }
    }

    /// Why nothing happened.
    pub fn user_error(&self) -> Option<&UserError> {
        match self {
            Self::Done(_) => None,
            Self::Refused(user_error) => Some(user_error),
        }
    }
}

impl TryFrom<Result<Uuid, Error>> for Outcome {
    type Error = Error;

    fn try_from(result: Result<Uuid, Error>) -> Result<Self, Error> {
        match result {
            Ok(id) => Ok(Self::Done(id)),
            Err(Error::User(user_error)) => Ok(Self::Refused(user_error)),
            Err(other) => Err(other),
        }
    }
}
