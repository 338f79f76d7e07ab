//! Mutations of the viewer's own passkeys.

use super::{BeginPasskeyRegistrationPayload, Passkey, decode, encode};
use crate::graphql::{
    payload::{UserErrorObject, separate},
    request::ContextExt,
    unrepeatable::{commit_unless_refused, write},
};
use async_graphql::{Context, ID, InputObject, Object};
use dossier_core::error::{Error, UserError};
use dossier_data::Outcome;
use dossier_domain::{
    factor::Added,
    passkey::{self, NewPasskey},
};
use entities::user;
use futures::FutureExt;
use uuid::Uuid;

/// Input for adding a passkey.
#[derive(InputObject)]
pub struct AddPasskeyInput {
    /// The attempt that `beginPasskeyRegistration` returned.
    #[graphql(secret)]
    attempt: String,
    /// The credential that `navigator.credentials.create` returned, as JSON (`credential.toJSON()`).
    credential: String,
    /// A name by which the person recognizes the passkey, up to 100 characters.
    name: String,
}

/// Input for renaming a passkey.
#[derive(InputObject)]
pub struct UpdatePasskeyInput {
    /// The passkey.
    id: ID,
    /// The name, up to 100 characters.
    name: String,
}

/// Input for removing a passkey.
#[derive(InputObject)]
pub struct RemovePasskeyInput {
    /// The passkey.
    id: ID,
}

/// The result of adding a passkey.
pub struct AddPasskeyPayload(Result<(Uuid, Added), UserError>);

/// The result of adding a passkey.
#[Object]
impl AddPasskeyPayload {
    /// The new passkey. Null if there are `userErrors`.
    async fn passkey(&self, ctx: &Context<'_>) -> Result<Option<Passkey>, Error> {
        match &self.0 {
            Ok((id, _)) => find(ctx, *id).await,
            Err(_) => Ok(None),
        }
    }

    /// The recovery codes, if the passkey is the first factor of the person. Each works once instead of it. They are not
    /// shown again. Empty for further factors; null if there are `userErrors`.
    async fn recovery_codes(&self) -> Option<&Vec<String>> {
        self.0.as_ref().ok().map(|(_, added)| &added.recovery_codes)
    }

    /// The reasons why nothing was changed. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.as_ref().err().map(Into::into).into_iter().collect()
    }
}

/// The result of renaming a passkey.
pub struct UpdatePasskeyPayload(Outcome);

impl From<Outcome> for UpdatePasskeyPayload {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

/// The result of renaming a passkey.
#[Object]
impl UpdatePasskeyPayload {
    /// The passkey after the change. Null if there are `userErrors`.
    async fn passkey(&self, ctx: &Context<'_>) -> Result<Option<Passkey>, Error> {
        match self.0.subject() {
            Some(id) => find(ctx, id).await,
            None => Ok(None),
        }
    }

    /// The reasons why nothing was changed. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
    }
}

/// The result of removing a passkey.
pub struct RemovePasskeyPayload(Outcome);

impl From<Outcome> for RemovePasskeyPayload {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

/// The result of removing a passkey.
#[Object]
impl RemovePasskeyPayload {
    /// The id of the removed passkey. Null if there are `userErrors`.
    async fn removed_id(&self) -> Option<ID> {
        self.0.subject().map(encode)
    }

    /// The reasons why nothing was changed. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
    }
}

/// Returns the passkeys of the viewer, oldest first.
pub async fn list(ctx: &Context<'_>) -> Result<Vec<Passkey>, Error> {
    let tx = ctx.tx().await?;
    let account = tx.get::<user::Entity>(tx.member()?.user).await?;
    let passkeys = account.as_ref().map(passkey::list).transpose()?;
    Ok(passkeys.unwrap_or_default().into_iter().map(Passkey).collect())
}

async fn find(ctx: &Context<'_>, id: Uuid) -> Result<Option<Passkey>, Error> {
    Ok(list(ctx).await?.into_iter().find(|passkey| passkey.0.id == id))
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct PasskeyMutation;

#[Object]
impl PasskeyMutation {
    /// Begins to add a passkey (`WebAuthn`). `addPasskey` completes it. A person can have 20 passkeys. Requires a recent
    /// proof of identity. An idempotency key is ignored.
    async fn begin_passkey_registration(&self, ctx: &Context<'_>) -> Result<BeginPasskeyRegistrationPayload, Error> {
        let app = ctx.app()?;
        let begun = passkey::begin_registration(&*ctx.tx().await?, &app.sealer, &app.relying_party).await;
        separate(begun).map(BeginPasskeyRegistrationPayload)
    }

    /// Adds a passkey. From then on, it signs in without a password, and signing in with the password needs a second
    /// factor. All other sessions of the person end, and a mail tells them. Requires a recent proof of identity. An
    /// idempotency key is ignored.
    async fn add_passkey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The passkey.")] input: AddPasskeyInput,
    ) -> Result<AddPasskeyPayload, Error> {
        let app = ctx.app()?;
        let tx = write(ctx.request()?).await?;
        let AddPasskeyInput { attempt, credential, name } = input;
        let new = NewPasskey { attempt, credential, name };
        let added = passkey::add(&tx, &app.sealer, &app.relying_party, new).await;
        commit_unless_refused(tx, added).await.map(AddPasskeyPayload)
    }

    /// Renames a passkey of the viewer.
    async fn update_passkey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The passkey and its new name.")] input: UpdatePasskeyInput,
    ) -> Result<UpdatePasskeyPayload, Error> {
        ctx.mutate(|tx| async move { passkey::rename(tx, decode(&input.id)?, &input.name).await }.boxed()).await
    }

    /// Removes a passkey of the viewer. Without any other factor, the recovery codes are removed, too. All other sessions
    /// of the person end, and a mail tells them. Requires a recent proof of identity.
    async fn remove_passkey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The passkey.")] input: RemovePasskeyInput,
    ) -> Result<RemovePasskeyPayload, Error> {
        ctx.mutate(|tx| async move { passkey::remove(tx, decode(&input.id)?).await }.boxed()).await
    }
}
