//! Mutations of sessions.

use super::{RefreshTokenDelivery, Session, Started, session_payload};
use crate::{
    graphql::{
        id::Id,
        member::Member,
        payload::{UserErrorObject, separate},
        request::ContextExt,
    },
    observe::Way,
};
use async_graphql::{Context, ID, InputObject, Object};
use dossier_core::error::{Error, UserError};
use dossier_data::Outcome;
use dossier_domain::{refresh, session};
use futures::FutureExt;

/// Input for renewing a session.
#[derive(InputObject, Default)]
pub struct RefreshSessionInput {
    /// The newest refresh token. Omit it to use the cookie.
    #[graphql(secret)]
    refresh_token: Option<String>,
}

/// Input for ending a session. Without a field, the session of the access token or, without one, that of the cookie ends.
#[derive(InputObject, Default)]
pub struct EndSessionInput {
    /// A session of the viewer. Owners may give a session of any member.
    id: Option<Id<Session>>,
    /// A refresh token, whose session ends. It needs no access token.
    #[graphql(secret)]
    refresh_token: Option<String>,
}

/// Input for ending all sessions.
#[derive(InputObject, Default)]
pub struct EndAllSessionsInput {
    /// The member whose sessions in this organization end. Only owners may give it. If omitted, the viewer's own sessions
    /// end in all organizations.
    member_id: Option<Id<Member>>,
    /// Whether the session of the request ends, too.
    #[graphql(default = false)]
    include_current: bool,
}

/// Input for beginning a session of another membership.
#[derive(InputObject)]
pub struct SwitchMembershipInput {
    /// Another active membership of the same person. The payload of `signIn` and `refreshSession` lists them.
    membership_id: Id<Member>,
    /// The newest refresh token of the present session. Omit it to use the cookie.
    #[graphql(secret)]
    refresh_token: Option<String>,
}

session_payload! {
    /// The result of renewing a session.
    RefreshSessionPayload
}

session_payload! {
    /// The result of beginning a session of another membership.
    SwitchMembershipPayload
}

/// The result of ending a session.
pub struct EndSessionPayload(Outcome);

/// The result of ending a session.
#[Object]
impl EndSessionPayload {
    /// The id of the ended session. Null if there are `userErrors`.
    async fn ended_id(&self) -> Option<ID> {
        self.0.subject().map(|id| Id::<Session>::of(id).into())
    }

    /// The reasons why no session has ended. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
    }
}

/// The result of ending all sessions.
pub struct EndAllSessionsPayload(Result<usize, UserError>);

/// The result of ending all sessions.
#[Object]
impl EndAllSessionsPayload {
    /// The number of ended sessions. Null if there are `userErrors`.
    async fn count(&self) -> Option<usize> {
        self.0.as_ref().ok().copied()
    }

    /// The reasons why no sessions have ended. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.as_ref().err().map(Into::into).into_iter().collect()
    }
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Renews a session: returns the next access token and the next refresh token. The present refresh token stops
    /// working; if it is used again later than 10 seconds, the session ends, because somebody may have copied it. The
    /// session lasts for 30 days without use, and for 90 days at most. An idempotency key is ignored.
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The refresh token.", default)] input: RefreshSessionInput,
    ) -> Result<RefreshSessionPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        request.end_tx().await;
        let (token, delivery) = request.refresh_token(input.refresh_token);
        let renewed = match token {
            Some(token) => {
                let attempt = refresh::refresh(&app.database, &app.sealer, &token, request.device(None));
                request.attempt(Way::RefreshToken, None, attempt.boxed()).await
            }
            None => Err(missing_token().into()),
        };
        if delivery == RefreshTokenDelivery::Cookie && renewed.is_err() {
            request.clear_refresh_cookie();
        }
        Ok(RefreshSessionPayload(Started::new(request, renewed, delivery).await?))
    }

    /// Ends a session. Its tokens stop working everywhere within 5 seconds, and its sockets close. A refresh token also ends
    /// all other sessions that began from the same sign-in. An idempotency key is ignored.
    async fn end_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session to end.", default)] input: EndSessionInput,
    ) -> Result<EndSessionPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        request.end_tx().await;
        let by_token = input.refresh_token.or_else(|| {
            let by_cookie = input.id.is_none() && request.credentials().is_anonymous();
            by_cookie.then(|| request.refresh_cookie()).flatten()
        });
        let ended = match by_token {
            Some(token) => {
                request.clear_refresh_cookie();
                let attempt = refresh::end_by_token(&app.database, &app.sealer, &token);
                request.attempt(Way::RefreshToken, None, attempt.boxed()).await
            }
            None => end(ctx, input.id.map(Id::uuid)).await,
        };
        Outcome::try_from(ended).map(EndSessionPayload)
    }

    /// Ends all other sessions of the viewer in all organizations, or all sessions of a member. An idempotency key is
    /// ignored.
    async fn end_all_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The sessions to end.", default)] input: EndAllSessionsInput,
    ) -> Result<EndAllSessionsPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        request.end_tx().await;
        let tx = app.database.write(&request.credentials()).await?;
        let ended = match input.member_id {
            None => session::end_all_own(&tx, input.include_current).await,
            Some(member) => session::end_of_member(&tx, member.uuid()).await,
        };
        let ended = separate(ended)?;
        if ended.is_ok() {
            tx.commit().await?;
        }
        Ok(EndAllSessionsPayload(ended))
    }

    /// Begins a session of another membership of the same person, without signing in again. The refresh token of the
    /// present session proves who they are, and is used up; its access token goes on until it expires. The new refresh token
    /// is delivered in the same way. An earlier session of the same membership ends, if it began from the same sign-in. An
    /// idempotency key is ignored.
    async fn switch_membership(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The membership.")] input: SwitchMembershipInput,
    ) -> Result<SwitchMembershipPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        request.end_tx().await;
        let (token, delivery) = request.refresh_token(input.refresh_token);
        let switched = match token {
            Some(token) => {
                let attempt = refresh::switch(&app.database, &app.sealer, &token, input.membership_id.uuid());
                request.attempt(Way::RefreshToken, None, attempt.boxed()).await
            }
            None => Err(missing_token().into()),
        };
        Ok(SwitchMembershipPayload(Started::new(request, switched, delivery).await?))
    }
}

async fn end(ctx: &Context<'_>, session: Option<uuid::Uuid>) -> Result<uuid::Uuid, Error> {
    let request = ctx.request()?;
    let tx = ctx.app()?.database.write(&request.credentials()).await?;
    let missing = || Error::internal("a member without a session ends it");
    let session = match session {
        Some(session) => session,
        None => tx.member()?.session().ok_or_else(missing)?,
    };
    let ended = session::end(&tx, session).await?;
    tx.commit().await?;
    Ok(ended)
}

fn missing_token() -> UserError {
    UserError::invalid("refresh_token", "is required, unless the request carries the cookie of a session")
}
