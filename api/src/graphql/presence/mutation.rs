//! Saying that one is there.

use super::{PresenceActivity, object::target};
use crate::graphql::{
    conversation::Conversation, id::Id, payload::UserErrorObject, request::ContextExt, validation::ValidationRequest,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use dossier_core::error::{Error, UserError};
use dossier_data::ReadTx;
use dossier_events::sign::{PresenceTarget, Sign};
use entities::{conversation, validation_request};

/// Where one is, and what one does there; either a conversation or a request.
#[derive(InputObject)]
pub struct SignalPresenceInput {
    /// The conversation.
    conversation_id: Option<Id<Conversation>>,
    /// The request; of the agency alone.
    validation_request_id: Option<Id<ValidationRequest>>,
    /// What one does.
    activity: PresenceActivity,
    /// Not told to the client, as when an internal message is written. For owners, operators and managers.
    #[graphql(default)]
    internal: bool,
}

/// What came of saying that one is there.
#[derive(SimpleObject)]
pub struct SignalPresencePayload {
    /// Why nothing was told; empty when it was.
    user_errors: Vec<UserErrorObject>,
}

/// See [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct PresenceMutation;

#[Object]
impl PresenceMutation {
    /// Tell those who listen right now that one is there. Nothing is stored, and nobody need hear it: say it again every
    /// 5 seconds.
    async fn signal_presence(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where, and what.")] input: SignalPresenceInput,
    ) -> Result<SignalPresencePayload, Error> {
        // Whoever it is enters anew with each mutation.
        ctx.request()?.end_tx().await;
        let user_error = match sign(&*ctx.tx().await?, input).await {
            Ok(sign) => {
                ctx.app()?.bus.show(sign);
                None
            }
            Err(Error::User(user_error)) => Some(user_error),
            Err(failure) => return Err(failure),
        };
        Ok(SignalPresencePayload { user_errors: user_error.iter().map(Into::into).collect() })
    }
}

/// The sign, if the viewer may give it.
async fn sign(tx: &ReadTx, input: SignalPresenceInput) -> Result<Sign, Error> {
    let member = tx.member()?;
    let Some(target) = target(input.conversation_id, input.validation_request_id)? else {
        return Err(UserError::invalid("conversation_id", "give a conversation or a validation request").into());
    };
    let client = member.grant.is_client();
    let seen = match target {
        PresenceTarget::Conversation(id) => tx.get::<conversation::Entity>(id).await?.is_some(),
        PresenceTarget::ValidationRequest(id) => tx.get::<validation_request::Entity>(id).await?.is_some(),
    };
    if !seen {
        let field = if input.conversation_id.is_some() { "conversation_id" } else { "validation_request_id" };
        return Err(UserError::not_found(field).into());
    }
    if input.internal && !member.grant.decides() {
        return Err(UserError::forbidden("Your role writes no internal messages.").into());
    }
    if client && matches!(target, PresenceTarget::ValidationRequest(_)) {
        return Err(UserError::forbidden("Clients are shown in conversations alone.").into());
    }
    Ok(Sign {
        organization: member.organization,
        membership: member.membership,
        name: member.display_name.clone(),
        of_agency: !client,
        target,
        activity: input.activity.into(),
        internal: input.internal,
        at: tx.now,
    })
}
