//! Authentication with a passkey.

use super::BeginPasskeyAuthenticationPayload;
use crate::{
    graphql::{
        id::Id,
        member::Member,
        payload::separate,
        request::ContextExt,
        session::{RefreshTokenDelivery, Started, session_payload},
    },
    observe::Way,
};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::Error;
use dossier_domain::{
    check,
    passkey::{self, Assertion, PasskeySignIn},
};
use futures::FutureExt;

/// The use of a passkey.
#[derive(InputObject)]
pub struct PasskeyAssertionInput {
    /// The attempt that `beginPasskeyAuthentication` returned.
    #[graphql(secret)]
    attempt: String,
    /// The credential that `navigator.credentials.get` returned, as JSON (`credential.toJSON()`).
    #[graphql(secret)]
    credential: String,
}

impl From<PasskeyAssertionInput> for Assertion {
    fn from(input: PasskeyAssertionInput) -> Self {
        Self { attempt: input.attempt, credential: input.credential }
    }
}

/// Input for beginning to authenticate with a passkey.
#[derive(InputObject, Default)]
pub struct BeginPasskeyAuthenticationInput {
    /// The token of a challenge that `signIn` or `acceptInvitation` returned, if the passkey is its second factor.
    #[graphql(secret)]
    challenge: Option<String>,
}

/// Input for signing in with a passkey.
#[derive(InputObject)]
pub struct SignInWithPasskeyInput {
    /// The use of the passkey.
    passkey: PasskeyAssertionInput,
    /// The slug of the organization. Required for people who belong to several organizations, unless the attempt began
    /// with a challenge.
    organization: Option<String>,
    /// The membership. Required for people who have several memberships in the organization. The error that asks for it
    /// lists them. Until then, the same attempt and credential can be sent again.
    membership_id: Option<Id<Member>>,
    /// A name for the device, up to 200 characters. The default is the `User-Agent` of the request.
    device: Option<String>,
    /// How the caller gets the refresh token.
    #[graphql(default_with = "RefreshTokenDelivery::Body")]
    refresh_token_delivery: RefreshTokenDelivery,
}

session_payload! {
    /// The result of signing in with a passkey.
    SignInWithPasskeyPayload
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct PasskeySignInMutation;

#[Object]
impl PasskeySignInMutation {
    /// Begins to authenticate with a passkey: with one of the challenge's person, with one of the viewer, or, without a
    /// challenge and an access token, with any that the device offers. `signInWithPasskey` or `confirmIdentity` completes
    /// it. An idempotency key is ignored.
    async fn begin_passkey_authentication(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The challenge, if there is one.", default)] input: BeginPasskeyAuthenticationInput,
    ) -> Result<BeginPasskeyAuthenticationPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        request.end_tx().await;
        let (credentials, challenge) = (request.credentials(), input.challenge.as_deref());
        let party = &app.relying_party;
        let begun = passkey::begin_authentication(&app.database, &credentials, &app.sealer, party, challenge).await;
        separate(begun).map(BeginPasskeyAuthenticationPayload)
    }

    /// Signs in with a passkey, and opens a session. It needs neither a password nor another factor, because the device has
    /// verified the person. Each attempt works once. An idempotency key is ignored.
    async fn sign_in_with_passkey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The passkey.")] input: SignInWithPasskeyInput,
    ) -> Result<SignInWithPasskeyPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        let delivery = request.check_delivery(input.refresh_token_delivery)?;
        request.end_tx().await;
        let given = PasskeySignIn {
            assertion: input.passkey.into(),
            organization: check::given(input.organization.as_deref()).map(str::to_owned),
            membership: input.membership_id.map(Id::uuid),
            device: request.device(input.device),
        };
        let attempt = async {
            app.rate.link(request.address()).await?;
            passkey::sign_in(&app.database, &app.sealer, &app.relying_party, given).await
        };
        let signed = request.attempt(Way::Passkey, None, attempt.boxed()).await;
        Ok(SignInWithPasskeyPayload(Started::new(request, signed, delivery).await?))
    }
}
