//! Mutations of the second factor.

use crate::{
    graphql::{
        account::account_payload,
        id::Id,
        member::Member,
        passkey::PasskeyAssertionInput,
        payload::{UserErrorObject, payload, separate},
        request::ContextExt,
        unrepeatable::{commit_unless_refused, write},
    },
    observe::Way,
};
use async_graphql::{Context, InputObject, Object};
use dossier_core::error::{Error, UserError};
use dossier_data::Outcome;
use dossier_domain::{
    factor,
    proof::{self, Proof},
    totp::Enrollment,
};
use futures::FutureExt;

/// Input for confirming an authenticator app.
#[derive(InputObject)]
pub struct ConfirmTotpInput {
    /// The present code of the app, 6 digits.
    #[graphql(secret)]
    code: String,
}

/// Input for proving again who the viewer is.
#[derive(InputObject)]
pub struct ConfirmIdentityInput {
    /// The password. Required for people without a second factor.
    #[graphql(secret)]
    password: Option<String>,
    /// A code of the authenticator app, or an unused recovery code. People with a second factor need a code or a passkey.
    #[graphql(secret)]
    code: Option<String>,
    /// A passkey, instead of a code.
    passkey: Option<PasskeyAssertionInput>,
}

/// Input for removing the second factor of a member.
#[derive(InputObject)]
pub struct ResetMemberFactorsInput {
    /// The member.
    id: Id<Member>,
}

/// The result of beginning to enroll an authenticator app.
pub struct EnrollTotpPayload(Result<Enrollment, UserError>);

/// The result of beginning to enroll an authenticator app.
#[Object]
impl EnrollTotpPayload {
    /// The secret in base 32, for apps without a camera. Null if there are `userErrors`.
    async fn secret(&self) -> Option<&str> {
        self.0.as_ref().ok().map(|enrollment| enrollment.secret.as_str())
    }

    /// The `otpauth:` URI with the secret, which opens the app on a phone. Null if there are `userErrors`.
    async fn uri(&self) -> Option<&str> {
        self.0.as_ref().ok().map(|enrollment| enrollment.uri.as_str())
    }

    /// The URI as a QR code, as the text of an SVG image. Null if there are `userErrors`.
    async fn qr_code(&self) -> Option<&str> {
        self.0.as_ref().ok().map(|enrollment| enrollment.qr_code.as_str())
    }

    /// The reasons why nothing was changed. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.as_ref().err().map(Into::into).into_iter().collect()
    }
}

/// Declares the payload of a mutation that returns recovery codes.
macro_rules! recovery_codes_payload {
    ($(#[doc = $doc:literal])+ $name:ident) => {
        $(#[doc = $doc])+
        pub struct $name(Result<Vec<String>, UserError>);

        $(#[doc = $doc])+
        #[Object]
        impl $name {
            /// The recovery codes. Each works once instead of a code of the app or a passkey. They are not shown again.
            /// Null if there are `userErrors`.
            async fn recovery_codes(&self) -> Option<&Vec<String>> {
                self.0.as_ref().ok()
            }

            /// The reasons why nothing was changed. Empty on success.
            async fn user_errors(&self) -> Vec<UserErrorObject> {
                self.0.as_ref().err().map(Into::into).into_iter().collect()
            }
        }
    };
}

recovery_codes_payload! {
    /// The result of confirming an authenticator app.
    ConfirmTotpPayload
}

recovery_codes_payload! {
    /// The result of replacing the recovery codes.
    RegenerateRecoveryCodesPayload
}

account_payload! {
    /// The result of removing the authenticator app.
    RemoveTotpPayload {
        /// Whether the app was removed.
        removed
    }
}

account_payload! {
    /// The result of proving again who the viewer is.
    ConfirmIdentityPayload {
        /// Whether the proof was accepted.
        confirmed
    }
}

payload! {
    /// The result of removing the second factor of a member.
    ResetMemberFactorsPayload {
        /// The member after the change. Null if there are `userErrors`.
        member: Member
    }
}

impl From<Outcome> for RemoveTotpPayload {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct FactorMutation;

#[Object]
impl FactorMutation {
    /// Begins to enroll an authenticator app (TOTP, RFC 6238), and returns its secret. `confirmTotp` completes the
    /// enrollment; calling this again before replaces the secret. Requires a recent proof of identity. An idempotency key
    /// is ignored.
    async fn enroll_totp(&self, ctx: &Context<'_>) -> Result<EnrollTotpPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        let tx = write(request).await?;
        let enrolled = factor::enroll(&tx, &app.sealer).await;
        commit_unless_refused(tx, enrolled).await.map(EnrollTotpPayload)
    }

    /// Confirms the authenticator app with its first code, and returns recovery codes if it is the first factor. From then
    /// on, signing in with the password needs a code or a passkey. All other sessions of the person end, and a mail tells
    /// them. Requires a recent proof of identity. An idempotency key is ignored.
    async fn confirm_totp(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code.")] input: ConfirmTotpInput,
    ) -> Result<ConfirmTotpPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        limit(ctx).await?;
        let confirmed = factor::confirm(&app.database, &request.credentials(), &app.sealer, &input.code).await;
        separate(confirmed.map(|added| added.recovery_codes)).map(ConfirmTotpPayload)
    }

    /// Removes the authenticator app. Without any passkey, the recovery codes are removed, too. All other sessions of the
    /// person end, and a mail tells them. Requires a recent proof of identity.
    async fn remove_totp(&self, ctx: &Context<'_>) -> Result<RemoveTotpPayload, Error> {
        ctx.mutate(|tx| factor::remove_app(tx).boxed()).await
    }

    /// Replaces the recovery codes. Earlier codes stop working. Requires a recent proof of identity. An idempotency key is
    /// ignored.
    async fn regenerate_recovery_codes(&self, ctx: &Context<'_>) -> Result<RegenerateRecoveryCodesPayload, Error> {
        let tx = write(ctx.request()?).await?;
        let codes = factor::regenerate_recovery_codes(&tx).await;
        commit_unless_refused(tx, codes).await.map(RegenerateRecoveryCodesPayload)
    }

    /// Proves again who the viewer is. For 10 minutes, the session can then do what needs a recent proof of identity, as
    /// after signing in. An idempotency key is ignored.
    async fn confirm_identity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password, the code or the passkey.")] input: ConfirmIdentityInput,
    ) -> Result<ConfirmIdentityPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        limit(ctx).await?;
        let passkey = input.passkey.map(Into::into);
        let proof = Proof { password: input.password, code: input.code, passkey };
        let credentials = request.credentials();
        let way = match &proof {
            Proof { passkey: Some(_), .. } => Way::Passkey,
            Proof { code: Some(_), .. } => Way::Code,
            _ => Way::Password,
        };
        let (sealer, party) = (&app.sealer, &app.relying_party);
        let attempt = proof::confirm_identity(&app.database, &credentials, sealer, party, proof);
        let proven = request.attempt(way, None, attempt.boxed()).await;
        Outcome::try_from(proven).map(ConfirmIdentityPayload)
    }

    /// Removes the authenticator app, the passkeys and the recovery codes of a member who has lost them. All sessions of the
    /// person end, and a mail tells them. Allowed for owners. Requires a recent proof of identity. An idempotency key is
    /// ignored.
    async fn reset_member_factors(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The member.")] input: ResetMemberFactorsInput,
    ) -> Result<ResetMemberFactorsPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        request.end_tx().await;
        let reset = factor::reset_of_member(&app.database, &request.credentials(), input.id.uuid()).await;
        Outcome::try_from(reset).map(Into::into)
    }
}

/// Charges an attempt to guess a password or a code to the address and the account.
async fn limit(ctx: &Context<'_>) -> Result<(), Error> {
    let request = ctx.request()?;
    let user = ctx.tx().await?.member()?.user;
    request.end_tx().await;
    Ok(ctx.app()?.rate.sign_in(request.address(), &user.to_string()).await?)
}
