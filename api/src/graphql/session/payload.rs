//! The payloads of mutations that begin or renew a session.

use super::delivery::RefreshTokenDelivery;
use crate::graphql::{
    id::Id,
    member::{Member, Role},
    request::Request,
};
use async_graphql::{ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_data::Outcome;
use dossier_domain::{
    challenge, refresh,
    session::{self, Choice, SignedIn},
    sign_in::SignInResult,
};
use std::sync::Arc;

/// The result of a mutation that begins or renews a session.
pub enum Started {
    /// A session began.
    Session(Box<Session>),
    /// The person must use a second factor first.
    Challenge(FactorChallenge),
    /// No session began.
    Refused(Outcome),
}

/// A session with its tokens.
pub struct Session {
    access_token: String,
    access_token_expires_at: DateTime<Utc>,
    refresh_token: Option<String>,
    signed: SignedIn,
}

impl Started {
    /// Issues the tokens of a session, and continues the operation as its member.
    pub async fn new(
        request: &Arc<Request>,
        result: Result<impl Into<SignInResult>, Error>,
        delivery: RefreshTokenDelivery,
    ) -> Result<Self, Error> {
        let signed = match result.map(Into::into) {
            Ok(SignInResult::Session(signed)) => *signed,
            Ok(SignInResult::Challenge(challenge)) => return Ok(Self::Challenge(challenge.into())),
            Err(Error::User(user_error)) => return Ok(Self::Refused(Outcome::Refused(user_error))),
            Err(other) => return Err(other),
        };
        let app = request.app();
        let refresh_token = refresh::refresh_token(&app.sealer, &signed)?;
        let refresh_token = match delivery {
            RefreshTokenDelivery::Body => Some(refresh_token),
            RefreshTokenDelivery::Cookie => {
                request.set_refresh_cookie(&refresh_token, signed.session.expires_at);
                None
            }
        };
        let access_token_expires_at = signed.session.expires_at.min(app.database.clock.now() + app.access_token_lasts);
        let claims = session::claims(&signed.session, signed.user, access_token_expires_at);
        let access_token = app.tokens.issue(&claims)?;
        request.become_member(claims).await;
        let session = Session { access_token, access_token_expires_at, refresh_token, signed };
        Ok(Self::Session(session.into()))
    }

    fn session(&self) -> Option<&Session> {
        match self {
            Self::Session(session) => Some(session),
            Self::Challenge(_) | Self::Refused(_) => None,
        }
    }

    pub(in crate::graphql) fn challenge(&self) -> Option<FactorChallenge> {
        match self {
            Self::Challenge(challenge) => Some(challenge.clone()),
            Self::Session(_) | Self::Refused(_) => None,
        }
    }

    pub(in crate::graphql) fn access_token(&self) -> Option<&str> {
        self.session().map(|session| session.access_token.as_str())
    }

    pub(in crate::graphql) fn access_token_expires_at(&self) -> Option<DateTime<Utc>> {
        self.session().map(|session| session.access_token_expires_at)
    }

    pub(in crate::graphql) fn refresh_token(&self) -> Option<&str> {
        self.session().and_then(|session| session.refresh_token.as_deref())
    }

    pub(in crate::graphql) fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.session().map(|session| session.signed.session.expires_at)
    }

    pub(in crate::graphql) fn memberships(&self) -> Vec<MembershipChoice> {
        let choices = self.session().map(|session| session.signed.memberships.iter().cloned());
        choices.into_iter().flatten().map(MembershipChoice).collect()
    }

    pub(in crate::graphql) fn is_started(&self) -> bool {
        self.session().is_some()
    }

    pub(in crate::graphql) fn outcome(&self) -> Option<&Outcome> {
        match self {
            Self::Refused(outcome) => Some(outcome),
            Self::Session(_) | Self::Challenge(_) => None,
        }
    }
}

/// A sign-in that still needs a second factor. `completeSignIn` turns it into a session with a code, also with a recovery
/// code.
#[derive(Clone, SimpleObject)]
pub struct FactorChallenge {
    /// The token for `completeSignIn`. It works once.
    token: String,
    /// When it expires. It is valid for 5 minutes.
    expires_at: DateTime<Utc>,
    /// Whether a code of an authenticator app completes it.
    accepts_app_code: bool,
    /// Whether a passkey completes it: `beginPasskeyAuthentication`, then `signInWithPasskey`.
    accepts_passkey: bool,
}

impl From<challenge::FactorChallenge> for FactorChallenge {
    fn from(challenge: challenge::FactorChallenge) -> Self {
        let challenge::FactorChallenge { token, expires_at, accepts_app_code, accepts_passkey } = challenge;
        Self { token, expires_at, accepts_app_code, accepts_passkey }
    }
}

/// An active membership of the person. `switchMembership` begins a session of it.
pub struct MembershipChoice(Choice);

/// An active membership of the person. `switchMembership` begins a session of it.
#[Object]
impl MembershipChoice {
    /// The id of the membership, `membership_…`.
    async fn id(&self) -> ID {
        Id::<Member>::of(self.0.membership.id).into()
    }

    /// The role.
    async fn role(&self) -> Role {
        self.0.membership.role.into()
    }

    /// The name of the organization.
    async fn organization_name(&self) -> &str {
        &self.0.organization.name
    }

    /// The short name of the organization that `signIn` accepts.
    async fn organization_slug(&self) -> &str {
        &self.0.organization.slug
    }
}

/// Declares the payload of a mutation that begins or renews a session.
macro_rules! session_payload {
    ($(#[doc = $doc:literal])+ $name:ident $({ $challenge:ident })?) => {
        $(#[doc = $doc])+
        pub struct $name($crate::graphql::session::Started);

        $(#[doc = $doc])+
        #[::async_graphql::Object]
        impl $name {
            /// The access token. Send it as `Authorization: Bearer …` over HTTP, and as `Authorization` in the payload of
            /// `connection_init` over WebSocket. It is valid for 15 minutes; `refreshSession` returns the next one. Null
            /// if there are `userErrors`.
            async fn access_token(&self) -> Option<&str> {
                self.0.access_token()
            }

            /// When the access token expires.
            async fn expires_at(&self) -> Option<::chrono::DateTime<::chrono::Utc>> {
                self.0.access_token_expires_at()
            }

            /// The token with which `refreshSession` renews the session. It works once. Null if it was delivered in a
            /// cookie, or if there are `userErrors`.
            async fn refresh_token(&self) -> Option<&str> {
                self.0.refresh_token()
            }

            /// When the session ends, unless it is renewed before.
            async fn session_expires_at(&self) -> Option<::chrono::DateTime<::chrono::Utc>> {
                self.0.expires_at()
            }

            /// The person of the session. Null if there are `userErrors`.
            async fn viewer(
                &self,
                ctx: &::async_graphql::Context<'_>,
            ) -> Result<Option<$crate::graphql::viewer::Viewer>, ::dossier_core::error::Error> {
                use $crate::graphql::request::ContextExt;
                if !self.0.is_started() {
                    return Ok(None);
                }
                Ok(ctx.tx().await?.viewer.member().cloned().map($crate::graphql::viewer::Viewer))
            }

            $(
                /// Set if the person has a second factor. Then no session began yet, and the tokens are null: send a code to
                /// `completeSignIn`, or use a passkey.
                async fn $challenge(&self) -> Option<$crate::graphql::session::FactorChallenge> {
                    self.0.challenge()
                }
            )?

            /// The active memberships of the person, oldest first. Empty if there are `userErrors`.
            async fn memberships(&self) -> Vec<$crate::graphql::session::MembershipChoice> {
                self.0.memberships()
            }

            /// The reasons why no session began. Empty on success.
            async fn user_errors(&self) -> Vec<$crate::graphql::payload::UserErrorObject> {
                self.0.outcome().and_then(::dossier_data::Outcome::user_error).map(Into::into).into_iter().collect()
            }
        }
    };
}
pub(in crate::graphql) use session_payload;
