//! Mutations of invitations.

use super::{Invitation, object::InvitationPreview};
use crate::{
    graphql::{
        client::Client,
        id::Id,
        member::Role,
        organization::Site,
        payload::{UserErrorObject, payload, separate},
        request::ContextExt,
        session::{RefreshTokenDelivery, Started, session_payload},
    },
    observe::Way,
};
use async_graphql::{Context, InputObject, Object};
use dossier_core::{
    credentials::Credentials,
    error::{Error, UserError},
};
use dossier_domain::{
    acceptance::{self, Acceptance},
    invitation::{self, NewInvitation},
    invitation_link::{self, Preview},
};
use entities::session;
use futures::FutureExt;

/// Input for inviting somebody.
#[derive(InputObject)]
pub struct InviteMemberInput {
    /// The address. Only the account of this address can accept the invitation.
    email: String,
    /// A name for a new account, 1 to 200 characters. The invited person can change it.
    display_name: Option<String>,
    /// The role.
    role: Role,
    /// The sites. Managers and staff need at least one, and other roles have none.
    site_ids: Option<Vec<Id<Site>>>,
    /// The dossier. Clients need it, and other roles have none.
    client_id: Option<Id<Client>>,
    /// The BCP 47 tag of the language of the mail. The default is the language of the organization.
    locale: Option<String>,
}

/// Input for sending an invitation again.
#[derive(InputObject)]
pub struct ResendInvitationInput {
    /// The invitation.
    id: Id<Invitation>,
}

/// Input for revoking an invitation.
#[derive(InputObject)]
pub struct RevokeInvitationInput {
    /// The invitation.
    id: Id<Invitation>,
}

/// Input for reading the invitation of a link.
#[derive(InputObject)]
pub struct OpenInvitationInput {
    /// The token of the link: the text behind `#`.
    #[graphql(secret)]
    token: String,
}

/// Input for accepting an invitation.
#[derive(InputObject)]
pub struct AcceptInvitationInput {
    /// The token of the link: the text behind `#`.
    #[graphql(secret)]
    token: String,
    /// The password of the account, or a new one of 12 to 1,000 characters for a new account. Not needed with an access
    /// token of the account.
    #[graphql(secret)]
    password: Option<String>,
    /// The name for a new account, 1 to 200 characters. The default is the name in the invitation.
    display_name: Option<String>,
    /// The BCP 47 tag of the language of a new account. The default is the language of the invitation.
    locale: Option<String>,
    /// A name for the device, up to 200 characters. The default is the `User-Agent` of the request.
    device: Option<String>,
    /// How the caller gets the refresh token.
    #[graphql(default_with = "RefreshTokenDelivery::Body")]
    refresh_token_delivery: RefreshTokenDelivery,
}

payload! {
    /// The result of inviting somebody.
    InviteMemberPayload {
        /// The new invitation. Null if there are `userErrors`.
        invitation: Invitation
    }
}

payload! {
    /// The result of sending an invitation again.
    ResendInvitationPayload {
        /// The invitation after the change. Null if there are `userErrors`.
        invitation: Invitation
    }
}

payload! {
    /// The result of revoking an invitation.
    RevokeInvitationPayload {
        /// The invitation after the change. Null if there are `userErrors`.
        invitation: Invitation
    }
}

session_payload! {
    /// The result of accepting an invitation: a session of the new membership.
    AcceptInvitationPayload { factor_challenge }
}

/// The result of reading the invitation of a link.
pub struct OpenInvitationPayload(Result<Preview, UserError>);

/// The result of reading the invitation of a link.
#[Object]
impl OpenInvitationPayload {
    /// The invitation. Null if there are `userErrors`.
    async fn invitation(&self) -> Option<InvitationPreview> {
        self.0.as_ref().ok().cloned().map(InvitationPreview)
    }

    /// The reasons why the link does not work. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.as_ref().err().map(Into::into).into_iter().collect()
    }
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct InvitationMutation;

#[Object]
impl InvitationMutation {
    /// Invites an address by mail. Allowed for owners; operators, and managers at their own sites, may invite clients.
    /// The link works once, for 7 days. All roles except `CLIENT` require a recent proof of identity.
    async fn invite_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The invitation.")] input: InviteMemberInput,
    ) -> Result<InviteMemberPayload, Error> {
        let new = NewInvitation {
            email: input.email,
            display_name: input.display_name,
            role: input.role.into(),
            sites: input.site_ids.unwrap_or_default().into_iter().map(Id::uuid).collect(),
            client: input.client_id.map(Id::uuid),
            locale: input.locale,
        };
        ctx.mutate(|tx| invitation::invite(tx, new).boxed()).await
    }

    /// Sends an invitation again, with a new link and a new expiry. Earlier links stop working. Allowed for whoever may
    /// invite to its role. All roles except `CLIENT` require a recent proof of identity.
    async fn resend_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The invitation to send.")] input: ResendInvitationInput,
    ) -> Result<ResendInvitationPayload, Error> {
        ctx.mutate(|tx| invitation::resend(tx, input.id.uuid()).boxed()).await
    }

    /// Revokes an invitation: its link stops working. Allowed for whoever may invite to its role.
    async fn revoke_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The invitation to revoke.")] input: RevokeInvitationInput,
    ) -> Result<RevokeInvitationPayload, Error> {
        ctx.mutate(|tx| invitation::revoke(tx, input.id.uuid()).boxed()).await
    }

    /// Returns the invitation of a link, for the page that the link leads to. It changes nothing and needs no access
    /// token. It is a mutation so that the token never stands in a URL.
    async fn open_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token of the link.")] input: OpenInvitationInput,
    ) -> Result<OpenInvitationPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        request.end_tx().await;
        let attempt = invitation_link::preview(&app.database, &app.sealer, &input.token);
        let preview = request.attempt(Way::Invitation, None, attempt.boxed()).await;
        separate(preview).map(OpenInvitationPayload)
    }

    /// Accepts an invitation: makes the person a member, and begins a session. It needs the link of the mail and the
    /// password of the account, or an access token of the account. If the person has a second factor and sends a password, it
    /// returns a `factorChallenge` instead of a session, and they join when they answer it. An idempotency key is ignored.
    async fn accept_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token of the link, and the account.")] input: AcceptInvitationInput,
    ) -> Result<AcceptInvitationPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        let delivery = request.check_delivery(input.refresh_token_delivery)?;
        request.end_tx().await;
        let signed_in = match request.credentials() {
            Credentials::Anonymous => None,
            credentials @ Credentials::Bearer(_) => {
                let tx = app.database.read(&credentials).await?;
                let session = tx.member()?.session();
                let session = match session {
                    Some(session) => tx.get::<session::Entity>(session).await?,
                    None => None,
                };
                // Only a session that began with signing in stands for the account.
                let stands = |session: &session::Model| session.scopes.is_none() && session.refresh_number > 0;
                tx.member().ok().filter(|_| session.as_ref().is_some_and(stands)).map(|member| member.user)
            }
        };
        let acceptance = Acceptance {
            token: input.token,
            password: input.password,
            display_name: input.display_name,
            locale: input.locale,
            device: request.device(input.device),
        };
        let preview = invitation_link::preview(&app.database, &app.sealer, &acceptance.token).await.ok();
        let account = preview.as_ref().map(|preview| preview.row.email.as_str());
        let attempt = async {
            // The password of an account must not be guessed here either.
            if let Some(account) = account {
                app.rate.sign_in(request.address(), account).await?;
            }
            acceptance::accept(&app.database, &app.sealer, acceptance, signed_in).await
        };
        let accepted = request.attempt(Way::Invitation, account, attempt.boxed()).await;
        Ok(AcceptInvitationPayload(Started::new(request, accepted, delivery).await?))
    }
}
