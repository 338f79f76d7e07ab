//! What a scoped find has found: more conditions can be added, none taken away.

use super::{
    Sum, Transaction, Unit,
    loader::{Shape, Totals},
    page,
};
use crate::{
    access::{Page, Slice},
    failure::Failure,
    policy::Rows,
};
use sea_orm::{
    EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{IntoCondition, Order as Direction},
};
use uuid::Uuid;

/// A scoped query.
pub struct Found<'u, E: EntityTrait> {
    unit: &'u Unit,
    tx: Transaction,
    select: Select<E>,
}

impl<'u, E: Rows> Found<'u, E> {
    pub(super) fn new(unit: &'u Unit, tx: Transaction, select: Select<E>) -> Self {
        Self { unit, tx, select }
    }

    /// Only the rows that also meet the condition.
    #[must_use]
    pub fn filter(mut self, condition: impl IntoCondition) -> Self {
        self.select = self.select.filter(condition);
        self
    }

    /// In this order, where paging does not give one.
    #[must_use]
    pub fn order_by(mut self, column: E::Column, direction: Direction) -> Self {
        self.select = self.select.order_by(column, direction);
        self
    }

    /// At most this many rows.
    #[must_use]
    pub fn limit(mut self, rows: u64) -> Self {
        self.select = self.select.limit(rows);
        self
    }

    /// Keeps the rows from being changed by others until the transaction ends, where the database knows such locks;
    /// on `SQLite` the writing transaction holds the whole database anyway.
    #[must_use]
    pub fn locked(mut self) -> Self {
        self.select = self.select.lock_exclusive();
        self
    }

    /// The first row.
    pub async fn one(self) -> Result<Option<E::Model>, Failure> {
        Ok(self.select.one(&self.tx).await?)
    }

    /// All rows.
    pub async fn all(self) -> Result<Vec<E::Model>, Failure> {
        Ok(self.select.all(&self.tx).await?)
    }

    /// How many rows.
    pub async fn count(self) -> Result<u64, Failure> {
        Ok(PaginatorTrait::count(self.select, &self.tx).await?)
    }

    /// One page of the rows.
    pub async fn page(self, slice: &Slice<E>) -> Result<Page<E::Model>, Failure> {
        let rows = slice.apply(self.select).all(&self.tx).await?;
        Ok(page::cut(slice, rows))
    }

    /// One page of the rows of one parent; pages that are asked for many parents meanwhile are one statement.
    pub async fn page_of(self, column: E::Column, parent: Uuid, slice: &Slice<E>) -> Result<Page<E::Model>, Failure> {
        let shape = Shape { select: self.select, column, slice: slice.clone() };
        self.unit.loaders.pages(self.tx, shape).load(parent).await
    }

    /// How many rows one parent has, counted together with those of other parents.
    pub async fn count_of(self, column: E::Column, parent: Uuid) -> Result<u64, Failure> {
        self.unit.loaders.counts(self.tx, self.select, column).load(parent).await
    }

    /// Sums of the columns `of` over the rows of one parent, for each combination of the texts in `by`; those of many
    /// parents are one statement.
    pub async fn sums_of(
        self,
        column: E::Column,
        parent: Uuid,
        by: Vec<E::Column>,
        of: Vec<E::Column>,
    ) -> Result<Vec<Sum>, Failure> {
        self.unit.loaders.sums(self.tx, Totals { select: self.select, column, by, of }).load(parent).await
    }

    /// Whether there is any.
    pub async fn exists(self) -> Result<bool, Failure> {
        Ok(self.limit(1).one().await?.is_some())
    }

    pub(super) fn into_select(self) -> Select<E> {
        self.select
    }
}
