//! What a sign of somebody shows.

use super::PresenceActivity;
use crate::graphql::{conversation::Conversation, event::Actor, id::Id, validation::ValidationRequest};
use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_events::sign::{PresenceTarget, Shown};
use std::sync::Arc;

/// Where somebody is: at most one of the two.
pub fn target(
    conversation: Option<Id<Conversation>>,
    request: Option<Id<ValidationRequest>>,
) -> Result<Option<PresenceTarget>, Error> {
    match (conversation, request) {
        (Some(_), Some(_)) => {
            Err(Error::bad_input("validationRequestId", "a conversation is given already; give one of the two"))
        }
        (Some(conversation), None) => Ok(Some(PresenceTarget::Conversation(conversation.uuid()))),
        (None, Some(request)) => Ok(Some(PresenceTarget::ValidationRequest(request.uuid()))),
        (None, None) => Ok(None),
    }
}

/// Somebody is there, right now.
pub struct Presence(pub Arc<Shown>);

/// Somebody is there, right now. Forget it after 10 seconds unless it is told again.
#[Object]
impl Presence {
    /// Who.
    async fn actor(&self) -> Actor {
        Actor { display_name: self.0.sign.name.clone(), kind: self.0.sign.kind().into() }
    }

    /// What they do.
    async fn activity(&self) -> PresenceActivity {
        self.0.sign.activity.into()
    }

    /// The id of the conversation or validation request.
    async fn subject_id(&self) -> ID {
        match self.0.sign.target {
            PresenceTarget::Conversation(id) => Id::<Conversation>::of(id).into(),
            PresenceTarget::ValidationRequest(id) => Id::<ValidationRequest>::of(id).into(),
        }
    }

    /// When they said so.
    async fn at(&self) -> DateTime<Utc> {
        self.0.sign.at
    }
}
