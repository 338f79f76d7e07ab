//! The fields of an account at an identity provider.

use super::node::ExternalIdentity;
use crate::graphql::id::Id;
use async_graphql::{ID, Object, SimpleObject};
use chrono::{DateTime, Utc};

/// An account at an identity provider with which the viewer can sign in.
#[Object]
impl ExternalIdentity {
    /// The global id, `externalidentity_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The URL by which the provider names itself.
    async fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// The account at the provider, as the provider names it.
    async fn subject(&self) -> &str {
        &self.0.subject
    }

    /// The email address at the provider when the account was linked. Null if the provider did not tell it.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// When it was linked.
    async fn linked_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the viewer last signed in with it, or a program began a session with an access token of the provider. Null if
    /// it was never used.
    async fn last_used_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_used_at
    }
}

/// The identity provider at which people can sign in.
#[derive(SimpleObject)]
pub struct IdentityProvider {
    /// The name that people see, such as on a button.
    pub name: String,
    /// The URL by which the provider names itself.
    pub issuer: String,
}
