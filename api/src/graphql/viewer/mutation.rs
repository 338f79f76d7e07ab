//! Mutations for signing in and out.

use crate::{
    graphql::{
        id::Id,
        member::Member,
        payload::UserErrorObject,
        request::ContextExt,
        session::{RefreshTokenDelivery, Started, session_payload},
    },
    observe::Way,
};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::Error;
use dossier_data::Outcome;
use dossier_domain::{
    challenge, check,
    sign_in::{self, SignIn, SignInResult},
};
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
    /// A name for the device, up to 200 characters. The default is the `User-Agent` of the request.
    device: Option<String>,
    /// How the caller gets the refresh token.
    #[graphql(default_with = "RefreshTokenDelivery::Body")]
    refresh_token_delivery: RefreshTokenDelivery,
}

session_payload! {
    /// The result of signing in.
    SignInPayload { factor_challenge }
}

/// Input for completing a sign-in with the second factor.
#[derive(InputObject)]
pub struct CompleteSignInInput {
    /// The token of the challenge that `signIn` or `acceptInvitation` returned.
    #[graphql(secret)]
    challenge: String,
    /// A code of the authenticator app, or an unused recovery code.
    #[graphql(secret)]
    code: String,
    /// How the caller gets the refresh token.
    #[graphql(default_with = "RefreshTokenDelivery::Body")]
    refresh_token_delivery: RefreshTokenDelivery,
}

session_payload! {
    /// The result of completing a sign-in.
    CompleteSignInPayload
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
    /// Signs in and opens a session. Each call opens a new session. If the person has a second factor, it returns a
    /// `factorChallenge` instead. An idempotency key is ignored.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The credentials.")] input: SignInInput,
    ) -> Result<SignInPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        let delivery = request.check_delivery(input.refresh_token_delivery)?;
        let (address, account) = (request.address(), sign_in::account_name(&input.email));
        let membership = input.membership_id.map(Id::uuid);
        let organization = check::given(input.organization.as_deref()).map(str::to_owned);
        let device = request.device(input.device);
        let given = SignIn { email: input.email, password: input.password, organization, membership, device };
        let attempt = async {
            app.rate.sign_in(address, &account).await?;
            sign_in::sign_in(&app.database, &app.sealer, given).await
        };
        let signed = request.attempt(Way::Password, Some(&account), attempt.boxed()).await;
        if matches!(signed, Ok(SignInResult::Session(_))) {
            app.rate.signed_in(address, &account).await;
        }
        Ok(SignInPayload(Started::new(request, signed, delivery).await?))
    }

    /// Completes a sign-in with a code of the second factor, and opens the session. Each challenge and each code works once.
    /// After several wrong codes of the app, further ones must wait; recovery codes never wait. An idempotency key is
    /// ignored.
    async fn complete_sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The challenge and the code.")] input: CompleteSignInInput,
    ) -> Result<CompleteSignInPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        let delivery = request.check_delivery(input.refresh_token_delivery)?;
        request.end_tx().await;
        let (address, challenge) = (request.address(), challenge::open(&app.sealer, &input.challenge));
        let account = challenge.as_ref().map(|challenge| challenge.email.as_str());
        let attempt = async {
            match account {
                Some(account) => app.rate.sign_in(address, account).await?,
                None => app.rate.link(address).await?,
            }
            sign_in::complete(&app.database, &app.sealer, &input.challenge, &input.code).await
        };
        let signed = request.attempt(Way::Code, account, attempt.boxed()).await;
        if let (Ok(_), Some(challenge)) = (&signed, &challenge) {
            app.rate.signed_in(address, &challenge.email).await;
        }
        Ok(CompleteSignInPayload(Started::new(request, signed, delivery).await?))
    }

    /// Ends the session of the sent token. The token stops working everywhere at once.
    async fn sign_out(&self, ctx: &Context<'_>) -> Result<SignOutPayload, Error> {
        let signed_out: SignOutPayload = ctx.mutate(|tx| sign_in::sign_out(tx).boxed()).await?;
        ctx.request()?.clear_refresh_cookie();
        Ok(signed_out)
    }
}
