//! Queries that the row rule restricts. A caller can add conditions, but cannot remove any.

use super::{
    Arguments, Columns, Order, Page, ReadTx, Slice, Sum,
    columns::primary_key,
    loader::{Parents, Totals},
    page,
    scan::Scan,
    scope::Scope,
};
use dossier_core::error::Error;
use dossier_policy::{self, RowPolicy};
use entities::client as clients;
use sea_orm::{
    Condition, EntityName, EntityTrait, PaginatorTrait, PrimaryKeyTrait, QueryOrder, QuerySelect,
    sea_query::{IntoCondition, LockType, Order as Direction},
};
use uuid::Uuid;

/// A query for rows of one scope.
pub struct ScopedQuery<'u, E: EntityTrait> {
    read_tx: &'u ReadTx,
    scope: Scope,
    columns: Columns<E>,
    condition: Condition,
    indexed: Condition,
    scan: Condition,
    order: Vec<(E::Column, Direction)>,
    limit: Option<u64>,
    lock: Option<LockType>,
}

impl<'u, E: RowPolicy> ScopedQuery<'u, E> {
    pub(super) fn new(read_tx: &'u ReadTx, scope: Scope) -> Self {
        let (condition, indexed, scan) = (Condition::all(), Condition::all(), Condition::all());
        let (columns, order) = (Columns::ALL, Vec::new());
        Self { read_tx, scope, columns, condition, indexed, scan, order, limit: None, lock: None }
    }

    /// Restricts the query to rows that meet the condition.
    #[must_use]
    pub fn filter(mut self, condition: impl IntoCondition) -> Self {
        self.condition = self.condition.add(condition.into_condition());
        self
    }

    /// Restricts the query to rows that meet the condition, which an index of the organization supports.
    #[must_use]
    pub fn indexed(mut self, condition: Condition) -> Self {
        if !condition.is_empty() {
            self.indexed = self.indexed.add(condition);
        }
        self
    }

    /// Restricts the query to rows that meet the condition, which no index supports. A page or a count may have to read
    /// all rows that the other conditions leave.
    #[must_use]
    pub fn scan(mut self, condition: Condition) -> Self {
        if !condition.is_empty() {
            self.scan = self.scan.add(condition);
        }
        self
    }

    /// Reads only these columns.
    #[must_use]
    pub fn columns(mut self, columns: Columns<E>) -> Self {
        self.columns = columns;
        self
    }

    /// Sets an order for queries without paging.
    #[must_use]
    pub fn order_by(mut self, column: E::Column, direction: Direction) -> Self {
        self.order.push((column, direction));
        self
    }

    /// Returns at most this many rows.
    #[must_use]
    pub fn limit(mut self, rows: u64) -> Self {
        self.limit = Some(rows);
        self
    }

    /// Locks the rows against changes by others until the transaction ends, where the database has such locks. On
    /// `SQLite`, a writing transaction locks the whole database anyway.
    #[must_use]
    pub fn for_update(mut self) -> Self {
        self.lock = Some(LockType::Update);
        self
    }

    /// Locks the rows only against those who would lock them for a change. Rows that refer to them can still be added,
    /// by this transaction and by others.
    #[must_use]
    pub fn for_key_share(mut self) -> Self {
        self.lock = Some(LockType::KeyShare);
        self
    }

    /// Returns the first row.
    pub async fn one(self) -> Result<Option<E::Model>, Error> {
        Ok(self.limit(1).all().await?.pop())
    }

    /// Returns all rows.
    pub async fn all(self) -> Result<Vec<E::Model>, Error> {
        let tx = self.scope.transaction(self.read_tx);
        let condition = self.condition.add(self.indexed).add(self.scan);
        let mut select = self.scope.select::<E>(self.read_tx, condition).limit(self.limit);
        for (column, direction) in self.order {
            select = select.order_by(column, direction);
        }
        if let Some(lock) = self.lock {
            select = select.lock(lock);
        }
        Ok(self.columns.read(&tx, &self.columns.of(select)).await?)
    }

    /// Returns the number of rows.
    pub async fn count(self) -> Result<u64, Error> {
        self.scanned().await?.count().await
    }

    /// Returns the sums of the columns `of` over the rows, for each combination of the texts in `by`.
    pub async fn sums(self, by: &[E::Column], of: &[E::Column]) -> Result<Vec<Sum>, Error> {
        self.scanned().await?.sums(by, of).await
    }

    /// Returns the number of rows without a budget.
    pub(super) async fn count_all(self) -> Result<u64, Error> {
        let tx = self.scope.transaction(self.read_tx);
        Ok(PaginatorTrait::count(self.scope.list::<E>(self.read_tx, self.condition), &tx).await?)
    }

    /// Returns a page of the rows.
    pub async fn page(self, slice: &Slice<E>) -> Result<Page<E::Model>, Error> {
        let Self { read_tx, scope, columns, condition, indexed, scan, .. } = &self;
        let condition = condition.clone().add(indexed.clone());
        let rows = if read_tx.sees_few_dossiers().await? {
            scope.list(read_tx, condition)
        } else {
            scope.select(read_tx, condition)
        };
        let tx = scope.transaction(read_tx);
        if scan.is_empty() {
            return Ok(page::cut(slice, columns.read(&tx, &columns.of(slice.apply(rows))).await?));
        }
        let first = Scan { budget: &read_tx.budget, tx, rows, condition: scan.clone(), dossiers: 0 };
        let columns = columns.clone();
        let all = if dossier_policy::is_limited_to_sites(&read_tx.viewer) { Some(self.scanned().await?) } else { None };
        first.page(slice, &columns, all).await
    }

    /// Returns the scan over all rows that have to be read. Where they are gathered dossier by dossier, no index of
    /// another column helps.
    async fn scanned(self) -> Result<Scan<'u, E>, Error> {
        let Self { read_tx, scope, condition, indexed, scan, .. } = self;
        let (inner, outer) = if dossier_policy::is_limited_to_sites(&read_tx.viewer) {
            (condition, if indexed.is_empty() { scan } else { scan.add(indexed) })
        } else {
            (condition.add(indexed), scan)
        };
        let (tx, rows) = (scope.transaction(read_tx), scope.list(read_tx, inner));
        // The list of clients is the list of the dossiers.
        let is_of_dossiers = E::default().table_name() == clients::Entity.table_name();
        let dossiers = if is_of_dossiers { 0 } else { read_tx.gathered_dossiers().await? };
        Ok(Scan { budget: &read_tx.budget, tx, rows, condition: outer, dossiers })
    }

    /// Returns a page of the rows of one parent. One statement reads the pages of many parents.
    pub async fn page_of(self, column: E::Column, parent: Uuid, slice: Slice<E>) -> Result<Page<E::Model>, Error> {
        let (read_tx, columns, parents) = self.parents(column);
        if !parents.scan.is_empty() {
            // The rows that the page may have to read are counted first.
            let looked_at = Parents { scan: Condition::all(), ..parents.clone() };
            read_tx.loaders.counts(read_tx, looked_at).load(parent).await?;
        }
        read_tx.loaders.pages(read_tx, parents, slice, columns).load(parent).await
    }

    /// Returns the number of rows of one parent. One statement counts the rows of many parents.
    pub async fn count_of(self, column: E::Column, parent: Uuid) -> Result<u64, Error> {
        let (read_tx, _, parents) = self.parents(column);
        read_tx.loaders.counts(read_tx, parents).load(parent).await
    }

    /// Returns whether one parent has any row. One statement looks for the rows of many parents.
    pub async fn exists_of(self, column: E::Column, parent: Uuid) -> Result<bool, Error>
    where
        E::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
    {
        let id = primary_key::<E>()?;
        let mut columns = Columns::NONE;
        columns.add([id, column]);
        let first = Arguments { first: Some(1), ..Arguments::default() };
        let slice = Slice::new(Order { column: None, id, descending: false }, first)?;
        Ok(!self.columns(columns).page_of(column, parent, slice).await?.rows.is_empty())
    }

    fn parents(self, column: E::Column) -> (&'u ReadTx, Columns<E>, Parents<E>) {
        let Self { read_tx, scope, columns, condition, indexed, scan, .. } = self;
        (read_tx, columns, Parents { scope, column, condition: condition.add(indexed), scan })
    }

    /// Returns the sums of the columns `of` over the rows of one parent, for each combination of the texts in `by`. One
    /// statement sums the rows of many parents.
    pub async fn sums_of(
        self,
        column: E::Column,
        parent: Uuid,
        by: Vec<E::Column>,
        of: Vec<E::Column>,
    ) -> Result<Vec<Sum>, Error> {
        let (read_tx, _, parents) = self.parents(column);
        read_tx.loaders.sums(read_tx, parents, Totals { by, of }).load(parent).await
    }

    /// Returns whether there is any row.
    pub async fn exists(self) -> Result<bool, Error> {
        Ok(self.limit(1).one().await?.is_some())
    }
}
