//! Mutations of presence.

use super::{PresenceActivity, object::target};
use crate::graphql::{
    conversation::Conversation, id::Id, payload::UserErrorObject, request::ContextExt, validation::ValidationRequest,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use dossier_core::error::{Error, UserError};
use dossier_core::scope::Scope;
use dossier_data::ReadTx;
use dossier_events::sign::{PresenceTarget, Sign};
use entities::{conversation, validation_request};

/// Input for signaling presence. Give either a conversation or a validation request.
#[derive(InputObject)]
pub struct SignalPresenceInput {
    /// The conversation.
    conversation_id: Option<Id<Conversation>>,
    /// The validation request. Only members of the agency may give it.
    validation_request_id: Option<Id<ValidationRequest>>,
    /// The activity.
    activity: PresenceActivity,
    /// Whether to hide the sign from the client, for example while an internal message is written. Allowed for owners,
    /// operators and managers.
    #[graphql(default)]
    internal: bool,
}

/// The result of signaling presence.
#[derive(SimpleObject)]
pub struct SignalPresencePayload {
    /// The reasons why nothing was signaled. Empty on success.
    user_errors: Vec<UserErrorObject>,
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct PresenceMutation;

#[Object]
impl PresenceMutation {
    /// Tells current subscribers of `presence` what the viewer does. Nothing is stored. Repeat the call every 5 seconds
    /// while the activity lasts.
    async fn signal_presence(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The place and the activity.")] input: SignalPresenceInput,
    ) -> Result<SignalPresencePayload, Error> {
        // Each mutation begins a new transaction, and reads the viewer again.
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

/// Returns the sign if the viewer may give it.
async fn sign(tx: &ReadTx, input: SignalPresenceInput) -> Result<Sign, Error> {
    let member = tx.member()?;
    let Some(target) = target(input.conversation_id, input.validation_request_id)? else {
        return Err(UserError::invalid("conversation_id", "give a conversation or a validation request").into());
    };
    let client = member.grant.is_client();
    let dossier = match target {
        PresenceTarget::Conversation(id) => tx.get::<conversation::Entity>(id).await?.map(|row| row.client_id),
        PresenceTarget::ValidationRequest(id) => {
            tx.get::<validation_request::Entity>(id).await?.map(|row| row.client_id)
        }
    };
    if dossier.is_none() {
        let field = if input.conversation_id.is_some() { "conversation_id" } else { "validation_request_id" };
        return Err(UserError::not_found(field).into());
    }
    let scope = match target {
        PresenceTarget::Conversation(_) => Scope::ConversationsWrite,
        PresenceTarget::ValidationRequest(_) => Scope::ValidationWrite,
    };
    if !member.can(scope) {
        return Err(UserError::forbidden(format!("Your access token lacks the scope `{scope}`.")).into());
    }
    if input.internal && !member.grant.decides() {
        return Err(UserError::forbidden("Your role may not post internal messages.").into());
    }
    if client && matches!(target, PresenceTarget::ValidationRequest(_)) {
        return Err(UserError::forbidden("Clients may signal presence only in conversations.").into());
    }
    Ok(Sign {
        organization: member.organization,
        membership: member.membership,
        user: Some(member.user),
        client: dossier,
        name: member.display_name.clone(),
        of_agency: !client,
        target,
        activity: input.activity.into(),
        internal: input.internal,
        at: tx.now,
    })
}
