//! The callers that are counted.

use crate::address::Address;
use dossier_core::credentials::Credentials;
use std::fmt;
use uuid::Uuid;

/// Who is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Somebody who is signed in.
    User(Uuid),
    /// Somebody who is not.
    Address(Address),
    /// The account that somebody tries to sign in to, whether or not there is one.
    Account(String),
}

impl Subject {
    /// Who comes with these credentials, from there.
    pub fn of(credentials: &Credentials, address: Address) -> Self {
        match credentials {
            Credentials::Anonymous => Self::Address(address),
            Credentials::Bearer(claims) => Self::User(claims.user),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user {id}"),
            Self::Address(address) => write!(f, "address {address}"),
            Self::Account(email) => write!(f, "account {email}"),
        }
    }
}
