//! A unit of work that reads.

use super::{
    RowBudget, Transaction,
    loaders::Loaders,
    outbox::{self, Ends},
    session,
};
use chrono::{DateTime, Utc};
use dossier_core::{
    error::Error,
    viewer::{AccessScope, Member, Viewer},
};
use std::{collections::HashMap, sync::Arc};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// One transaction, one viewer, loaders of its own. Dropping it ends the transaction.
pub struct ReadTx {
    /// On whose behalf.
    pub viewer: Viewer,
    /// When it began; whatever it writes happened then.
    pub now: DateTime<Utc>,
    pub(super) tx: Transaction,
    pub(super) loaders: Loaders,
    pub(super) budget: Arc<RowBudget>,
    pub(super) few_dossiers: OnceCell<bool>,
    pub(super) dossiers: OnceCell<u64>,
}

impl ReadTx {
    pub(super) fn new(viewer: Viewer, tx: Transaction, now: DateTime<Utc>) -> Self {
        let (loaders, budget) = (Loaders::default(), Arc::default());
        Self { viewer, now, loaders, tx, budget, few_dossiers: OnceCell::new(), dossiers: OnceCell::new() }
    }

    /// The same unit, which looks at no more rows than this budget allows.
    #[must_use]
    pub fn within(self, budget: Arc<RowBudget>) -> Self {
        Self { budget, ..self }
    }

    /// The member, or an error that asks for signing in.
    pub fn member(&self) -> Result<&Member, Error> {
        self.viewer.member().ok_or(Error::Unauthenticated("Sign in first."))
    }

    /// The organization within which the viewer sees and acts, or an error that asks for signing in.
    pub fn organization(&self) -> Result<Uuid, Error> {
        self.viewer.organization().ok_or(Error::Unauthenticated("Sign in first."))
    }

    /// A new key.
    pub fn new_id(&self) -> Uuid {
        dossier_core::clock::new_id(self.now)
    }

    /// Where the events of the viewer's organization begin and end.
    pub async fn ends(&self) -> Result<Ends, Error> {
        outbox::ends(&self.tx, self.organization()?).await
    }

    /// What those of these sessions see that are still active.
    pub async fn access_scopes(&self, sessions: &[Uuid]) -> Result<HashMap<Uuid, AccessScope>, Error> {
        session::access_scopes(&self.tx, sessions, self.now).await
    }
}
