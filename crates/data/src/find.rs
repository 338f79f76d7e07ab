//! Finds rows within a unit of work.

use super::{Columns, ReadTx, ScopedQuery, scope::Scope};
use dossier_core::error::Error;
use dossier_policy::{self, Rows};
use entities::client;
use sea_orm::{ColumnTrait, EntityTrait, Iterable, PrimaryKeyToColumn, PrimaryKeyTrait};
use uuid::Uuid;

/// How many dossiers are few: all that they hold is read faster than it is found among that of others.
const FEW_DOSSIERS: u32 = 50;

impl ReadTx {
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
}

pub(super) fn primary_key<E: EntityTrait>() -> Result<E::Column, Error> {
    E::PrimaryKey::iter()
        .next()
        .map(PrimaryKeyToColumn::into_column)
        .ok_or_else(|| Error::internal("a table without a primary key"))
}
