//! What a scoped find has found: more conditions can be added, none taken away.

use super::{
    Columns, Sum, Unit,
    loader::{Parents, Totals},
    page,
    transaction::Sight,
};
use crate::{
    access::{Page, Slice, Transaction},
    failure::Failure,
    policy::Rows,
    viewer::Viewer,
};
use sea_orm::{
    Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{IntoCondition, LockType, Order as Direction},
};
use uuid::Uuid;

/// A scoped query.
pub struct Found<'u, E: EntityTrait> {
    unit: &'u Unit,
    scope: Scope,
    columns: Columns<E>,
    condition: Condition,
    order: Vec<(E::Column, Direction)>,
    limit: Option<u64>,
    lock: Option<LockType>,
}

/// Which rows there are at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Those that exist for the viewer.
    Seen,
    /// Those of this organization, also what is gone but still recorded.
    Whole(Uuid),
}

impl Scope {
    /// Selects the rows that meet the condition.
    pub(super) fn select<E: Rows>(self, unit: &Unit, condition: Condition) -> Select<E> {
        let mut seen = match self {
            Self::Seen => E::seen(&unit.viewer),
            Self::Whole(organization) => E::seen(&Viewer::System { organization }),
        };
        if let (Self::Seen, Some(live)) = (self, E::live()) {
            seen = seen.add(live);
        }
        E::find().filter(seen).filter(condition)
    }

    /// Reads with what the second wall must let through.
    pub(super) fn transaction(self, unit: &Unit) -> Transaction {
        match self {
            Self::Seen => unit.tx.clone(),
            Self::Whole(_) => unit.tx.with(Sight::Whole),
        }
    }
}

impl<'u, E: Rows> Found<'u, E> {
    pub(super) fn new(unit: &'u Unit, scope: Scope) -> Self {
        let condition = Condition::all();
        Self { unit, scope, columns: Columns::ALL, condition, order: Vec::new(), limit: None, lock: None }
    }

    /// Only the rows that also meet the condition.
    #[must_use]
    pub fn filter(mut self, condition: impl IntoCondition) -> Self {
        self.condition = self.condition.add(condition.into_condition());
        self
    }

    /// Reads only these columns.
    #[must_use]
    pub fn columns(mut self, columns: Columns<E>) -> Self {
        self.columns = columns;
        self
    }

    /// In this order, where paging does not give one.
    #[must_use]
    pub fn order_by(mut self, column: E::Column, direction: Direction) -> Self {
        self.order.push((column, direction));
        self
    }

    /// At most this many rows.
    #[must_use]
    pub fn limit(mut self, rows: u64) -> Self {
        self.limit = Some(rows);
        self
    }

    /// Keeps the rows from being changed by others until the transaction ends, where the database knows such locks;
    /// on `SQLite` the writing transaction holds the whole database anyway.
    #[must_use]
    pub fn locked(mut self) -> Self {
        self.lock = Some(LockType::Update);
        self
    }

    /// Keeps the rows only from being locked by who is about to change them: rows that refer to them can be added at any
    /// time until the transaction ends, as others can meanwhile.
    #[must_use]
    pub fn kept(mut self) -> Self {
        self.lock = Some(LockType::KeyShare);
        self
    }

    /// The first row.
    pub async fn one(self) -> Result<Option<E::Model>, Failure> {
        Ok(self.limit(1).all().await?.pop())
    }

    /// All rows.
    pub async fn all(self) -> Result<Vec<E::Model>, Failure> {
        let tx = self.scope.transaction(self.unit);
        let mut select = self.scope.select::<E>(self.unit, self.condition).limit(self.limit);
        for (column, direction) in self.order {
            select = select.order_by(column, direction);
        }
        if let Some(lock) = self.lock {
            select = select.lock(lock);
        }
        Ok(self.columns.read(&tx, &self.columns.of(select)).await?)
    }

    /// How many rows.
    pub async fn count(self) -> Result<u64, Failure> {
        let tx = self.scope.transaction(self.unit);
        Ok(PaginatorTrait::count(self.scope.select::<E>(self.unit, self.condition), &tx).await?)
    }

    /// One page of the rows.
    pub async fn page(self, slice: &Slice<E>) -> Result<Page<E::Model>, Failure> {
        let tx = self.scope.transaction(self.unit);
        let select = slice.apply(self.scope.select(self.unit, self.condition));
        Ok(page::cut(slice, self.columns.read(&tx, &self.columns.of(select)).await?))
    }

    /// One page of the rows of one parent; pages that are asked for many parents meanwhile are one statement.
    pub async fn page_of(self, column: E::Column, parent: Uuid, slice: Slice<E>) -> Result<Page<E::Model>, Failure> {
        let Self { unit, scope, columns, condition, .. } = self;
        unit.loaders.pages(unit, Parents { scope, column, condition }, slice, columns).load(parent).await
    }

    /// How many rows one parent has, counted together with those of other parents.
    pub async fn count_of(self, column: E::Column, parent: Uuid) -> Result<u64, Failure> {
        let Self { unit, scope, condition, .. } = self;
        unit.loaders.counts(unit, Parents::<E> { scope, column, condition }).load(parent).await
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
        let Self { unit, scope, condition, .. } = self;
        unit.loaders.sums(unit, Parents::<E> { scope, column, condition }, Totals { by, of }).load(parent).await
    }

    /// Whether there is any.
    pub async fn exists(self) -> Result<bool, Failure> {
        Ok(self.limit(1).one().await?.is_some())
    }
}
