//! The columns of a row that a statement reads.

use super::Transaction;
use chrono::{DateTime, NaiveDate, Utc};
use dossier_core::error::Error;
use dossier_policy::RowPolicy;
use sea_orm::{
    ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IdenStatic, Iterable, ModelTrait, PrimaryKeyToColumn,
    QueryResult, QuerySelect, QueryTrait, Select, Value,
    sea_query::{ArrayType, SelectStatement},
};
use uuid::Uuid;

/// All columns, or some. Columns that are not read have their default in the row.
#[derive(Debug)]
pub struct Columns<E: EntityTrait>(Option<Vec<E::Column>>);

impl<E: EntityTrait> Columns<E> {
    /// All columns.
    pub const ALL: Self = Self(None);

    /// No columns yet.
    pub const NONE: Self = Self(Some(Vec::new()));

    /// Adds columns.
    pub fn add(&mut self, more: impl IntoIterator<Item = E::Column>) {
        let Self(Some(columns)) = self else { return };
        for column in more {
            if !columns.iter().any(|known| known.as_str() == column.as_str()) {
                columns.push(column);
            }
        }
    }

    /// Returns the columns.
    pub(super) fn names(&self) -> Vec<E::Column> {
        self.0.clone().unwrap_or_else(|| E::Column::iter().collect())
    }

    /// Restricts a selection from the table to these columns.
    pub(super) fn of(&self, select: Select<E>) -> SelectStatement {
        let Self(Some(columns)) = self else { return select.into_query() };
        columns.iter().fold(select.select_only(), |select, column| select.column(*column)).into_query()
    }
}

impl<E: RowPolicy> Columns<E> {
    /// Reads the rows of [`Self::of`].
    pub(super) async fn read(&self, tx: &Transaction, statement: &SelectStatement) -> Result<Vec<E::Model>, DbErr> {
        tx.query_all(statement).await?.iter().map(|row| self.row(row)).collect()
    }

    pub(super) fn row(&self, from: &QueryResult) -> Result<E::Model, DbErr> {
        let Self(Some(columns)) = self else { return E::Model::from_query_result(from, "") };
        let mut row = E::Model::default();
        for (index, column) in columns.iter().enumerate() {
            row.try_set(*column, value(from, index, &E::Model::get_value_type(*column))?)?;
        }
        Ok(row)
    }
}

impl<E: EntityTrait> Clone for Columns<E> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<E: EntityTrait> PartialEq for Columns<E> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (None, None) => true,
            (Some(ours), Some(theirs)) => same(ours, theirs),
            (None, Some(_)) | (Some(_), None) => false,
        }
    }
}

/// Returns the column of the primary key.
pub(super) fn primary_key<E: EntityTrait>() -> Result<E::Column, Error> {
    E::PrimaryKey::iter()
        .next()
        .map(PrimaryKeyToColumn::into_column)
        .ok_or_else(|| Error::internal("a table without a primary key"))
}

/// Returns whether both lists name the same columns in the same order.
pub(super) fn same<C: IdenStatic>(ours: &[C], theirs: &[C]) -> bool {
    ours.iter().map(IdenStatic::as_str).eq(theirs.iter().map(IdenStatic::as_str))
}

/// Reads the value of a column, whose type must be one that the tables use.
fn value(row: &QueryResult, index: usize, kind: &ArrayType) -> Result<Value, DbErr> {
    Ok(match kind {
        ArrayType::Bool => row.try_get_by_index::<Option<bool>>(index)?.into(),
        ArrayType::Int => row.try_get_by_index::<Option<i32>>(index)?.into(),
        ArrayType::BigInt => row.try_get_by_index::<Option<i64>>(index)?.into(),
        ArrayType::String => row.try_get_by_index::<Option<String>>(index)?.into(),
        ArrayType::Uuid => row.try_get_by_index::<Option<Uuid>>(index)?.into(),
        ArrayType::ChronoDate => row.try_get_by_index::<Option<NaiveDate>>(index)?.into(),
        ArrayType::ChronoDateTimeUtc => row.try_get_by_index::<Option<DateTime<Utc>>>(index)?.into(),
        ArrayType::Json => row.try_get_by_index::<Option<serde_json::Value>>(index)?.into(),
        other => return Err(DbErr::Type(format!("no table has a column of the kind {other:?}"))),
    })
}
