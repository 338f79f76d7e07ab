//! The batch functions of a transaction's loaders. Each runs one statement for all callers that wait at the same time.

use super::{
    Columns, Page, ReadTx, RowBudget, Slice, Sum, Transaction,
    columns::same,
    loaders::{Batched, Loaded, Loaders},
    page, scan,
    scope::Scope,
};
use ::dataloader::BatchFn;
use dossier_core::error::Error;
use dossier_policy::RowPolicy;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, Iterable, JoinType, ModelTrait,
    PrimaryKeyToColumn, PrimaryKeyTrait, QueryFilter, QuerySelect, QueryTrait, Select, Value,
    sea_query::{
        Alias, ArrayType, Asterisk, Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr,
        extension::postgres::PgFunc,
    },
};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// A selection of rows by their parents.
#[derive(Clone, Debug)]
pub(super) struct Parents<E: EntityTrait> {
    pub(super) scope: Scope,
    /// The column that holds the parent's key.
    pub(super) column: E::Column,
    pub(super) condition: Condition,
    /// The part of the condition that no index can use.
    pub(super) scan: Condition,
}

impl<E: RowPolicy> Parents<E> {
    /// Selects the rows among which [`Self::scan`] searches.
    fn select(&self, read_tx: &ReadTx) -> Select<E> {
        self.scope.select(read_tx, self.condition.clone())
    }
}

impl<E: EntityTrait> PartialEq for Parents<E> {
    fn eq(&self, other: &Self) -> bool {
        self.scope == other.scope
            && same(&[self.column], &[other.column])
            && (&self.condition, &self.scan) == (&other.condition, &other.scan)
    }
}

/// The columns to sum, and the columns to group by.
#[derive(Clone, Debug)]
pub(super) struct Totals<E: EntityTrait> {
    pub(super) by: Vec<E::Column>,
    pub(super) of: Vec<E::Column>,
}

impl<E: EntityTrait> PartialEq for Totals<E> {
    fn eq(&self, other: &Self) -> bool {
        same(&self.by, &other.by) && same(&self.of, &other.of)
    }
}

impl Loaders {
    /// Returns the loader of rows by key.
    pub(super) fn by_id<E: RowPolicy>(
        &self,
        read_tx: &ReadTx,
        columns: Columns<E>,
    ) -> Batched<Option<E::Model>, ById<E>>
    where
        E::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
    {
        self.shared(columns, |columns| ById {
            tx: read_tx.tx.clone(),
            select: Scope::Visible.select(read_tx, Condition::all()),
            columns: columns.clone(),
        })
    }

    /// Returns the loader of pages by parent.
    pub(super) fn pages<E: RowPolicy>(
        &self,
        read_tx: &ReadTx,
        parents: Parents<E>,
        slice: Slice<E>,
        columns: Columns<E>,
    ) -> Batched<Page<E::Model>, Pages<E>> {
        self.shared((parents, slice, columns), |(parents, slice, columns)| Pages {
            tx: parents.scope.transaction(read_tx),
            select: parents.select(read_tx).filter(parents.scan.clone()),
            column: parents.column,
            slice: slice.clone(),
            columns: columns.clone(),
        })
    }

    /// Returns the loader of counts by parent.
    pub(super) fn counts<E: RowPolicy>(&self, read_tx: &ReadTx, parents: Parents<E>) -> Batched<u64, Counts<E>> {
        self.shared(parents, |parents| Counts {
            tx: parents.scope.transaction(read_tx),
            budget: read_tx.budget.clone(),
            select: parents.select(read_tx),
            scan: parents.scan.clone(),
            column: parents.column,
        })
    }

    /// Returns the loader of sums by parent.
    pub(super) fn sums<E: RowPolicy>(
        &self,
        read_tx: &ReadTx,
        parents: Parents<E>,
        totals: Totals<E>,
    ) -> Batched<Vec<Sum>, Sums<E>> {
        self.shared((parents, totals), |(parents, totals)| Sums {
            tx: parents.scope.transaction(read_tx),
            budget: read_tx.budget.clone(),
            select: parents.select(read_tx),
            column: parents.column,
            totals: totals.clone(),
        })
    }
}

/// Gives each key an answer, because the `dataloader` crate treats a missing one as an error.
fn fill_missing<V: Clone + Default>(
    keys: &[Uuid],
    read: Result<HashMap<Uuid, V>, impl Into<Error>>,
) -> HashMap<Uuid, Loaded<V>> {
    match read {
        Ok(mut result) => keys.iter().map(|key| (*key, Ok(result.remove(key).unwrap_or_default().into()))).collect(),
        Err(error) => {
            let failure = error.into();
            keys.iter().map(|key| (*key, Err(failure.clone()))).collect()
        }
    }
}

pub(super) struct ById<E: EntityTrait> {
    tx: Transaction,
    select: Select<E>,
    columns: Columns<E>,
}

impl<E: RowPolicy> BatchFn<Uuid, Loaded<Option<E::Model>>> for ById<E> {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, Loaded<Option<E::Model>>> {
        let read = match E::PrimaryKey::iter().next().map(PrimaryKeyToColumn::into_column) {
            Some(id) => {
                let select = self.select.clone().filter(is_one_of(&self.tx, id, keys));
                self.columns
                    .read(&self.tx, &self.columns.of(select))
                    .await
                    .map(|rows| rows.into_iter().filter_map(|row| Some((uuid(&row.get(id))?, Some(row)))).collect())
            }
            None => Ok(HashMap::<_, _>::new()),
        };
        fill_missing(keys, read)
    }
}

/// Loads one page for each of many parents.
pub(super) struct Pages<E: EntityTrait> {
    tx: Transaction,
    select: Select<E>,
    column: E::Column,
    slice: Slice<E>,
    columns: Columns<E>,
}

impl<E: RowPolicy> Pages<E> {
    async fn read(&self, parents: &[Uuid]) -> Result<HashMap<Uuid, Page<E::Model>>, DbErr> {
        let statement = match self.tx.get_database_backend() {
            DbBackend::Postgres => self.lateral(parents),
            _ => self.keyed(parents),
        };
        let mut by_parent: HashMap<Uuid, Vec<E::Model>> = HashMap::with_capacity(parents.len());
        for row in self.columns.read(&self.tx, &statement).await? {
            if let Some(parent) = uuid(&row.get(self.column)) {
                by_parent.entry(parent).or_default().push(row);
            }
        }
        Ok(by_parent.into_iter().map(|(parent, rows)| (parent, page::cut(&self.slice, rows))).collect())
    }

    /// Searches the index once for each parent, and reads only the rows of the page. A lateral join with a limit is
    /// always a loop over the parents, so the rows of each parent keep their order.
    fn lateral(&self, parents: &[Uuid]) -> SelectStatement {
        let (parent, page) = (Alias::new("parent"), Alias::new("page"));
        let of_parent = self.column.into_expr().eq(Expr::col((parent.clone(), parent.clone())));
        let rows = self.columns.of(self.slice.apply(self.select.clone().filter(of_parent)));
        Query::select()
            .column((page.clone(), Asterisk))
            .from_function(Func::cust("unnest").arg(array(parents)), parent)
            .join_lateral(JoinType::InnerJoin, rows, page, Condition::all())
            .to_owned()
    }

    /// Selects the same rows without lateral joins. It finds the keys of each parent's rows first, and then reads the
    /// rows by key.
    fn keyed(&self, parents: &[Uuid]) -> SelectStatement {
        let parent = Alias::new("parent");
        // `SQLite` gives this name to the columns of `VALUES`.
        let parent_key = Expr::col((parent.clone(), Alias::new("column1")));
        let of_parent = self.column.into_expr().eq(parent_key.clone());
        let keys = self.slice.apply(self.select.clone().filter(of_parent));
        let keys = keys.select_only().column(self.slice.key()).into_query();
        let mut rows = Query::select();
        rows.columns(self.columns.names().into_iter().map(|column| column.as_column_ref()))
            .from_values(parents.iter().copied(), parent)
            // `SQLite` never reorders a cross join. It could reorder another join: it would then read all rows of the
            // table, and search the keys of each parent for each of them.
            .cross_join(E::default().table_ref())
            .and_where(self.slice.key().in_subquery(keys))
            // A link between two rows may have the same key for several parents. The `+` keeps `SQLite` from using the
            // column's index.
            .and_where(Expr::cust_with_exprs("+? = ?", [self.column.into_expr(), parent_key]));
        for (by, direction) in self.slice.order_by() {
            rows.order_by(by.as_column_ref(), direction);
        }
        rows
    }
}

impl<E: RowPolicy> BatchFn<Uuid, Loaded<Page<E::Model>>> for Pages<E> {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, Loaded<Page<E::Model>>> {
        // Boxed, because each caller holds room for this future, and only one of them runs it.
        fill_missing(keys, Box::pin(self.read(keys)).await)
    }
}

pub(super) struct Counts<E: EntityTrait> {
    tx: Transaction,
    budget: Arc<RowBudget>,
    select: Select<E>,
    scan: Condition,
    column: E::Column,
}

impl<E: RowPolicy> Counts<E> {
    async fn read(&self, parents: &[Uuid]) -> Result<HashMap<Uuid, u64>, Error> {
        let reserved = self.budget.reserve().await;
        let rows = self.select.clone().filter(is_one_of(&self.tx, self.column, parents)).limit(reserved.limit());
        let mut statement = scan::count_statement(rows, &self.scan);
        statement.expr(self.column.into_expr()).add_group_by([self.column.into_expr()]);
        let (mut looked_at, mut by_parent) = (0, HashMap::with_capacity(parents.len()));
        for row in self.tx.query_all(&statement).await? {
            let (rows, count) = scan::parse_counts(&row, 0)?;
            looked_at += rows;
            by_parent.insert(row.try_get_by_index(2)?, count);
        }
        reserved.spend(looked_at)?;
        Ok(by_parent)
    }
}

impl<E: RowPolicy> BatchFn<Uuid, Loaded<u64>> for Counts<E> {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, Loaded<u64>> {
        fill_missing(keys, Box::pin(self.read(keys)).await)
    }
}

pub(super) struct Sums<E: EntityTrait> {
    tx: Transaction,
    budget: Arc<RowBudget>,
    select: Select<E>,
    column: E::Column,
    totals: Totals<E>,
}

impl<E: RowPolicy> Sums<E> {
    async fn read(&self, parents: &[Uuid]) -> Result<HashMap<Uuid, Vec<Sum>>, Error> {
        let Self { tx, budget, select, column, totals: Totals { by, of } } = self;
        let reserved = budget.reserve().await;
        let rows = select.clone().filter(is_one_of(tx, *column, parents)).limit(reserved.limit());
        let mut statement = scan::count_statement(rows, &Condition::all());
        for column in [column].into_iter().chain(by) {
            statement.expr(column.into_expr()).add_group_by([column.into_expr()]);
        }
        for of in of {
            // PostgreSQL's sum of 64-bit numbers is a `numeric`.
            statement.expr(of.sum().cast_as("BIGINT"));
        }
        let (mut looked_at, mut by_parent) = (0, HashMap::<Uuid, Vec<Sum>>::new());
        for row in tx.query_all(&statement).await? {
            let (rows, _) = scan::parse_counts(&row, 0)?;
            looked_at += rows;
            let sum = Sum::parse(&row, 3, by.len(), of.len(), rows)?;
            by_parent.entry(row.try_get_by_index(2)?).or_default().push(sum);
        }
        reserved.spend(looked_at)?;
        Ok(by_parent)
    }
}

impl<E: RowPolicy> BatchFn<Uuid, Loaded<Vec<Sum>>> for Sums<E> {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, Loaded<Vec<Sum>>> {
        fill_missing(keys, Box::pin(self.read(keys)).await)
    }
}

/// Returns the condition that the column holds one of these. On `PostgreSQL`, several ids are one array parameter, so
/// that the statement is the same for any number of them. One id is a plain parameter, because a statement with an
/// array is planned anew each time.
fn is_one_of<C: ColumnTrait>(tx: &Transaction, column: C, ids: &[Uuid]) -> SimpleExpr {
    match (tx.get_database_backend(), ids) {
        (_, [id]) => column.eq(*id),
        (DbBackend::Postgres, ids) => column.into_expr().eq(PgFunc::any(array(ids))),
        (_, ids) => column.is_in(ids.iter().copied()),
    }
}

fn array(ids: &[Uuid]) -> Value {
    Value::Array(ArrayType::Uuid, Some(Box::new(ids.iter().copied().map(Value::from).collect())))
}

fn uuid(value: &Value) -> Option<Uuid> {
    match value {
        Value::Uuid(id) => *id,
        _ => None,
    }
}
