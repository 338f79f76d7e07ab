//! Signs of presence: who does what right now. They are never stored.

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

/// The activity of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Activity {
    /// Views the target.
    Viewing,
    /// Writes a message.
    Typing,
    /// Has left the target.
    Left,
}

/// The place of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PresenceTarget {
    /// A conversation.
    Conversation(Uuid),
    /// A validation request.
    ValidationRequest(Uuid),
}

/// A sign of presence of a person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sign {
    /// The organization in which they are a member.
    pub organization: Uuid,
    /// Their membership. They get no signs of themselves.
    pub membership: Uuid,
    /// The person. Processes of earlier versions do not send it, and no dossier either.
    #[serde(default)]
    pub user: Option<Uuid>,
    /// The dossier of their place.
    #[serde(default)]
    pub client: Option<Uuid>,
    /// Their name.
    pub name: String,
    /// Whether they belong to the agency.
    pub of_agency: bool,
    /// Their place.
    pub target: PresenceTarget,
    /// Their activity.
    pub activity: Activity,
    /// Whether the client must not see it.
    pub internal: bool,
    /// The time of the sign.
    pub at: DateTime<Utc>,
}

impl Sign {
    /// Returns the kind of actor.
    pub fn kind(&self) -> ActorKind {
        if self.of_agency { ActorKind::Member } else { ActorKind::Client }
    }

    /// Returns whether the viewer of the transaction may see the sign.
    pub(crate) async fn is_seen(&self, tx: &ReadTx) -> Result<bool, Error> {
        let client = tx.member()?.grant.is_client();
        Ok(match self.target {
            PresenceTarget::Conversation(id) => {
                !(self.internal && client) && tx.get::<conversation::Entity>(id).await?.is_some()
            }
            // The client must not know who in the agency views a request.
            PresenceTarget::ValidationRequest(id) => {
                !client && tx.get::<validation_request::Entity>(id).await?.is_some()
            }
        })
    }
}

/// A sign, with the results of its visibility checks. Each access scope is checked once.
pub struct Shown {
    /// The sign.
    pub sign: Sign,
    seen: Mutex<HashMap<AccessScope, bool>>,
}

impl Shown {
    /// Creates a value without results.
    pub(crate) fn new(sign: Sign) -> Arc<Self> {
        Arc::new(Self { sign, seen: Mutex::default() })
    }

    pub(crate) fn known(&self, access_scope: &AccessScope) -> Option<bool> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).get(access_scope).copied()
    }

    /// Stores whether members of this scope see the sign.
    pub(crate) fn remember(&self, access_scope: AccessScope, seen: bool) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(access_scope, seen);
    }
}
