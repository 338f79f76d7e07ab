//! Who is doing what right now. It is told at once to whoever listens and may see it; it is never stored, and lost
//! without a word when nobody listens, when somebody reads too slowly, or, between processes, while Redis is away.

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

/// For how long a listener's rights are taken to be what they were.
const TRUSTED: Duration = Duration::from_secs(4);

/// Somebody who wants to know who is there.
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
    /// At one place, or everywhere.
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
        let tx = self.database.read(&self.credentials).await?;
        (self.access_scope, self.looked) = (tx.member()?.access_scope(), Instant::now());
        let seen = shown.sign.is_seen(&tx).await?;
        shown.remember(self.access_scope.clone(), seen);
        Ok(seen)
    }
}
