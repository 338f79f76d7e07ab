//! A transaction that reads.

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

/// A transaction with one viewer and its own loaders. Dropping it ends the transaction.
pub struct ReadTx {
    /// The identity on whose behalf it runs.
    pub viewer: Viewer,
    /// The time at which it began. All its changes happened at this time.
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

    /// Limits the rows that this transaction reads to this budget.
    #[must_use]
    pub fn within(self, budget: Arc<RowBudget>) -> Self {
        Self { budget, ..self }
    }

    /// Returns the member, or an error that asks for sign-in.
    pub fn member(&self) -> Result<&Member, Error> {
        self.viewer.member().ok_or(Error::Unauthenticated("Sign in first."))
    }

    /// Returns the organization within which the viewer sees and acts, or an error that asks for sign-in.
    pub fn organization(&self) -> Result<Uuid, Error> {
        self.viewer.organization().ok_or(Error::Unauthenticated("Sign in first."))
    }

    /// Creates a key.
    pub fn new_id(&self) -> Uuid {
        dossier_core::clock::new_id(self.now)
    }

    /// Returns the range of events of the viewer's organization.
    pub async fn ends(&self) -> Result<Ends, Error> {
        outbox::ends(&self.tx, self.organization()?).await
    }

    /// Returns the access scopes of those sessions that are still active.
    pub async fn access_scopes(&self, sessions: &[Uuid]) -> Result<HashMap<Uuid, AccessScope>, Error> {
        session::access_scopes(&self.tx, sessions, self.now).await
    }
}
