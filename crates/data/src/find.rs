//! The start of queries within a transaction.

use super::{Columns, ReadTx, ScopedQuery, columns::primary_key, scope::Scope};
use dossier_core::error::Error;
use dossier_policy::{self, RowPolicy};
use entities::client;
use sea_orm::{ColumnTrait, PrimaryKeyTrait};
use uuid::Uuid;

/// The number of dossiers up to which reading all of their rows is faster than an index over all dossiers.
const FEW_DOSSIERS: u32 = 50;

impl ReadTx {
    /// Returns whether the viewer's sites have few dossiers. A list then begins with these dossiers, because it would
    /// otherwise search among the rows of all dossiers.
    pub(super) async fn sees_few_dossiers(&self) -> Result<bool, Error> {
        let look = async || {
            let mut id = Columns::NONE;
            id.add([client::Column::Id]);
            let dossiers = self.find::<client::Entity>().columns(id).limit(u64::from(FEW_DOSSIERS) + 1).all().await?;
            Ok(u32::try_from(dossiers.len()).is_ok_and(|dossiers| dossiers <= FEW_DOSSIERS))
        };
        if !dossier_policy::is_limited_to_sites(&self.viewer) {
            return Ok(false);
        }
        self.few_dossiers.get_or_try_init(look).await.copied()
    }

    /// Returns how many dossiers a list reads that begins with the dossiers of the viewer's sites. It is 0 for other viewers.
    pub(super) async fn gathered_dossiers(&self) -> Result<u64, Error> {
        if !dossier_policy::is_limited_to_sites(&self.viewer) {
            return Ok(0);
        }
        self.dossiers.get_or_try_init(|| self.find::<client::Entity>().count_all()).await.copied()
    }

    /// Begins a query for the rows of an entity that the viewer sees.
    pub fn find<E: RowPolicy>(&self) -> ScopedQuery<'_, E> {
        ScopedQuery::new(self, Scope::Visible)
    }

    /// Begins a query for the deleted rows that the viewer sees and that can be restored.
    pub fn find_in_trash<E: RowPolicy>(&self) -> ScopedQuery<'_, E> {
        ScopedQuery::new(self, Scope::Trash)
    }

    /// Begins a query for all rows of the viewer's organization, also those that the viewer does not see. It is for
    /// rules about all rows, such as numbering. The rows must not reach the answer.
    pub fn find_whole<E: RowPolicy>(&self) -> Result<ScopedQuery<'_, E>, Error> {
        Ok(ScopedQuery::new(self, Scope::Whole(self.organization()?)))
    }

    /// Returns the row with this key, if the viewer sees it. One statement reads the rows that are requested at the
    /// same time.
    pub async fn get<E>(&self, id: Uuid) -> Result<Option<E::Model>, Error>
    where
        E: RowPolicy,
        E::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
    {
        self.get_columns::<E>(id, Columns::ALL).await
    }

    /// Returns these columns of a row, as [`ReadTx::get`] does.
    pub async fn get_columns<E>(&self, id: Uuid, columns: Columns<E>) -> Result<Option<E::Model>, Error>
    where
        E: RowPolicy,
        E::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
    {
        self.loaders.by_id(self, columns).load(id).await
    }

    /// Returns whether the organization has the row with this key, even if the viewer does not see it. It checks that a
    /// write of the viewer was stored.
    pub async fn is_stored<E>(&self, id: Uuid) -> Result<bool, Error>
    where
        E: RowPolicy,
        E::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
    {
        let whole = ScopedQuery::<E>::new(self, Scope::Whole(self.organization()?));
        whole.filter(primary_key::<E>()?.eq(id)).exists().await
    }
}
