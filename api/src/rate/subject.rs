//! The callers that are counted.

use crate::address::Address;
use dossier_core::credentials::Credentials;
use std::fmt;
use uuid::Uuid;

/// A caller or an account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A user who is signed in.
    User(Uuid),
    /// The address of an anonymous caller.
    Address(Address),
    /// The email address of an attempt to sign in, whether or not the account exists.
    Account(String),
}

impl Subject {
    /// Returns the caller with these credentials and this address.
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
