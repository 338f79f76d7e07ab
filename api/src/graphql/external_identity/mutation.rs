//! Mutations for sign-in at an identity provider.

use super::node::ExternalIdentity;
use crate::{
    auth::oidc::{Attempt, Begun, IdentityProvider},
    graphql::{
        id::Id,
        member::Member,
        payload::{UserErrorObject, payload, separate},
        request::{ContextExt, Request},
        session::{RefreshTokenDelivery, Started, session_payload},
    },
    observe::Way,
};
use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use dossier_core::error::{Error, UserError};
use dossier_data::Outcome;
use dossier_domain::{
    check,
    external_identity::{self, ProvenIdentity},
    external_sign_in::{self, ExternalSignIn},
};
use futures::FutureExt;
use uuid::Uuid;

/// Input for beginning a sign-in at the identity provider.
#[derive(InputObject, Default)]
pub struct BeginExternalSignInInput {
    /// The page to which the provider sends the person back, as the server's `OIDC_REDIRECT_URLS` has it. The default is the
    /// first one.
    redirect_url: Option<String>,
    /// Whether the provider must ask the person for a proof again, even if they are signed in there. The new session then has
    /// a recent proof of identity.
    #[graphql(default = false)]
    reauthenticate: bool,
}

/// Input for completing a sign-in at the identity provider.
#[derive(InputObject)]
pub struct CompleteExternalSignInInput {
    /// The `attempt` that `beginExternalSignIn` returned.
    #[graphql(secret)]
    attempt: String,
    /// The `state` with which the provider sent the person back.
    #[graphql(secret)]
    state: String,
    /// The `code` with which the provider sent the person back.
    #[graphql(secret)]
    code: String,
    /// The slug of the organization. If neither this nor the membership is given, the session is of the oldest membership:
    /// the payload lists the others, and `switchMembership` begins a session of one.
    organization: Option<String>,
    /// The membership.
    membership_id: Option<Id<Member>>,
    /// A name for the device, up to 200 characters. The default is the `User-Agent` of the request.
    device: Option<String>,
    /// How the caller gets the refresh token.
    #[graphql(default_with = "RefreshTokenDelivery::Body")]
    refresh_token_delivery: RefreshTokenDelivery,
}

/// Input for linking an account at the identity provider.
#[derive(InputObject)]
pub struct LinkExternalIdentityInput {
    /// The `attempt` that `beginExternalSignIn` returned.
    #[graphql(secret)]
    attempt: String,
    /// The `state` with which the provider sent the person back.
    #[graphql(secret)]
    state: String,
    /// The `code` with which the provider sent the person back.
    #[graphql(secret)]
    code: String,
}

/// Input for removing the link to an account at an identity provider.
#[derive(InputObject)]
pub struct RemoveExternalIdentityInput {
    /// The linked account.
    id: Id<ExternalIdentity>,
}

/// The result of beginning a sign-in at the identity provider.
pub struct BeginExternalSignInPayload(Result<Begun, UserError>);

/// The result of beginning a sign-in at the identity provider.
#[Object]
impl BeginExternalSignInPayload {
    /// The page of the provider to which the client leads the person. Null if there are `userErrors`.
    async fn authorization_url(&self) -> Option<&str> {
        self.0.as_ref().ok().map(|begun| begun.authorization_url.as_str())
    }

    /// The sign-in, for `completeExternalSignIn`. Keep it where the sign-in began, such as in the `sessionStorage` of the
    /// page: only there can the sign-in be completed. It works once. Null if there are `userErrors`.
    async fn attempt(&self) -> Option<&str> {
        self.0.as_ref().ok().map(|begun| begun.attempt.as_str())
    }

    /// When the sign-in expires. It is valid for 10 minutes. Null if there are `userErrors`.
    async fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.0.as_ref().ok().map(|begun| begun.expires_at)
    }

    /// The reasons why no sign-in began. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.as_ref().err().map(Into::into).into_iter().collect()
    }
}

session_payload! {
    /// The result of completing a sign-in at the identity provider.
    CompleteExternalSignInPayload { factor_challenge }
}

payload! {
    /// The result of linking an account at the identity provider.
    LinkExternalIdentityPayload {
        /// The linked account. Null if there are `userErrors`.
        external_identity: ExternalIdentity
    }
}

/// The result of removing the link to an account at an identity provider.
pub struct RemoveExternalIdentityPayload(Outcome);

impl From<Outcome> for RemoveExternalIdentityPayload {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

/// The result of removing the link to an account at an identity provider.
#[Object]
impl RemoveExternalIdentityPayload {
    /// The id of the account that is no longer linked. Null if there are `userErrors`.
    async fn removed_id(&self) -> Option<ID> {
        self.0.subject().map(|id| Id::<ExternalIdentity>::of(id).into())
    }

    /// The reasons why nothing was removed. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
    }
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct ExternalIdentityMutation;

#[Object]
impl ExternalIdentityMutation {
    /// Begins a sign-in at the identity provider (`OpenID` Connect, with PKCE). Lead the person to `authorizationUrl`. The
    /// provider sends them back with `state` and `code`, for `completeExternalSignIn` or, if they are signed in,
    /// `linkExternalIdentity`. An idempotency key is ignored.
    async fn begin_external_sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How the sign-in begins.", default)] input: BeginExternalSignInInput,
    ) -> Result<BeginExternalSignInPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        request.end_tx().await;
        let begin = async {
            app.rate.link(request.address()).await?;
            let (now, page) = (app.database.clock.now(), input.redirect_url.as_deref());
            provider(request)?.begin(&app.sealer, now, page, input.reauthenticate).await
        };
        separate(request.attempt(Way::ExternalSignIn, None, begin.boxed()).await).map(BeginExternalSignInPayload)
    }

    /// Completes a sign-in at the identity provider, and opens a session. If the person has a second factor, it returns a
    /// `factorChallenge` instead. At the first sign-in, the account at the provider is linked to the person with its email
    /// address, if the provider has verified the address and the server trusts it with the domain. A mail tells the person.
    /// People without an account need an invitation. An idempotency key is ignored.
    async fn complete_external_sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer of the provider.")] input: CompleteExternalSignInInput,
    ) -> Result<CompleteExternalSignInPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        let delivery = request.check_delivery(input.refresh_token_delivery)?;
        request.end_tx().await;
        let organization = check::given(input.organization.as_deref()).map(str::to_owned);
        let (membership, device) = (input.membership_id.map(Id::uuid), request.device(input.device));
        let attempt = async {
            let (attempt, proven) = prove(request, &input.attempt, &input.state, &input.code).await?;
            let given = ExternalSignIn { proven, attempt, organization, membership, device };
            external_sign_in::sign_in(&app.database, &app.sealer, given).await
        };
        let signed = request.attempt(Way::ExternalSignIn, None, attempt.boxed()).await;
        Ok(CompleteExternalSignInPayload(Started::new(request, signed, delivery).await?))
    }

    /// Links an account at the identity provider to the viewer, whatever its email address is. A mail tells the person.
    /// Requires a recent proof of identity. An idempotency key is ignored.
    async fn link_external_identity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer of the provider.")] input: LinkExternalIdentityInput,
    ) -> Result<LinkExternalIdentityPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        request.end_tx().await;
        let attempt = async {
            external_identity::require_may_link(&app.database, &request.credentials()).await?;
            let (_, proven) = prove(request, &input.attempt, &input.state, &input.code).await?;
            external_identity::link(&app.database, &request.credentials(), &proven).await
        };
        let linked = request.attempt(Way::ExternalSignIn, None, attempt.boxed()).await;
        Outcome::try_from(linked).map(Into::into)
    }

    /// Removes the link to an account at an identity provider. The sessions that began with it end, except the present one,
    /// and access tokens of the provider stop working. A mail tells the person. Requires a recent proof of identity.
    async fn remove_external_identity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The linked account.")] input: RemoveExternalIdentityInput,
    ) -> Result<RemoveExternalIdentityPayload, Error> {
        ctx.mutate(|tx| external_identity::remove_own(tx, input.id.uuid()).boxed()).await
    }
}

fn provider(request: &Request) -> Result<&IdentityProvider, Error> {
    let missing = || UserError::forbidden("This server has no identity provider.");
    Ok(request.app().identity_provider.as_ref().ok_or_else(missing)?)
}

/// Returns the sign-in, and the account with which the provider sent the person back.
async fn prove(request: &Request, sealed: &str, state: &str, code: &str) -> Result<(Uuid, ProvenIdentity), Error> {
    let app = request.app();
    app.rate.link(request.address()).await?;
    let provider = provider(request)?;
    let now = app.database.clock.now();
    let invalid =
        || UserError::invalid("attempt", "is not valid any more, or has another state; begin the sign-in again");
    let attempt = Attempt::open(&app.sealer, sealed, state, now).ok_or_else(invalid)?;
    let proven = provider.complete(&attempt, code, now).await?;
    Ok((attempt.id, proven))
}
