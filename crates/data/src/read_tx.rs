//! A unit of work that reads.

use super::{Columns, RowBudget, ScopedQuery, Transaction, loader::Loaders, rows::Scope, write_tx::primary_key};
use crate::outbox::{self, Ends};
use chrono::{DateTime, Utc};
use dossier_core::{
    error::Error,
    viewer::{AccessScope, Member, Viewer},
};
use dossier_policy::{self, Rows};
use entities::client;
use sea_orm::{ColumnTrait, PrimaryKeyTrait};
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
    few_dossiers: OnceCell<bool>,
    dossiers: OnceCell<u64>,
}

/// How many dossiers are few: all that they hold is read faster than it is found among that of others.
const FEW_DOSSIERS: u32 = 50;

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

    /// Whether the viewer works in sites that have few dossiers: a list then begins with them, where it would else find
    /// its rows among those of all others.
    pub(super) async fn sees_few_dossiers(&self) -> Result<bool, Error> {
        let look = async || {
            let mut id = Columns::NONE;
            id.add([client::Column::Id]);
            let dossiers = self.find::<client::Entity>().columns(id).limit(u64::from(FEW_DOSSIERS) + 1).all().await?;
            Ok(u32::try_from(dossiers.len()).is_ok_and(|dossiers| dossiers <= FEW_DOSSIERS))
        };
        if !dossier_policy::gathers(&self.viewer) {
            return Ok(false);
        }
        self.few_dossiers.get_or_try_init(look).await.copied()
    }

    /// How many dossiers a list begins with that gathers all rows within the viewer's sites; none for other viewers.
    pub(super) async fn gathered_dossiers(&self) -> Result<u64, Error> {
        if !dossier_policy::gathers(&self.viewer) {
            return Ok(0);
        }
        self.dossiers.get_or_try_init(|| self.find::<client::Entity>().count_all()).await.copied()
    }

    /// The rows of an entity that exist for the viewer.
    pub fn find<E: Rows>(&self) -> ScopedQuery<'_, E> {
        ScopedQuery::new(self, Scope::Seen)
    }

    /// All rows of the viewer's organization, seen by the viewer or not: for rules that must hold over the whole truth,
    /// such as numbering. What is found must not reach the answer.
    pub fn find_whole<E: Rows>(&self) -> Result<ScopedQuery<'_, E>, Error> {
        Ok(ScopedQuery::new(self, Scope::Whole(self.organization()?)))
    }

    /// The row with this key, if it exists for the viewer; read together with others that are asked for meanwhile.
    pub async fn get<E>(&self, id: Uuid) -> Result<Option<E::Model>, Error>
    where
        E: Rows,
        E::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
    {
        self.get_columns::<E>(id, Columns::ALL).await
    }

    /// As [`ReadTx::get`], these columns of the row.
    pub async fn get_columns<E>(&self, id: Uuid, columns: Columns<E>) -> Result<Option<E::Model>, Error>
    where
        E: Rows,
        E::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
    {
        self.loaders.by_id(self, columns).load(id).await
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
}

impl ReadTx {
    /// Where the events of the viewer's organization begin and end.
    pub async fn ends(&self) -> Result<Ends, Error> {
        outbox::ends(&self.tx, self.organization()?).await
    }

    /// Whether the organization has the row with this key, also where the viewer does not see it: for the check that what
    /// the viewer wrote is stored.
    pub async fn is_stored<E>(&self, id: Uuid) -> Result<bool, Error>
    where
        E: Rows,
        E::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
    {
        let whole = ScopedQuery::<E>::new(self, Scope::Whole(self.organization()?));
        whole.filter(primary_key::<E>()?.eq(id)).exists().await
    }

    /// What those of these sessions see that are still active.
    pub async fn access_scopes(&self, sessions: &[Uuid]) -> Result<HashMap<Uuid, AccessScope>, Error> {
        crate::session::access_scopes(&self.tx, sessions, self.now).await
    }
}
