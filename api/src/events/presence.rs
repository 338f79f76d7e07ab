//! Who is doing what right now. It is told at once to whoever listens and may see it; it is never stored, and lost
//! without a word when nobody listens, when somebody reads too slowly, or, between processes, while Redis is away.

use crate::{access::ReadTx, app::App, auth::Credentials, error::Error, viewer::AccessScope};
use async_graphql::Enum;
use chrono::{DateTime, Utc};
use entities::{conversation, event::ActorKind, validation_request};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::Instant,
};
use uuid::Uuid;

/// For how long a listener's rights are taken to be what they were.
const TRUSTED: Duration = Duration::from_secs(4);

/// What somebody is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[graphql(name = "PresenceActivity")]
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
    async fn is_seen(&self, tx: &ReadTx) -> Result<bool, Error> {
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
    pub(super) fn new(sign: Sign) -> Arc<Self> {
        Arc::new(Self { sign, seen: Mutex::default() })
    }

    fn known(&self, access_scope: &AccessScope) -> Option<bool> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).get(access_scope).copied()
    }
}

/// Somebody who wants to know who is there.
pub struct Watcher {
    app: App,
    credentials: Credentials,
    target: Option<PresenceTarget>,
    membership: Uuid,
    access_scope: AccessScope,
    looked: Instant,
    signs: broadcast::Receiver<Arc<Shown>>,
}

impl Watcher {
    /// At one place, or everywhere.
    pub async fn begin(app: &App, credentials: Credentials, target: Option<PresenceTarget>) -> Result<Self, Error> {
        let signs = app.database.bus.signs();
        let tx = app.database.read(&credentials).await?;
        let member = tx.member()?;
        let (membership, access_scope) = (member.membership, member.access_scope());
        Ok(Self { app: app.clone(), credentials, target, membership, access_scope, looked: Instant::now(), signs })
    }

    /// The next sign that it may see; none when there will be none.
    pub async fn next(&mut self) -> Option<Result<Arc<Shown>, Error>> {
        loop {
            let shown = match self.signs.recv().await {
                Ok(shown) => shown,
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return None,
            };
            if !self.wants(&shown.sign) {
                continue;
            }
            match self.sees(&shown).await {
                Ok(true) => return Some(Ok(shown)),
                // What can not be found out now is lost.
                Ok(false) | Err(Error::Unavailable(..)) => {}
                Err(failure) => return Some(Err(failure)),
            }
        }
    }

    fn wants(&self, sign: &Sign) -> bool {
        sign.organization == self.access_scope.organization
            && sign.membership != self.membership
            && self.target.is_none_or(|target| target == sign.target)
    }

    async fn sees(&mut self, shown: &Shown) -> Result<bool, Error> {
        if self.looked.elapsed() < TRUSTED
            && let Some(known) = shown.known(&self.access_scope)
        {
            return Ok(known);
        }
        let tx = self.app.database.read(&self.credentials).await?;
        (self.access_scope, self.looked) = (tx.member()?.access_scope(), Instant::now());
        let seen = shown.sign.is_seen(&tx).await?;
        shown.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(self.access_scope.clone(), seen);
        Ok(seen)
    }
}
