//! Mutations of the viewer's account.

use crate::{
    graphql::{
        input::change,
        payload::{UserErrorObject, separate},
        request::ContextExt,
        viewer::Viewer,
    },
    observe::Way,
};
use async_graphql::{Context, Enum, InputObject, MaybeUndefined, Object};
use dossier_core::error::{Error, UserError};
use dossier_data::Outcome;
use dossier_domain::{
    account,
    email_change::{self, Step},
    sign_in,
};
use futures::FutureExt;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// The least time that asking for a password reset takes, so that its duration does not say whether an address has an
/// account.
const RESET_TAKES: Duration = Duration::from_millis(300);

/// Input for changing the password.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The current password.
    #[graphql(secret)]
    current_password: String,
    /// The new password, 12 to 1,000 characters. Common passwords are refused.
    #[graphql(secret)]
    new_password: String,
}

/// Input for asking for a password reset.
#[derive(InputObject)]
pub struct RequestPasswordResetInput {
    /// The email address of the account.
    email: String,
}

/// Input for setting a new password with the link of a mail.
#[derive(InputObject)]
pub struct ResetPasswordInput {
    /// The token of the link: the text behind `#`.
    #[graphql(secret)]
    token: String,
    /// The new password, 12 to 1,000 characters. Common passwords are refused.
    #[graphql(secret)]
    new_password: String,
}

/// Input for changing one's own name and language. Omitted fields stay unchanged, and null clears a field.
#[derive(InputObject)]
pub struct UpdateProfileInput {
    /// The name that other people see, 1 to 200 characters.
    display_name: Option<String>,
    /// The BCP 47 tag of the language of mails, such as `fr-FR`. Null for the language of the organization.
    locale: MaybeUndefined<String>,
}

/// Input for changing the address of one's account.
#[derive(InputObject)]
pub struct RequestEmailChangeInput {
    /// The new address.
    new_email: String,
}

/// Input for confirming an address.
#[derive(InputObject)]
pub struct ConfirmEmailChangeInput {
    /// The token of the link: the text behind `#`.
    #[graphql(secret)]
    token: String,
}

/// A step in the change of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "EmailChangeStep", remote = "dossier_domain::email_change::Step")]
pub enum EmailChangeStep {
    /// The present address is confirmed. A mail with a link was sent to the new address.
    NewAddress,
    /// Both addresses are confirmed, and the address was changed.
    Changed,
}

/// The result of confirming an address.
pub struct ConfirmEmailChangePayload(Result<Step, UserError>);

/// The result of confirming an address.
#[Object]
impl ConfirmEmailChangePayload {
    /// The step that the change has reached. Null if there are `userErrors`.
    async fn step(&self) -> Option<EmailChangeStep> {
        self.0.as_ref().ok().map(|step| (*step).into())
    }

    /// The reasons why the address was not confirmed. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.as_ref().err().map(Into::into).into_iter().collect()
    }
}

/// Declares the payload of a mutation that changes an account.
macro_rules! account_payload {
    ($(#[doc = $doc:literal])+ $name:ident { $(#[doc = $field_doc:literal])+ $field:ident }) => {
        $(#[doc = $doc])+
        pub struct $name(::dossier_data::Outcome);

        $(#[doc = $doc])+
        #[::async_graphql::Object]
        impl $name {
            $(#[doc = $field_doc])+
            async fn $field(&self) -> bool {
                self.0.subject().is_some()
            }

            /// The reasons why nothing was changed. Empty on success.
            async fn user_errors(&self) -> Vec<$crate::graphql::payload::UserErrorObject> {
                self.0.user_error().map(Into::into).into_iter().collect()
            }
        }
    };
}
pub(in crate::graphql) use account_payload;

account_payload! {
    /// The result of changing the password.
    ChangePasswordPayload {
        /// Whether the password was changed.
        changed
    }
}

account_payload! {
    /// The result of asking for a password reset.
    RequestPasswordResetPayload {
        /// Whether the request was accepted. It does not say whether the address has an account.
        accepted
    }
}

account_payload! {
    /// The result of setting a new password.
    ResetPasswordPayload {
        /// Whether the password was set.
        reset
    }
}

account_payload! {
    /// The result of asking for a change of the address.
    RequestEmailChangePayload {
        /// Whether a mail with a link was sent to the present address.
        accepted
    }
}

/// The result of changing one's own name and language.
pub struct UpdateProfilePayload(Outcome);

impl From<Outcome> for UpdateProfilePayload {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

/// The result of changing one's own name and language.
#[Object]
impl UpdateProfilePayload {
    /// The viewer after the change. Null if there are `userErrors`.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<Viewer>, Error> {
        if self.0.subject().is_none() {
            return Ok(None);
        }
        // The name of the viewer is read at the beginning of a transaction.
        ctx.request()?.end_tx().await;
        Ok(ctx.tx().await?.viewer.member().cloned().map(Viewer))
    }

    /// The reasons why nothing was changed. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
    }
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Changes the viewer's password. All other sessions of the person end, and a mail tells them. An idempotency key is
    /// ignored.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The passwords.")] input: ChangePasswordInput,
    ) -> Result<ChangePasswordPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        let user = ctx.tx().await?.member()?.user;
        request.end_tx().await;
        let (account, credentials) = (user.to_string(), request.credentials());
        let attempt = async {
            app.rate.sign_in(request.address(), &account).await?;
            account::change_password(&app.database, &credentials, input.current_password, input.new_password).await
        };
        let changed = request.attempt(Way::Password, Some(&account), attempt.boxed()).await;
        Outcome::try_from(changed).map(ChangePasswordPayload)
    }

    /// Sends a link for setting a new password to an address. The answer is the same whether or not the address has an
    /// account. The link works once, for 30 minutes. An idempotency key is ignored.
    async fn request_password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address.")] input: RequestPasswordResetInput,
    ) -> Result<RequestPasswordResetPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        request.end_tx().await;
        let until = Instant::now() + RESET_TAKES;
        let account = sign_in::account_name(&input.email);
        let limit = async {
            app.rate.password_reset(request.address(), &account).await?;
            Ok(app.rate.mail(&account).await?)
        };
        request.attempt(Way::PasswordReset, Some(&account), limit.boxed()).await?;
        let requested = account::request_reset(&app.database, &input.email).await.map(|()| uuid::Uuid::nil());
        sleep_until(until).await;
        Outcome::try_from(requested).map(RequestPasswordResetPayload)
    }

    /// Sets a new password with the link of a mail. All sessions of the person end, and a mail tells them. Sign in with
    /// the new password afterwards. An idempotency key is ignored.
    async fn reset_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token and the password.")] input: ResetPasswordInput,
    ) -> Result<ResetPasswordPayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        request.end_tx().await;
        let attempt = async {
            app.rate.link(request.address()).await?;
            account::reset_password(&app.database, &app.sealer, &input.token, input.new_password).await
        };
        let reset = request.attempt(Way::PasswordReset, None, attempt.boxed()).await;
        Outcome::try_from(reset).map(ResetPasswordPayload)
    }

    /// Asks for a change of the viewer's address. A link is sent to the present address, and after its confirmation to the
    /// new one. It needs a recent proof of identity. An idempotency key is ignored.
    async fn request_email_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new address.")] input: RequestEmailChangeInput,
    ) -> Result<RequestEmailChangePayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        let user = ctx.tx().await?.member()?.user;
        request.end_tx().await;
        app.rate.password_reset(request.address(), &user.to_string()).await?;
        let requested = email_change::request(&app.database, &request.credentials(), &input.new_email).await;
        Outcome::try_from(requested).map(RequestEmailChangePayload)
    }

    /// Confirms one of the two addresses of a change with the link of a mail: first the present address, then the new one.
    /// The second one changes the address and ends all sessions of the person. An idempotency key is ignored.
    async fn confirm_email_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token of the link.")] input: ConfirmEmailChangeInput,
    ) -> Result<ConfirmEmailChangePayload, Error> {
        let (app, request) = (ctx.app()?, ctx.request()?);
        request.end_tx().await;
        let link = email_change::open(&app.sealer, &input.token);
        let account = link.as_ref().map(|link| format!("address of {}", link.user));
        let attempt = async {
            match account.as_ref().zip(link.as_ref()) {
                // A link may send a mail to another address.
                Some((account, link)) => {
                    app.rate.password_reset(request.address(), account).await?;
                    app.rate.mail(&link.new_email).await?;
                }
                None => app.rate.link(request.address()).await?,
            }
            email_change::confirm(&app.database, &app.sealer, &input.token).await
        };
        let confirmed = request.attempt(Way::AddressChange, account.as_deref(), attempt.boxed()).await;
        separate(confirmed).map(ConfirmEmailChangePayload)
    }

    /// Changes the viewer's own name and language. Names on earlier actions stay as they were.
    async fn update_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The changes.")] input: UpdateProfileInput,
    ) -> Result<UpdateProfilePayload, Error> {
        let locale = change(input.locale);
        ctx.mutate(|tx| account::update_profile(tx, input.display_name, locale).boxed()).await
    }
}
