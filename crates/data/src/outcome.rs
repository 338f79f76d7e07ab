//! The outcome of a mutation. It is small enough to be stored for a repetition, and any payload can be read from it.

use dossier_core::error::{Error, UserError};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The outcome of a mutation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Outcome {
    /// The mutation happened. The payload shows the row with this key.
    Done(Uuid),
    /// A rule refused the mutation, and nothing happened.
    Refused(UserError),
}

impl Outcome {
    /// Returns the key of the row that the payload shows.
    pub fn subject(&self) -> Option<Uuid> {
        match self {
            Self::Done(id) => Some(*id),
            Self::Refused(_) => None,
        }
    }

    /// Returns the reason of a refusal.
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
