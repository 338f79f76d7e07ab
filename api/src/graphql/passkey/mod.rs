//! Passkeys: a person's own list, adding and removing them, and signing in with one.

mod mutation;
mod object;
mod sign_in;

pub use mutation::{PasskeyMutation, list};
pub use object::Passkey;
pub use sign_in::{PasskeyAssertionInput, PasskeySignInMutation};

use crate::graphql::payload::UserErrorObject;
use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};
use dossier_core::error::UserError;
use dossier_domain::passkey::Begun;
use uuid::Uuid;

/// The prefix of the ids. A passkey is no node, because only its person can see it.
const PREFIX: &str = "passkey";

fn encode(id: Uuid) -> ID {
    dossier_core::id::encode(PREFIX, id).into()
}

fn decode(id: &ID) -> Result<Uuid, UserError> {
    let decoded = dossier_core::id::decode(id).filter(|(prefix, _)| *prefix == PREFIX);
    decoded.map(|(_, id)| id).ok_or_else(|| UserError::not_found("id"))
}

/// Declares the payload of a mutation that begins to add or to use a passkey.
macro_rules! begun_payload {
    ($(#[doc = $doc:literal])+ $name:ident, $(#[doc = $options_doc:literal])+) => {
        $(#[doc = $doc])+
        pub struct $name(Result<Begun, UserError>);

        $(#[doc = $doc])+
        #[Object]
        impl $name {
            $(#[doc = $options_doc])+
            async fn options(&self) -> Option<&str> {
                self.0.as_ref().ok().map(|begun| begun.options.as_str())
            }

            /// The token that completes the attempt. It works once, for 5 minutes. Null if there are `userErrors`.
            async fn attempt(&self) -> Option<&str> {
                self.0.as_ref().ok().map(|begun| begun.attempt.as_str())
            }

            /// When the attempt expires. Null if there are `userErrors`.
            async fn expires_at(&self) -> Option<DateTime<Utc>> {
                self.0.as_ref().ok().map(|begun| begun.expires_at)
            }

            /// The reasons why nothing began. Empty on success.
            async fn user_errors(&self) -> Vec<UserErrorObject> {
                self.0.as_ref().err().map(Into::into).into_iter().collect()
            }
        }
    };
}

begun_payload! {
    /// The result of beginning to add a passkey.
    BeginPasskeyRegistrationPayload,
    /// The options as JSON. Parse them with `PublicKeyCredential.parseCreationOptionsFromJSON`, and call
    /// `navigator.credentials.create` with them. Null if there are `userErrors`.
}

begun_payload! {
    /// The result of beginning to authenticate with a passkey.
    BeginPasskeyAuthenticationPayload,
    /// The options as JSON. Parse them with `PublicKeyCredential.parseRequestOptionsFromJSON`, and call
    /// `navigator.credentials.get` with them. Null if there are `userErrors`.
}
