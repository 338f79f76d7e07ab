//! Mutations for signing in and out.

use super::Viewer;
use crate::graphql::{id::Id, member::Member, payload::UserErrorObject, request::ContextExt};
use async_graphql::{Context, InputObject, Object};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_data::Outcome;
use dossier_domain::{
    check,
    sign_in::{self, SignIn},
};
use entities::session;
use futures::FutureExt;

/// Input for signing in.
#[derive(InputObject)]
pub struct SignInInput {
    /// The email address. Case is ignored.
    email: String,
    /// The password.
    #[graphql(secret)]
    password: String,
    /// The slug of the organization. Required for people who belong to several organizations.
    organization: Option<String>,
    /// The membership. Required for people who have several memberships in the organization. The error that asks for it
    /// lists them.
    membership_id: Option<Id<Member>>,
}

/// The result of signing in.
pub struct SignInPayload(Result<SignedIn, Outcome>);

/// A new session and its token.
struct SignedIn {
    access_token: String,
    session: session::Model,
}

/// The result of signing in.
#[Object]
impl SignInPayload {
    /// The access token. Send it as `Authorization: Bearer …` over HTTP, and as `Authorization` in the payload of
    /// `connection_init` over WebSocket. Null if there are `userErrors`.
    async fn access_token(&self) -> Option<&str> {
        self.0.as_ref().ok().map(|signed| signed.access_token.as_str())
    }

    /// When the token expires.
    async fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.0.as_ref().ok().map(|signed| signed.session.expires_at)
    }

    /// The person who signed in. Null if there are `userErrors`.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<Viewer>, Error> {
        if self.0.is_err() {
            return Ok(None);
        }
        Ok(ctx.tx().await?.viewer.member().cloned().map(Viewer))
    }

    /// The reasons why nobody was signed in. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.as_ref().err().and_then(Outcome::user_error).map(Into::into).into_iter().collect()
    }
}

/// The result of signing out.
pub struct SignOutPayload(Outcome);

impl From<Outcome> for SignOutPayload {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

/// The result of signing out.
#[Object]
impl SignOutPayload {
    /// Whether the session has ended.
    async fn signed_out(&self) -> bool {
        self.0.subject().is_some()
    }

    /// The reasons why the session has not ended. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
    }
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct SignInMutation;

#[Object]
impl SignInMutation {
    /// Signs in and opens a session. Each call opens a new session. An idempotency key is ignored.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The credentials.")] input: SignInInput,
    ) -> Result<SignInPayload, Error> {
        let app = ctx.app()?;
        let (address, account) = (ctx.request()?.address(), sign_in::account_name(&input.email));
        app.rate.sign_in(address, &account).await?;
        let membership = input.membership_id.map(Id::uuid);
        let organization = check::given(input.organization.as_deref()).map(str::to_owned);
        let given = SignIn { email: input.email, password: input.password, organization, membership };
        match sign_in::sign_in(&app.database, given).await {
            Ok(signed) => {
                app.rate.signed_in(address, &account).await;
                let access_token = app.tokens.issue(&signed.claims)?;
                ctx.request()?.become_member(signed.claims).await;
                Ok(SignInPayload(Ok(SignedIn { access_token, session: signed.session })))
            }
            Err(Error::User(user_error)) => Ok(SignInPayload(Err(Outcome::Refused(user_error)))),
            Err(other) => Err(other),
        }
    }

    /// Ends the session of the sent token. The token stops working everywhere at once.
    async fn sign_out(&self, ctx: &Context<'_>) -> Result<SignOutPayload, Error> {
        ctx.mutate(|tx| sign_in::sign_out(tx).boxed()).await
    }
}
