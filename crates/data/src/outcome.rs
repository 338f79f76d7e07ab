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
    /// The mutation had several parts, each with its own outcome.
    Each(Vec<Self>),
}

impl Outcome {
    /// Returns the outcome of a mutation that ran. Fails if it did not run to its end.
    pub fn of<O: Into<Self>>(result: Result<O, Error>) -> Result<Self, Error> {
        match result {
            Ok(done) => Ok(done.into()),
            Err(Error::User(user_error)) => Ok(Self::Refused(user_error)),
            Err(other) => Err(other),
        }
    }

    /// Returns the key of the row that the payload shows.
    pub fn subject(&self) -> Option<Uuid> {
        match self {
            Self::Done(id) => Some(*id),
            Self::Refused(_) | Self::Each(_) => None,
        }
    }

    /// Returns the reason of a refusal.
    pub fn user_error(&self) -> Option<&UserError> {
        match self {
            Self::Done(_) | Self::Each(_) => None,
            Self::Refused(user_error) => Some(user_error),
        }
    }

    /// Returns the outcomes of the parts.
    pub fn parts(&self) -> &[Self] {
        match self {
            Self::Done(_) | Self::Refused(_) => &[],
            Self::Each(parts) => parts,
        }
    }
}

impl From<Uuid> for Outcome {
    fn from(subject: Uuid) -> Self {
        Self::Done(subject)
    }
}

impl From<Vec<Result<Uuid, UserError>>> for Outcome {
    fn from(parts: Vec<Result<Uuid, UserError>>) -> Self {
        Self::Each(parts.into_iter().map(|part| part.map_or_else(Self::Refused, Self::Done)).collect())
    }
}

impl TryFrom<Result<Uuid, Error>> for Outcome {
    type Error = Error;

    fn try_from(result: Result<Uuid, Error>) -> Result<Self, Error> {
        Self::of(result)
    }
}
