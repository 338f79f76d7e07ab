//! The fields of a presence sign.

use super::PresenceActivity;
use crate::graphql::{conversation::Conversation, event::Actor, id::Id, validation::ValidationRequest};
use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_events::sign::{PresenceTarget, Shown};
use std::sync::Arc;

/// Returns the conversation or the request. At most one of them may be given.
pub fn target(
    conversation: Option<Id<Conversation>>,
    request: Option<Id<ValidationRequest>>,
) -> Result<Option<PresenceTarget>, Error> {
    match (conversation, request) {
        (Some(_), Some(_)) => {
            Err(Error::bad_input("validationRequestId", "must be omitted if a conversation is given"))
        }
        (Some(conversation), None) => Ok(Some(PresenceTarget::Conversation(conversation.uuid()))),
        (None, Some(request)) => Ok(Some(PresenceTarget::ValidationRequest(request.uuid()))),
        (None, None) => Ok(None),
    }
}

/// A sign of what a person does right now.
pub struct Presence(pub Arc<Shown>);

/// A sign of what a person does right now. Discard it after 10 seconds if it is not repeated.
#[Object]
impl Presence {
    /// The person.
    async fn actor(&self) -> Actor {
        let sign = &self.0.sign;
        Actor { display_name: sign.name.clone(), kind: sign.kind(), user: sign.user, client: sign.client }
    }

    /// The activity.
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

    /// When the person signaled it.
    async fn at(&self) -> DateTime<Utc> {
        self.0.sign.at
    }
}
