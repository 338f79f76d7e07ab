//! Signs of presence: who is doing what right now. They are never stored.

use chrono::{DateTime, Utc};
use dossier_core::{error::Error, viewer::AccessScope};
use dossier_data::ReadTx;
use entities::{conversation, event::ActorKind, validation_request};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

/// What somebody is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Activity {
    /// Looking at it.
    Viewing,
    /// Writing a message.
    Typing,
    /// Not there any more.
    Left,
}

/// Where somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PresenceTarget {
    /// In a conversation.
    Conversation(Uuid),
    /// At a validation request.
    ValidationRequest(Uuid),
}

/// A sign of somebody.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sign {
    /// Where they are a member.
    pub organization: Uuid,
    /// Their membership: they are not told of themselves.
    pub membership: Uuid,
    /// Their name.
    pub name: String,
    /// Whether they are of the agency.
    pub of_agency: bool,
    /// Where they are.
    pub target: PresenceTarget,
    /// What they do.
    pub activity: Activity,
    /// Nothing that a client may know.
    pub internal: bool,
    /// When.
    pub at: DateTime<Utc>,
}

impl Sign {
    /// In which capacity they act.
    pub fn kind(&self) -> ActorKind {
        if self.of_agency { ActorKind::Member } else { ActorKind::Client }
    }

    /// Whether the unit's viewer may know of it.
    pub(crate) async fn is_seen(&self, tx: &ReadTx) -> Result<bool, Error> {
        let client = tx.member()?.grant.is_client();
        Ok(match self.target {
            PresenceTarget::Conversation(id) => {
                !(self.internal && client) && tx.get::<conversation::Entity>(id).await?.is_some()
            }
            // Who in the agency looks at what is the agency's own business.
            PresenceTarget::ValidationRequest(id) => {
                !client && tx.get::<validation_request::Entity>(id).await?.is_some()
            }
        })
    }
}

/// A sign, and who is known to see it: found out once for all who see the same.
pub struct Shown {
    /// The sign.
    pub sign: Sign,
    seen: Mutex<HashMap<AccessScope, bool>>,
}

impl Shown {
    /// Nobody is known to see it yet.
    pub(crate) fn new(sign: Sign) -> Arc<Self> {
        Arc::new(Self { sign, seen: Mutex::default() })
    }

    pub(crate) fn known(&self, access_scope: &AccessScope) -> Option<bool> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).get(access_scope).copied()
    }

    /// Remembers whether viewers of this scope see the sign.
    pub(crate) fn remember(&self, access_scope: AccessScope, seen: bool) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(access_scope, seen);
    }
}
