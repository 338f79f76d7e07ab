//! Presence: who views or writes what right now. It is sent at once to listeners who may see it, and never stored. It
//! is lost if nobody listens, if a listener is too slow, or, between processes, while Redis is unavailable.

use crate::{
    bus::Bus,
    sign::{PresenceTarget, Shown, Sign},
};
use dossier_core::{credentials::Credentials, error::Error, viewer::AccessScope};
use dossier_data::Database;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::Instant,
};
use uuid::Uuid;

/// How long the rights of a listener are trusted without a new check.
const RECHECK_AFTER: Duration = Duration::from_secs(4);

/// A listener for signs of presence.
pub struct Watcher {
    database: Database,
    credentials: Credentials,
    target: Option<PresenceTarget>,
    membership: Uuid,
    access_scope: AccessScope,
    looked: Instant,
    signs: broadcast::Receiver<Arc<Shown>>,
}

impl Watcher {
    /// Starts to watch one target, or all.
    pub async fn begin(
        database: &Database,
        bus: &Bus,
        credentials: Credentials,
        target: Option<PresenceTarget>,
    ) -> Result<Self, Error> {
        let signs = bus.signs();
        let tx = database.read(&credentials).await?;
        let member = tx.member()?;
        let (membership, access_scope) = (member.membership, member.access_scope());
        Ok(Self {
            database: database.clone(),
            credentials,
            target,
            membership,
            access_scope,
            looked: Instant::now(),
            signs,
        })
    }

    /// Returns the next sign that the watcher may see, or `None` at the end.
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
                // A sign whose visibility cannot be checked now is lost.
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
        if self.looked.elapsed() < RECHECK_AFTER
            && let Some(known) = shown.known(&self.access_scope)
        {
            return Ok(known);
        }
        let tx = self.database.read(&self.credentials).await?;
        (self.access_scope, self.looked) = (tx.member()?.access_scope(), Instant::now());
        let seen = shown.sign.is_seen(&tx).await?;
        shown.remember(self.access_scope.clone(), seen);
        Ok(seen)
    }
}
